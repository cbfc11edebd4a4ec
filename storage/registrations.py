"""Registrations for workshops: a seat or a place in line, given back, taken when it is kept for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage import codes, notices, seats, waking_hours
from storage.communes import Home
from storage.database import vault
from storage.occasions import Closed, CountedAlready, Occasion
from storage.schema import Rows
from storage.seats import ACTIVE, CANCELLED, HELD, SEATED, TAKING, WAITING, Registration, Room
from storage.workshops import CALLED_OFF, Workshop

_LATEST = 20  # that one person can cancel
AFTER = timedelta(hours=1)  # it ended: those who were there are asked how it was


class HoldOver(Exception):
    """The seat that was kept has gone to the next in line."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What somebody needs to take part: codes, and words of one's own."""

    codes: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A workshop as one citizen sees it."""

    workshop: Workshop
    room: Room
    mine: Registration | None
    ahead: int = 0  # of me, in the line

    @property
    def is_mine(self) -> bool:
        """Whether I have a seat or a place in line."""
        return self.mine is not None and self.mine.state in ACTIVE


@dataclass(frozen=True, slots=True)
class Own:
    """What somebody can cancel, in a list."""

    id: int
    workshop: Workshop
    mine: Registration


async def card(db: AsyncSession, workshop: Workshop, citizen_id: int) -> Card:
    """The workshop, how full it is, and this citizen's own registration."""
    mine = (Registration.workshop_id == Workshop.id) & (Registration.citizen_id == citizen_id)
    counts = _count(*TAKING), _count(WAITING), _count(WAITING, before=Registration.position)
    query = select(Registration, *counts).select_from(Workshop).outerjoin(Registration, mine)
    row = (await db.execute(query.where(Workshop.id == workshop.id).execution_options(populate_existing=True))).one()
    return Card(workshop, Room(workshop.capacity, workshop.given + row[1], row[2]), row[0], row[3])


def _count(*states: str, before: Any = None) -> Any:
    other = aliased(Registration)
    query = select(func.count()).where(other.workshop_id == Workshop.id, other.state.in_(states))
    query = query if before is None else query.where(other.position < before)
    return query.correlate(Workshop, Registration).scalar_subquery()


async def own(db: AsyncSession, workshop_id: int, citizen_id: int) -> Registration | None:
    """What this citizen has there."""
    query = select(Registration).where(Registration.workshop_id == workshop_id, Registration.citizen_id == citizen_id)
    return (await db.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def active(db: AsyncSession, citizen_id: int, now: datetime) -> Sequence[Own]:
    """What this citizen can still cancel, the next first."""
    query = select(Workshop, Registration).join(Registration, Registration.workshop_id == Workshop.id)
    those = Registration.citizen_id == citizen_id, Registration.state.in_((SEATED, WAITING, HELD))
    coming = query.where(*those, Workshop.state == "planned", Workshop.begins > now)
    rows = await db.execute(coming.order_by(Workshop.begins, Workshop.id).limit(_LATEST))
    return [Own(workshop.id, workshop, mine) for workshop, mine in rows]


async def register(db: AsyncSession, workshop_id: int, occasion: Occasion, name: str, needs: Needs) -> Registration:
    """A seat, or where there is none a place in line.  Raises Closed, CountedAlready."""
    home, now, citizen = occasion.commune, occasion.now, occasion.citizen
    workshop = await seats.locked(db, home, workshop_id, now)
    if workshop is None or not workshop.is_open(now):
        raise Closed
    person = citizen.declared.person if citizen.declared else None
    same = or_(Registration.citizen_id == citizen.id, Registration.person == person if person else literal(False))
    known = (await db.scalars(select(Registration).where(Registration.workshop_id == workshop_id, same))).all()
    if any(each.citizen_id != citizen.id or each.state in ACTIVE for each in known):
        raise CountedAlready
    mine = known[0] if known else Registration(workshop_id=workshop.id, citizen_id=citizen.id)
    workshop.arrivals += 1
    mine.state = SEATED if (await seats.room(db, workshop)).free else WAITING
    mine.person, mine.position, mine.since, mine.day = person, workshop.arrivals, now, occasion.day
    mine.name, mine.needs = vault(db).seal(name), _sealed(db, needs)
    mine.channel, mine.language, mine.assisted = occasion.channel, occasion.language, occasion.assisted
    mine.receipt = mine.receipt or codes.receipt(home.receipt_prefix)
    db.add(mine)
    await db.flush()
    if mine.state == SEATED:
        await plan_reminders(db, home, workshop, now, citizen.id)
    return mine


async def cancel(db: AsyncSession, home: Home, workshop_id: int, citizen_id: int, now: datetime) -> None:
    """Give the seat or the place in line back; who is next is told.  Raises Closed."""
    workshop = await seats.locked(db, home, workshop_id, now)
    mine = await own(db, workshop_id, citizen_id)
    if workshop is None or mine is None or mine.state not in (SEATED, WAITING, HELD) or not workshop.is_open(now):
        raise Closed
    mine.state, mine.held_until, mine.person = CANCELLED, None, None
    await seats.settle(db, home, workshop, now)


async def take(db: AsyncSession, home: Home, workshop_id: int, citizen_id: int, now: datetime) -> Registration:
    """Take the seat that is kept.  Raises HoldOver."""
    workshop = await seats.locked(db, home, workshop_id, now)
    mine = await own(db, workshop_id, citizen_id)
    if mine and mine.state == SEATED:
        return mine  # a double tap
    if workshop is None or mine is None or mine.state != HELD or not workshop.is_open(now):
        raise HoldOver
    mine.state, mine.held_until = SEATED, None
    await db.flush()
    await plan_reminders(db, home, workshop, now, citizen_id)
    return mine


async def plan_reminders(
    db: AsyncSession, home: Home, workshop: Workshop, now: datetime, citizen_id: int | None = None
) -> None:
    """Remind one who has a seat, or all who have, and ask afterwards how it was.

    The occasion names the date: where that moves, what was planned for the former says nothing any more.
    """
    whose = [Registration.workshop_id == workshop.id, Registration.state.in_(TAKING)]
    if citizen_id is not None:
        whose.append(Registration.citizen_id == citizen_id)
    planned = [
        ("workshop.reminder", f"{hours} {workshop.date}", workshop.begins - timedelta(hours=hours))
        for hours in home.reminder_hours
    ]
    planned.append(("workshop.ended", workshop.date, waking_hours.next_waking(home, workshop.ends + AFTER)))
    for kind, occasion, due in planned:
        if due > now:
            await notices.plan_all(db, telling(kind, workshop.id, occasion, due).where(*whose))


def telling(kind: str, workshop_id: int, occasion: str, due: datetime) -> Any:
    """A notice for each of the registrations that the caller chooses."""
    at = literal(due, Registration.since.type)
    return select(Registration.citizen_id, literal(kind), literal(workshop_id), literal(occasion), at)


def _sealed(db: AsyncSession, needs: Needs) -> bytes | None:
    if not needs.codes and not needs.words:
        return None
    return vault(db).seal([list(needs.codes), needs.words])


def opened(db: AsyncSession, sealed: bytes | None) -> Needs:
    """What somebody needs, as they said."""
    if sealed is None:
        return Needs()
    needed, words = vault(db).open(sealed)
    return Needs(tuple(needed), words)


def _state() -> Any:
    """Where it stands: of a workshop that does not take place, that."""
    is_off = and_(Workshop.state == CALLED_OFF, Registration.state.in_(ACTIVE))
    return case((is_off, literal("off")), else_=Registration.state)


def participations(citizen_id: int) -> Rows:
    """The seats and places in line of this person, as «فين وصلات؟» lists them (storage/participations.py)."""
    return (
        select(
            literal("workshop").label("noun"),
            Workshop.id.label("about"),
            Workshop.short.label("title"),
            Registration.receipt.label("code"),
            _state().label("state"),
            Registration.since.label("since"),
            Workshop.begins.label("until"),
        )
        .join(Registration, Registration.workshop_id == Workshop.id)
        .where(Registration.citizen_id == citizen_id)
    )
