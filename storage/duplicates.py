"""Comments that say the same as another: each counts, one of them is read and answered, and its answer is for all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, aliased, mapped_column

from storage import notices
from storage.comments import ACCEPTED, ANSWERED, PUBLIC, WAITING, Comment
from storage.consultations import Consultation
from storage.schema import Base


class Duplicate(Base):
    """A comment that was put with another as it was read; it stands alone again once its author changes it."""

    __tablename__ = "duplicate"
    comment_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    edition: Mapped[int]
    first_id: Mapped[int] = mapped_column(BigInteger, index=True)


class NotTheSame(Exception):
    """One of the two was changed, withdrawn or decided on meanwhile."""


async def merge(db: AsyncSession, commune_id: int, id: int, edition: int, first_id: int, now: datetime) -> None:
    """Put a comment that waits with a published one on the same article; its author is told.  Raises NotTheSame."""
    query = select(Comment).join(Consultation, Consultation.id == Comment.consultation_id)
    query = query.where(Consultation.commune_id == commune_id, Comment.id.in_((id, first_id))).order_by(Comment.id)
    locked = query.with_for_update(of=Comment).execution_options(populate_existing=True)
    rows = {row.id: row for row in await db.scalars(locked)}
    own, first = rows.get(id), rows.get(first_id)
    if own is None or first is None or (own.state, own.edition) != (WAITING, edition) or first.state not in PUBLIC:
        raise NotTheSame
    if (own.consultation_id, own.article_id) != (first.consultation_id, first.article_id):
        raise NotTheSame
    own.decided = now
    own.state, own.answer_id = (ANSWERED, first.answer_id) if first.state == ANSWERED else (ACCEPTED, None)
    await db.merge(Duplicate(comment_id=id, edition=edition, first_id=first_id))
    await db.flush()
    if own.citizen_id is not None:
        await notices.plan(db, own.citizen_id, "comment.merged", id, str(edition), now)


async def with_duplicates(db: AsyncSession, ids: Sequence[int]) -> list[int]:
    """These comments, and those that were put with them."""
    query = select(Duplicate.comment_id).where(Duplicate.comment_id.in_(merged()), Duplicate.first_id.in_(ids))
    return [*ids, *await db.scalars(query)]


def merged() -> Any:
    """The comments that stand with another, as a query: as they were read, while that one is public."""
    own, first = aliased(Comment), aliased(Comment)
    return (
        select(Duplicate.comment_id)
        .join(own, (own.id == Duplicate.comment_id) & (own.edition == Duplicate.edition))
        .join(first, (first.id == Duplicate.first_id) & first.state.in_(PUBLIC))
    )
