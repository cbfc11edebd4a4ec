"""The queue: all that waits for a decision or an answer of the staff, of every noun, the oldest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import Subquery

from storage import answers, comments, enquiries, idea_proposals, petition_desk
from storage.holds import Hold
from storage.schema import Localised
from storage.staff import Staff

# A noun more is a line more: `of(commune_id)` finds noun, about, title, since of what waits.  Whoever chooses one goes
# on with the flow "noun.moderate".
NOUNS = (
    answers.to_moderate,
    comments.to_moderate,
    petition_desk.to_moderate,
    idea_proposals.to_moderate,
    enquiries.to_moderate,
)


@dataclass(frozen=True, slots=True)
class Item:
    """Something that waits: which noun, about what, since when, and who of the staff has it in hand."""

    noun: str
    about: int
    title: Localised
    since: datetime
    holder: str | None

    @property
    def id(self) -> str:
        """What names it in a list."""
        return f"{self.noun}_{self.about}"


@dataclass(frozen=True, slots=True)
class Summary:
    """How many wait of each noun, and since when the oldest of them."""

    counts: dict[str, int]
    oldest: datetime | None

    @property
    def count(self) -> int:
        """How many wait in all."""
        return sum(self.counts.values())


async def summary(db: AsyncSession, commune_id: int) -> Summary:
    """What waits, in figures."""
    every = _every(commune_id)
    query = select(every.c.noun, func.count(), func.min(every.c.since)).group_by(every.c.noun).order_by(every.c.noun)
    rows = [(noun, count, since) for noun, count, since in await db.execute(query)]
    return Summary({noun: count for noun, count, _since in rows}, min((row[2] for row in rows), default=None))


async def newest(db: AsyncSession, commune_id: int) -> datetime | None:
    """When the last of what waits came in."""
    found: datetime | None = await db.scalar(select(func.max(_every(commune_id).c.since)))
    return found


async def page(db: AsyncSession, commune_id: int, now: datetime, offset: int, limit: int) -> list[Item]:
    """What waits, the oldest first."""
    return await _read(db, commune_id, now, offset, limit)


async def find(db: AsyncSession, commune_id: int, now: datetime, id: str) -> Item | None:
    """What goes by this name, if it waits still."""
    noun, _, about = id.rpartition("_")
    if not about.isdecimal():
        return None
    found = await _read(db, commune_id, now, 0, 1, noun=noun, about=int(about))
    return found[0] if found else None


async def _read(
    db: AsyncSession, commune_id: int, now: datetime, offset: int, limit: int, **only: str | int
) -> list[Item]:
    every = _every(commune_id)
    in_hand = (Hold.noun == every.c.noun) & (Hold.about == every.c.about) & (Hold.until >= now)
    holder = (Staff.citizen_id == Hold.citizen_id) & Staff.removed.is_(None)
    query = (
        select(every, Staff.name)
        .outerjoin(Hold, in_hand)
        .outerjoin(Staff, holder)
        .filter(*(every.c[name] == value for name, value in only.items()))
        .order_by(every.c.since, every.c.noun, every.c.about)
        .offset(offset)
        .limit(limit)
    )
    return [Item(*row) for row in await db.execute(query)]


def _every(commune_id: int) -> Subquery:
    return union_all(*(of(commune_id) for of in NOUNS)).subquery()
