"""Who came to a workshop: tickets checked in, the list, and afterwards how it was."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import counts, registrations, seats
from storage.communes import Home
from storage.counts import Suspect, Tally
from storage.database import vault
from storage.registrations import Needs
from storage.seats import ATTENDED, HELD, SEATED, TAKING, WAITING, Registration
from storage.workshops import PLANNED, Workshop

BEFORE = timedelta(hours=12)  # from when on tickets are checked in
AFTER = timedelta(days=7)  # until when a list on paper can be entered
FEWEST = 10  # marks, before everybody may see how it was


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a code stands for."""

    workshop: Workshop
    registration: Registration
    name: str

    @property
    def id(self) -> int:
        """Its number."""
        return self.registration.id


@dataclass(frozen=True, slots=True)
class Guest:
    """A line of the attendance sheet."""

    name: str
    code: str
    needs: Needs
    state: str


class NotNow(Exception):
    """The workshop is on another day, or off."""


class NoSeat(Exception):
    """The ticket is for a place in line, or was cancelled."""


class CameAlready(Exception):
    """The ticket was checked in before."""


async def ticket(db: AsyncSession, commune_id: int, code: str) -> Ticket | None:
    """What this code stands for."""
    query = select(Workshop, Registration).join(Registration, Registration.workshop_id == Workshop.id)
    row = (await db.execute(query.where(Registration.receipt == code, Workshop.commune_id == commune_id))).one_or_none()
    return Ticket(row.Workshop, row.Registration, vault(db).open(row.Registration.name)) if row else None


async def check_in(db: AsyncSession, home: Home, registration_id: int, now: datetime) -> int:
    """This person is here; how many are by now.  Raises NotNow, NoSeat, CameAlready."""
    of = select(Registration.workshop_id).where(Registration.id == registration_id)
    workshop = await seats.locked(db, home, await db.scalar(of) or 0, now)
    if workshop is None or workshop.state != PLANNED or not workshop.begins - BEFORE <= now <= workshop.ends + AFTER:
        raise NotNow
    guest = await db.get_one(Registration, registration_id, populate_existing=True)
    if guest.state == ATTENDED:
        raise CameAlready
    if guest.state not in (SEATED, HELD):
        raise NoSeat
    guest.state, guest.came, guest.held_until = ATTENDED, now, None
    await db.flush()
    there = Registration.workshop_id == workshop.id, Registration.state == ATTENDED
    return await db.scalar(select(func.count()).where(*there)) or 0


async def guests(db: AsyncSession, workshop_id: int, states: tuple[str, ...] = TAKING) -> list[Guest]:
    """Those who have a seat, or are in other states, in the order of arrival."""
    seated = Registration.workshop_id == workshop_id, Registration.state.in_(states)
    rows = await db.scalars(select(Registration).where(*seated).order_by(Registration.position))
    return [_guest(db, each) for each in rows]


def _guest(db: AsyncSession, row: Registration) -> Guest:
    return Guest(vault(db).open(row.name), row.receipt, registrations.opened(db, row.needs), row.state)


async def was_there(db: AsyncSession, mine: Registration) -> bool:
    """Whether this person came; where no ticket was checked in, whether they had a seat."""
    if mine.state != SEATED:
        return mine.state == ATTENDED
    came = Registration.workshop_id == mine.workshop_id, Registration.state == ATTENDED
    return await db.scalar(select(Registration.id).where(*came).limit(1)) is None


async def rate(db: AsyncSession, mine: Registration, rating: int, remark: str) -> bool:
    """How it was, once; False if it was said before."""
    query = update(Registration).where(Registration.id == mine.id, Registration.rating.is_(None))
    said = query.values(rating=rating, remark=vault(db).seal(remark) if remark else None)
    return (await db.execute(said.returning(Registration.id))).scalar_one_or_none() is not None


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of a workshop: who came, what they need, how it was."""

    by_state: dict[str, int]
    needs: dict[str, int]
    ratings: dict[int, int]

    @property
    def came(self) -> int:
        """Tickets checked in."""
        return self.by_state.get(ATTENDED, 0)

    @property
    def mean(self) -> float:
        """How useful it was, of 5."""
        return sum(rating * count for rating, count in self.ratings.items()) / (self.said or 1)

    @property
    def said(self) -> int:
        """How many said it."""
        return sum(self.ratings.values())


async def figures(db: AsyncSession, workshop: Workshop) -> Figures:
    """Count; what is forgotten by now was counted before."""
    query = select(Registration.state, Registration.rating, Registration.needs)
    rows = (await db.execute(query.where(Registration.workshop_id == workshop.id))).all()
    past = Counter(workshop.remembered)
    by_state = Counter(row.state for row in rows) + Counter({k: n for k, n in past.items() if not k.isdecimal()})
    ratings = Counter(row.rating for row in rows if row.rating)
    ratings += Counter({int(k): n for k, n in past.items() if k.isdecimal()})
    seated = (row.needs for row in rows if row.state in TAKING)
    needs = Counter(code for sealed in seated for code in registrations.opened(db, sealed).codes)
    return Figures(dict(by_state), dict(needs), dict(ratings))


async def tally(db: AsyncSession, workshop: Workshop, _home: Home, _now: datetime) -> Tally:
    """The same as every noun is counted (storage/tallies.py)."""
    counted = (await figures(db, workshop)).by_state
    totals = {
        "seated": sum(counted.get(state, 0) for state in TAKING),
        "waiting": counted.get(WAITING, 0),
        "attended": counted.get(ATTENDED, 0),
    }
    taking = Registration.workshop_id == workshop.id, Registration.state.in_(TAKING)
    return Tally(totals, await counts.parts(db, Registration, *taking))


async def watch(db: AsyncSession, workshop: Workshop, home: Home) -> list[Suspect]:
    """What is worth a look: many seats in one minute, many with one helper."""
    of = Registration.workshop_id == workshop.id
    found = await counts.bursts(db, Registration.since, home.watch_minute, of)
    return [*found, *await counts.helpers(db, Registration, home.watch_account, of)]
