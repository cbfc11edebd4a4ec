"""The seats of a workshop, and the line for them: never more are given than there are, and in the order of arrival.

Whoever changes anything about them locks the workshop first (`locked`).  A seat that is free while people wait is
kept for the next in line for some hours; what is kept counts as taken.  Whether that time is over is decided by the
date, each time the workshop is locked; the clock only sees to it that the line moves where nobody comes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import notices, waking_hours
from storage.communes import Commune, Home
from storage.schema import Base, Id, Marked
from storage.workshops import Workshop

SEATED, WAITING, HELD, CANCELLED, EXPIRED, ATTENDED = "seated", "waiting", "held", "cancelled", "expired", "attended"
TAKING = (SEATED, HELD, ATTENDED)  # a seat
ACTIVE = (SEATED, WAITING, HELD, ATTENDED)
_IS_HELD = text("state = 'held'")


class Registration(Base):
    """One person's seat, or place in line."""

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("workshop_id", "citizen_id"),  # one account, however often it comes back
        UniqueConstraint("workshop_id", "person"),  # one person, where an ID number was ever declared
        UniqueConstraint("workshop_id", "position"),  # nobody stands beside another
        Index(None, "workshop_id", "state", "position"),
        Index("ix_registration_held", "held_until", postgresql_where=_IS_HELD, sqlite_where=_IS_HELD),
    )
    id: Mapped[Id]
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"))
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), index=True)
    person: Mapped[str | None]
    name: Mapped[bytes] = mapped_column(LargeBinary)  # sealed
    needs: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: they may tell of a disability
    channel: Mapped[str]
    language: Mapped[str]
    assisted: Mapped[Marked]
    receipt: Mapped[str] = mapped_column(unique=True)  # the code of the ticket
    position: Mapped[int]  # the order of arrival
    state: Mapped[str]
    held_until: Mapped[datetime | None]
    since: Mapped[datetime]
    day: Mapped[date]  # of `since`, in Morocco
    came: Mapped[datetime | None]
    rating: Mapped[int | None]
    remark: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed


@dataclass(frozen=True, slots=True)
class Room:
    """How full a workshop is."""

    capacity: int
    taken: int
    waiting: int

    @property
    def free(self) -> int:
        """Seats that anybody can have: none while people wait."""
        return 0 if self.waiting else max(0, self.capacity - self.taken)


async def room(db: AsyncSession, workshop: Workshop) -> Room:
    """How full it is now."""
    query = select(Registration.state, func.count()).where(Registration.workshop_id == workshop.id)
    counts = {state: count for state, count in await db.execute(query.group_by(Registration.state))}
    taken = workshop.given + sum(counts.get(state, 0) for state in TAKING)
    return Room(workshop.capacity, taken, counts.get(WAITING, 0))


async def locked(db: AsyncSession, home: Home, workshop_id: int, now: datetime) -> Workshop | None:
    """The workshop, for oneself until this transaction ends, with its line as it must be by now."""
    query = select(Workshop).where(Workshop.id == workshop_id, Workshop.commune_id == home.id).with_for_update()
    workshop = (await db.scalars(query.execution_options(populate_existing=True))).one_or_none()
    if workshop:
        await settle(db, home, workshop, now)
    return workshop


async def settle(db: AsyncSession, home: Home, workshop: Workshop, now: datetime) -> None:
    """Take back what was kept long enough, and keep each free seat for the next in line."""
    await db.flush()
    await _expire(db, workshop, now)
    if not workshop.is_open(now):
        return
    free = (full := await room(db, workshop)).capacity - full.taken
    if free <= 0 or not full.waiting:
        return
    line = select(Registration).where(Registration.workshop_id == workshop.id, Registration.state == WAITING)
    found = await db.scalars(line.order_by(Registration.position).limit(free).execution_options(populate_existing=True))
    until = min(waking_hours.waking_hours_later(home, now, home.hold_hours), workshop.begins)
    morning = waking_hours.next_waking(home, now)
    told = morning if morning < until else now
    for each in found:
        each.state, each.held_until = HELD, until
        occasion = f"{each.position} {until:%Y%m%dT%H%M%S}"
        await notices.plan(db, each.citizen_id, "workshop.freed", workshop.id, occasion, told)
    await db.flush()


async def _expire(db: AsyncSession, workshop: Workshop, now: datetime) -> None:
    over = update(Registration).where(Registration.workshop_id == workshop.id, Registration.state == HELD)
    over = over.where(Registration.held_until <= now).values(state=EXPIRED, held_until=None, person=None)
    gone = over.returning(Registration.citizen_id, Registration.position)
    for citizen_id, position in (await db.execute(gone.execution_options(synchronize_session=False))).all():
        await notices.plan(db, citizen_id, "workshop.expired", workshop.id, str(position), now)


async def overdue(db: AsyncSession, now: datetime, limit: int = 50) -> Sequence[tuple[int, Home]]:
    """Workshops in which a seat was kept long enough."""
    query = (
        select(Workshop.id, Commune)
        .join(Commune, Commune.id == Workshop.commune_id)
        .where(
            Workshop.id.in_(
                select(Registration.workshop_id).where(Registration.state == HELD, Registration.held_until <= now)
            )
        )
        .limit(limit)
    )
    return [(id, Home.of(row.id, row.slug, row.name, row.settings)) for id, row in await db.execute(query)]
