"""What the service decides about a workshop: another date or place, more seats, that it is off, its minutes.

All those registered are told, once, in the same transaction.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import notices, registrations, seats
from storage.communes import Home
from storage.occasions import Closed
from storage.schema import Localised
from storage.seats import ACTIVE, ATTENDED, HELD, SEATED, Registration
from storage.workshops import CALLED_OFF, PLANNED, Workshop


class TooFew(Exception):
    """More seats are taken than would be left."""

    def __init__(self, taken: int):
        super().__init__(taken)
        self.taken = taken


class Over(Exception):
    """It is over, or off: nothing of it can be changed."""


async def move(db: AsyncSession, home: Home, workshop_id: int, begins: datetime, now: datetime) -> None:
    """Another date; it lasts as long.  Raises Over, Closed where the date has passed."""
    workshop = await _to_change(db, home, workshop_id, now)
    if begins <= now:
        raise Closed
    workshop.begins, workshop.ends = begins, begins + (workshop.ends - workshop.begins)
    await _changed(db, workshop, now)
    await registrations.plan_reminders(db, home, workshop, now)


async def relocate(
    db: AsyncSession, home: Home, workshop_id: int, place: Localised, map: str | None, now: datetime
) -> None:
    """Another place.  Raises Over."""
    workshop = await _to_change(db, home, workshop_id, now)
    workshop.place, workshop.map = place, map
    await _changed(db, workshop, now)


async def resize(db: AsyncSession, home: Home, workshop_id: int, capacity: int, now: datetime) -> None:
    """More seats or fewer; the next in line are told of those that are free.  Raises Over, TooFew."""
    workshop = await _to_change(db, home, workshop_id, now)
    taken = (await seats.room(db, workshop)).taken
    if capacity < taken:
        raise TooFew(taken)
    workshop.capacity = capacity
    await seats.settle(db, home, workshop, now)


async def call_off(db: AsyncSession, home: Home, workshop_id: int, now: datetime) -> None:
    """It does not take place.  Raises Over."""
    workshop = await _to_change(db, home, workshop_id, now)
    workshop.state = CALLED_OFF
    await _tell(db, workshop, "workshop.off", "", now, *ACTIVE)


async def send_minutes(
    db: AsyncSession, home: Home, workshop_id: int, minutes: Localised, kind: str, media: int | None, now: datetime
) -> None:
    """Its minutes, for those who were there or had a seat.  Raises Over before it began."""
    workshop = await seats.locked(db, home, workshop_id, now)
    if workshop is None or workshop.state != PLANNED or workshop.begins > now:
        raise Over
    workshop.minutes, workshop.minutes_kind, workshop.minutes_media = minutes, kind, media
    workshop.minutes_sent += 1
    await _tell(db, workshop, "workshop.minutes", str(workshop.minutes_sent), now, SEATED, ATTENDED)


async def _to_change(db: AsyncSession, home: Home, workshop_id: int, now: datetime) -> Workshop:
    workshop = await seats.locked(db, home, workshop_id, now)
    if workshop is None or not workshop.is_open(now):
        raise Over
    return workshop


async def _changed(db: AsyncSession, workshop: Workshop, now: datetime) -> None:
    workshop.changes += 1
    held = Registration.workshop_id == workshop.id, Registration.state == HELD
    for each in (await db.scalars(select(Registration).where(*held))).all():
        each.held_until = min(each.held_until or workshop.begins, workshop.begins)
    await _tell(db, workshop, "workshop.changed", str(workshop.changes), now, *ACTIVE)


async def _tell(db: AsyncSession, workshop: Workshop, kind: str, occasion: str, now: datetime, *states: str) -> None:
    await db.flush()
    telling = registrations.telling(kind, workshop.id, occasion, now)
    those = Registration.workshop_id == workshop.id, Registration.state.in_(states)
    await notices.plan_all(db, telling.where(*those))
