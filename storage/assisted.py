"""People who take part on somebody else's phone: each a person of their own, so many a day on one account.

Who is helped is a citizen without an address.  A conversation acts for them for a while (storage/helping.py), so
that all they do is theirs and marked; with their code they take it over on a phone of their own (storage/links.py).
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import citizens, links
from storage.citizens import Citizen, CitizenRow, Declared
from storage.communes import Home
from storage.occasions import casablanca_day
from storage.schema import Base, Id

PURPOSE = "help"
KEPT = timedelta(days=7)  # who helped whom on which day: to count a day


class Help(Base):
    """An account helped somebody: the first, the second... of a day."""

    __tablename__ = "help"
    __table_args__ = (UniqueConstraint("citizen_id", "helped_id"),)
    id: Mapped[Id]
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), index=True)  # who helped
    helped_id: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[date]  # in Morocco


class Enough(Exception):
    """As many as the commune allows were helped on this account today."""


async def left(db: AsyncSession, home: Home, helper_id: int, now: datetime) -> int:
    """How many more can be helped on this account today."""
    today = select(func.count()).where(Help.citizen_id == helper_id, Help.day == casablanca_day(now))
    return max(0, home.helps_a_day - (await db.scalar(today) or 0))


async def begin(
    db: AsyncSession, home: Home, helper: Citizen, who: Declared, language: str, now: datetime
) -> tuple[Citizen, str]:
    """Make the person who is helped, who has agreed; and the code by which they take over.  Raises Enough."""
    # One after the other for each account, whichever of its channels they come from.
    people: Any = CitizenRow.__table__
    await db.execute(select(people.c.id).where(people.c.id == helper.id).with_for_update())
    if not await left(db, home, helper.id, now):
        raise Enough
    row = CitizenRow(commune_id=home.id, language=language, created=now, helped_by=helper.id)
    db.add(row)
    await db.flush()
    db.add(Help(citizen_id=helper.id, helped_id=row.id, day=casablanca_day(now)))
    helped = Citizen(row.id, home.id, language, declared=who, is_helped=True)
    await citizens.declares(db, helped, who, PURPOSE, now)
    return helped, await links.show(db, helped, now, links.HELP_LASTS)


async def forget(db: AsyncSession, now: datetime) -> int:
    """Forget who helped whom: the day when it is over, the rest when nobody can take over any more; how many rows."""
    old: Any = await db.execute(delete(Help).where(Help.day < casablanca_day(now - KEPT)))
    people: Any = CitizenRow.__table__
    late = people.c.helped_by.is_not(None), people.c.created < now - links.HELP_LASTS
    cut: Any = await db.execute(update(people).where(*late).values(helped_by=None))
    return int(old.rowcount) + int(cut.rowcount)


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """On which days this person helped somebody; whom is theirs to know."""
    days = await db.scalars(select(Help.day).where(Help.citizen_id == citizen_id).order_by(Help.id))
    return [{"helped_somebody_on": str(day)} for day in days]


async def erase(db: AsyncSession, citizen_id: int, _now: datetime) -> None:
    """Let nobody act for this person, and no code lead to them; the day's count stays."""
    await links.forget(db, citizen_id)
