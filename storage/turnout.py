"""How many take part in consultations: those who say something, and those who react to what others say, each once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.comments import Comment
from storage.communes import Home
from storage.consultations import Consultation
from storage.reactions import Reaction

_LISTED = 20  # the last ones


@dataclass(frozen=True, slots=True)
class Listed:
    """A consultation in a list, with how many take part."""

    id: int
    consultation: Consultation
    people: int


async def listed(db: AsyncSession, home: Home, now: datetime) -> list[Listed]:
    """Those that have opened: the next to close first, then those that are over, the last one first."""
    begun = select(Consultation, _people()).where(Consultation.commune_id == home.id, Consultation.opens <= now)
    rows = await db.execute(begun.order_by(Consultation.closes.desc(), Consultation.id).limit(_LISTED))
    found = [Listed(row.id, row, people) for row, people in rows]
    still = [each for each in found if each.consultation.is_open(now)]
    return [*reversed(still), *(each for each in found if not each.consultation.is_open(now))]


async def people(db: AsyncSession, consultation_id: int) -> int:
    """How many take part in one."""
    return int((await db.execute(select(_people()).where(Consultation.id == consultation_id))).scalar_one())


def _people() -> Any:
    """Counted, unless that was done before the links to them were forgotten."""
    own, theirs = aliased(Comment), aliased(Comment)
    nobodys = func.count(case((own.citizen_id.is_(None), own.person)).distinct())  # those who came with paper
    said = select(func.count(own.citizen_id.distinct()) + nobodys).where(own.consultation_id == Consultation.id)
    has_said = select(theirs.id).where(
        theirs.consultation_id == Consultation.id, theirs.citizen_id == Reaction.citizen_id
    )
    reacted = (
        select(func.count(Reaction.citizen_id.distinct()))
        .join(Comment, Comment.id == Reaction.comment_id)
        .where(Comment.consultation_id == Consultation.id, ~has_said.correlate(Consultation, Reaction).exists())
    )
    counted = said.correlate(Consultation).scalar_subquery() + reacted.correlate(Consultation).scalar_subquery()
    return func.coalesce(Consultation.people, counted)
