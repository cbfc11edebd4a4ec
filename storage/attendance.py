"""Who came to a workshop: tickets checked in, the list, and afterwards how it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import registrations, seats
from storage.communes import Home
from storage.database import vault
from storage.registrations import Needs
from storage.seats import ATTENDED, HELD, SEATED, TAKING, WAITING, Registration
from storage.workshops import PLANNED, Workshop

BEFORE = timedelta(hours=12)  # from when on tickets are checked in
AFTER = timedelta(days=7)  # until when a list on paper can be entered


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
    state: str
    needs: Needs


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


async def check_in(db: AsyncSession, home: Home, registration_id: int, now: datetime) -> None:
    """This person is here.  Raises NotNow, NoSeat, CameAlready."""
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


async def guests(db: AsyncSession, workshop_id: int) -> Sequence[Guest]:
    """Those who have a seat, then the line, each in the order of arrival."""
    query = select(Registration).where(Registration.workshop_id == workshop_id)
    rows = (await db.scalars(query.where(Registration.state.in_((*TAKING, WAITING))))).all()
    ordered = sorted(rows, key=lambda each: (each.state == WAITING, each.position))
    return [_guest(db, each) for each in ordered]


def _guest(db: AsyncSession, row: Registration) -> Guest:
    return Guest(vault(db).open(row.name), row.receipt, row.state, registrations.opened(db, row.needs))


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
class Tally:
    """The figures of a workshop."""

    by_state: dict[str, int]
    by_channel: dict[str, int]
    ratings: dict[int, int]

    @property
    def registered(self) -> int:
        """Seats that are taken."""
        return sum(self.by_state.get(state, 0) for state in TAKING)


async def tally(db: AsyncSession, workshop: Workshop) -> Tally:
    """Count; what is forgotten by now was counted before."""
    query = select(Registration.state, Registration.channel, Registration.rating, func.count())
    grouped = query.where(Registration.workshop_id == workshop.id).group_by(*query.selected_columns[:3])
    rows = (await db.execute(grouped)).all()
    by_state = {key: count for key, count in workshop.remembered.items() if not key.isdecimal()}
    ratings = {int(key): count for key, count in workshop.remembered.items() if key.isdecimal()}
    by_channel: dict[str, int] = {}
    for state, channel, rating, count in rows:
        by_state[state] = by_state.get(state, 0) + count
        if state in TAKING:
            by_channel[channel] = by_channel.get(channel, 0) + count
        if rating:
            ratings[rating] = ratings.get(rating, 0) + count
    return Tally(by_state, by_channel, ratings)
