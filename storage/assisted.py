"""People who take part on somebody else's phone: each a person of their own, so many a day on one account.

Who is helped is a citizen without an address.  A conversation acts for them for a while (storage/helping.py), so
that all they do is theirs and marked.  With their code they go on another day where they were, on the same phone, or
take it over on a phone of their own (storage/links.py).
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, UniqueConstraint, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import citizens, links
from storage.citizens import Citizen, CitizenRow, Declared
from storage.communes import Home
from storage.database import COMPANY, Raced, seen
from storage.occasions import casablanca_day
from storage.schema import Base, Id

PURPOSE = "help"
CODE = links.LONG  # letters
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
    await _hold(db, helper)
    row = CitizenRow(commune_id=home.id, language=language, created=now, helped_by=helper.id)
    db.add(row)
    await db.flush()
    await _count(db, home, helper, row.id, now)
    helped = Citizen(row.id, home.id, language, declared=who, is_helped=True)
    await citizens.declares(db, helped, who, PURPOSE, now)
    return helped, await links.show(db, helped, now, links.HELP_LASTS)


async def was_here(db: AsyncSession, helper: Citizen, who: Declared) -> bool:
    """Whether this account has helped this person before, who has not taken over since."""
    return await db.scalar(select(CitizenRow.id).where(*_helped(helper, who)).limit(1)) is not None


async def go_on(
    db: AsyncSession, home: Home, helper: Citizen, who: Declared, typed: str, now: datetime
) -> Citizen | None:
    """The person helped before whose code this is, who goes on where they were; the code stays good.

    Nothing where it is not theirs, which is counted.  Raises Enough, links.TooMany.
    """
    if len(seen(db).get(COMPANY, ())) > 1:
        raise Raced  # whoever takes over in this very transaction would not see who acts for them: not together
    id = await links.shown_to(db, helper, select(CitizenRow.id).where(*_helped(helper, who)), typed, now)
    if id is None:
        return None
    await _hold(db, helper)
    held = select(CitizenRow.language).where(CitizenRow.id == id, *_helped(helper, who)).with_for_update()
    row = (await db.execute(held)).one_or_none()
    if row is None:  # they have taken over at this moment
        return None
    await _count(db, home, helper, id, now)
    helped = Citizen(id, home.id, row.language, declared=who, is_helped=True)
    await citizens.declares(db, helped, who, PURPOSE, now)
    return helped


def _helped(helper: Citizen, who: Declared) -> tuple[ColumnElement[bool], ...]:
    return CitizenRow.helped_by == helper.id, CitizenRow.person == who.person, CitizenRow.erased.is_(None)


async def _hold(db: AsyncSession, helper: Citizen) -> None:
    """One after the other for each account, whichever of its channels they come from."""
    await db.execute(select(_PEOPLE.c.id).where(_PEOPLE.c.id == helper.id).with_for_update())


async def _count(db: AsyncSession, home: Home, helper: Citizen, helped_id: int, now: datetime) -> None:
    """One person more today, if it is not one of today's already.  Raises Enough."""
    today, those = casablanca_day(now), {"citizen_id": helper.id, "helped_id": helped_id}
    help = (await db.scalars(select(Help).filter_by(**those))).one_or_none()
    if help and help.day == today:
        return
    if not await left(db, home, helper.id, now):
        raise Enough
    if help:
        help.day = today
    else:
        db.add(Help(**those, day=today))


async def forget(db: AsyncSession, now: datetime) -> int:
    """Forget who helped whom: the day when it is over, the rest when nobody can take over any more; how many rows."""
    old: Any = await db.execute(delete(Help).where(Help.day < casablanca_day(now - KEPT)))
    late = _PEOPLE.c.helped_by.is_not(None), _PEOPLE.c.created < now - links.HELP_LASTS
    cut: Any = await db.execute(update(_PEOPLE).where(*late).values(helped_by=None))
    return int(old.rowcount) + int(cut.rowcount)


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """On which days this person helped somebody; whom is theirs to know."""
    days = await db.scalars(select(Help.day).where(Help.citizen_id == citizen_id).order_by(Help.id))
    return [{"helped_somebody_on": str(day)} for day in days]


async def erase(db: AsyncSession, citizen_id: int, _now: datetime) -> None:
    """Let nobody act for this person, and no code lead to them; the day's count stays."""
    await links.forget(db, citizen_id)


_PEOPLE: Any = CitizenRow.__table__
