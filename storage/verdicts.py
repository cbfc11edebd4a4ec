"""What the commune says to comments: published or refused, then answered with reasons, alone or together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import comments, duplicates, notices
from storage.comments import ACCEPTED, ANSWERED, REFUSED, WAITING, Comment, Said
from storage.consultations import Consultation
from storage.schema import Base, Id, Localised, Moment

ACCEPTS, PARTLY, NOT, OUT_OF_SCOPE = VERDICTS = ("accepted", "partly", "not", "out_of_scope")


class Answer(Base):
    """What the commune answers to one comment or to several, with its reasons."""

    __tablename__ = "comment_answer"
    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    verdict: Mapped[str]
    reasons: Mapped[Localised]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    answered: Mapped[datetime]


class DecidedAlready(Exception):
    """A colleague was first, or the author has changed it meanwhile."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer, with the comments of one person that it is for."""

    answer: Answer
    consultation: Consultation
    comments: list[Said]


async def decide(db: AsyncSession, commune_id: int, id: int, edition: int, reason: str | None, now: datetime) -> None:
    """Publish a comment as it was read, or refuse it for a reason and tell its author.  Raises DecidedAlready."""
    of_commune = select(Consultation.id).where(Consultation.commune_id == commune_id)
    query = (
        update(Comment)
        .where(Comment.id == id, Comment.edition == edition, Comment.state == WAITING)
        .where(Comment.consultation_id.in_(of_commune))
        .values(state=REFUSED if reason else ACCEPTED, reason=reason, decided=now)
    )
    done = await db.execute(query.returning(Comment.citizen_id).execution_options(synchronize_session=False))
    row = done.one_or_none()
    if row is None:
        raise DecidedAlready
    if reason and row.citizen_id is not None:
        await notices.plan(db, row.citizen_id, "comment.refused", id, str(edition), now)


async def unanswered(
    db: AsyncSession, consultation_id: int, article_id: int | None, offset: int, limit: int
) -> list[Said]:
    """Published comments that have no answer: those of an article, or of the whole text; the oldest first."""
    those = comments.said().where(Comment.consultation_id == consultation_id, Comment.state == ACCEPTED)
    those = those.where(Comment.id.not_in(duplicates.merged()))
    its = Comment.article_id.is_(None) if article_id is None else Comment.article_id == article_id
    return await comments.opened(db, those.where(its).order_by(Comment.id).offset(offset).limit(limit))


async def count_unanswered(db: AsyncSession, consultation_id: int) -> dict[int | None, int]:
    """How many comments of each article wait for an answer; None stands for the whole text."""
    query = select(Comment.article_id, func.count()).where(
        Comment.consultation_id == consultation_id,
        Comment.state == ACCEPTED,
        Comment.id.not_in(duplicates.merged()),
    )
    return {article: count for article, count in await db.execute(query.group_by(Comment.article_id))}


async def left(db: AsyncSession, consultation_id: int) -> tuple[int, int]:
    """How many comments nobody has read, and how many published ones have no answer."""
    query = select(Comment.state, func.count()).where(Comment.consultation_id == consultation_id)
    found = {state: count for state, count in await db.execute(query.group_by(Comment.state))}
    return found.get(WAITING, 0), found.get(ACCEPTED, 0)


async def answer(
    db: AsyncSession,
    commune_id: int,
    ids: Sequence[int],
    verdict: str,
    reasons: Localised,
    staff_id: int | None,
    now: datetime,
) -> int:
    """Answer these comments together, each author told once; how many.  Raises DecidedAlready.

    What a colleague answered or its author changed meanwhile is left out.
    """
    of_commune = select(Consultation.id).where(Consultation.commune_id == commune_id)
    those = await duplicates.with_duplicates(db, ids)
    query = select(Comment).where(Comment.id.in_(those), Comment.state == ACCEPTED)
    query = query.where(Comment.consultation_id.in_(of_commune)).order_by(Comment.id).with_for_update()
    rows = list((await db.scalars(query.execution_options(populate_existing=True))).all())
    if not rows:
        raise DecidedAlready
    given = Answer(
        consultation_id=rows[0].consultation_id, verdict=verdict, reasons=reasons, staff_id=staff_id, answered=now
    )
    db.add(given)
    await db.flush()
    for row in rows:
        row.state, row.answer_id = ANSWERED, given.id
    await db.flush()
    await _tell(db, given.id, now)
    return len(rows)


async def _tell(db: AsyncSession, id: int, now: datetime) -> None:
    authors = select(
        Comment.citizen_id,
        literal("comment.answered"),
        literal(id),
        literal("", String()),
        literal(now, Moment()),
    )
    authors = authors.where(Comment.answer_id == id, Comment.citizen_id.is_not(None))
    await notices.plan_all(db, authors.distinct())


async def answer_to(db: AsyncSession, id: int) -> Answer | None:
    """An answer."""
    return await db.get(Answer, id)


async def told(db: AsyncSession, id: int, citizen_id: int) -> Told | None:
    """An answer and what of this person it is for; nothing where they changed or withdrew it meanwhile."""
    given: Any = await db.get(Answer, id)
    those = comments.said().where(Comment.answer_id == id, Comment.citizen_id == citizen_id)
    theirs = await comments.opened(db, those.order_by(Comment.id))
    if given is None or not theirs:
        return None
    return Told(given, await db.get_one(Consultation, given.consultation_id), theirs)
