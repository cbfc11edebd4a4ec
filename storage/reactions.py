"""Agreeing, disagreeing or passing over the comments of others, one at a time and once a person."""

from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import comments, consultations, duplicates
from storage.comments import PUBLIC, Comment, Said
from storage.database import is_added
from storage.occasions import Closed, CountedAlready, Occasion
from storage.schema import Base, Id, Rows

AGREE, DISAGREE, PASS = "agree", "disagree", "pass"


class Reaction(Base):
    """What one person thinks of another's comment."""

    __tablename__ = "reaction"
    __table_args__ = (UniqueConstraint("comment_id", "citizen_id"),)
    id: Mapped[Id]
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizen.id"), index=True)  # none: forgotten
    reaction: Mapped[str]


def others(citizen_id: int) -> Any:
    """Which comments this person can still react to: public, in words, of others."""
    reacted = select(Reaction.id).where(Reaction.comment_id == Comment.id, Reaction.citizen_id == citizen_id)
    return (
        Comment.state.in_(PUBLIC)
        & (Comment.kind == "text")
        & (Comment.citizen_id.is_(None) | (Comment.citizen_id != citizen_id))
        & ~reacted.exists()
        & Comment.id.not_in(duplicates.merged())
    )


async def next_of_others(
    db: AsyncSession, consultation_id: int, article_id: int | None, citizen_id: int
) -> Said | None:
    """A comment to react to, of one article or of all; each person meets them in another order."""
    those = comments.said().where(Comment.consultation_id == consultation_id, others(citizen_id))
    if article_id is not None:
        those = those.where(Comment.article_id == article_id)
    shuffled = (Comment.id * 7919 + citizen_id * 104729) % 1009  # nobody's words always come first
    found = await comments.opened(db, those.order_by(shuffled, Comment.id).limit(1))
    return found[0] if found else None


async def react(db: AsyncSession, comment_id: int, edition: int, occasion: Occasion, reaction: str) -> None:
    """Record what this person thinks of a comment as it was read.  Raises Closed, CountedAlready."""
    query = select(Comment.consultation_id).where(Comment.id == comment_id)
    consultation_id = (await db.scalars(query)).one_or_none()
    if consultation_id is None:
        raise Closed
    await consultations.must_be_open(db, consultation_id, occasion.now)
    # Its author cannot change it before this is written.
    same = query.where(Comment.state.in_(PUBLIC), Comment.edition == edition).with_for_update(read=True)
    if (await db.scalars(same)).one_or_none() is None:
        raise Closed
    row = {"comment_id": comment_id, "citizen_id": occasion.citizen.id, "reaction": reaction}
    if not await is_added(db, Reaction, row):
        raise CountedAlready


async def counts(db: AsyncSession, comment_ids: Rows) -> dict[int, dict[str, int]]:
    """How many agree, disagree and pass, by comment."""
    query = select(Reaction.comment_id, Reaction.reaction, func.count()).where(Reaction.comment_id.in_(comment_ids))
    found: dict[int, dict[str, int]] = {}
    for comment, reaction, count in await db.execute(query.group_by(Reaction.comment_id, Reaction.reaction)):
        found.setdefault(comment, {})[reaction] = count
    return found
