"""How many take part in consultations: those who say something, and those who react to what others say, each once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.comments import Comment
from storage.communes import Home
from storage.consultations import Consultation
from storage.readings import Reader

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
    """Who agreed to contribute, and what no account wrote; or as it was counted before the links were forgotten."""
    agreed = select(func.count()).where(Reader.consultation_id == Consultation.id, Reader.agreed.is_not(None))
    # Who came with paper is told apart by the ID number; words that carry none are a person's each.
    on_paper = func.count(Comment.person.distinct()) + func.count() - func.count(Comment.person)
    nobodys = select(on_paper).where(Comment.consultation_id == Consultation.id, Comment.citizen_id.is_(None))
    counted = agreed.correlate(Consultation).scalar_subquery() + nobodys.correlate(Consultation).scalar_subquery()
    return func.coalesce(Consultation.people, counted)
