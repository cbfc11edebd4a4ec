"""Announcements: what the service tells many people, whom, and how far it has got.

Whoever is to be told has a row; a row is handed to the outbox once, in the transaction that writes the letter.  So
after a crash it goes on where it stopped: nobody is told twice, nobody is forgotten.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, exists, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.citizens import Address, CitizenRow
from storage.outbox import WAITING, Outbound
from storage.schema import Base, Id, Localised

PAUSED, PLANNED, GOING, STOPPED, DONE = "paused", "planned", "going", "stopped", "done"
HAS_STOPPED, HAD_ENOUGH, UNREACHABLE = "stopped", "enough", "unreachable"  # why somebody is not told
MEDIA_KEPT = timedelta(days=365)  # what goes with one, after its day
_IS_TO_BE_TOLD = text("handed IS NULL AND outcome IS NULL")


class Announcement(Base):
    """Something to tell many people; it is written once and never changed."""

    __tablename__ = "announcement"
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    citizen_id: Mapped[int] = mapped_column(BigInteger)  # the member of staff who wrote it
    texts: Mapped[Localised]
    kind: Mapped[str]  # text, photo, document
    media_id: Mapped[int | None]
    opens: Mapped[list[Any]]  # entrances: what its buttons open
    audience: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(index=True)
    due: Mapped[datetime]
    written: Mapped[datetime]
    begun: Mapped[datetime | None]  # its recipients are known since then
    ended: Mapped[datetime | None]
    report: Mapped[dict[str, Any] | None]  # how far it got, once who was told is forgotten


class Recipient(Base):
    """Somebody to be told, where they were to be reached when it began."""

    __tablename__ = "recipient"
    __table_args__ = (
        Index(
            "ix_recipient_waiting",
            "announcement_id",
            "channel",
            "citizen_id",
            postgresql_where=_IS_TO_BE_TOLD,
            sqlite_where=_IS_TO_BE_TOLD,
        ),
        Index("ix_recipient_handed", "citizen_id", "handed"),
        {"sqlite_with_rowid": False},
    )
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"), primary_key=True, autoincrement=False)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), primary_key=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"))
    channel: Mapped[str]
    handed: Mapped[datetime | None]  # to the outbox
    outcome: Mapped[str | None]  # why not


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody who is told now."""

    citizen_id: int
    address_id: int
    external_id: str
    language: str


async def write(
    db: AsyncSession,
    commune_id: int,
    author_id: int,
    texts: Localised,
    audience: dict[str, Any],
    due: datetime,
    now: datetime,
    opens: list[str] | None = None,
    kind: str = "text",
    media_id: int | None = None,
) -> Announcement:
    """Keep an announcement; it is paused until it is started."""
    row = Announcement(
        commune_id=commune_id,
        citizen_id=author_id,
        texts=texts,
        kind=kind,
        media_id=media_id,
        opens=opens or [],
        audience=audience,
        state=PAUSED,
        due=due,
        written=now,
    )
    db.add(row)
    await db.flush()
    return row


async def get(db: AsyncSession, commune_id: int, id: int) -> Announcement | None:
    """One announcement of a commune."""
    return await db.scalar(select(Announcement).filter_by(id=id, commune_id=commune_id))


async def page(db: AsyncSession, commune_id: int, offset: int, limit: int) -> list[Announcement]:
    """Those of a commune, the newest first."""
    query = select(Announcement).filter_by(commune_id=commune_id).order_by(Announcement.id.desc())
    return list((await db.scalars(query.offset(offset).limit(limit))).all())


async def move(db: AsyncSession, id: int, state: str, now: datetime, *before: str) -> bool:
    """Start, pause or stop it; False if it was not in one of those states any more."""
    begun = Announcement.begun.is_not(None)
    query = update(Announcement).where(Announcement.id == id, Announcement.state.in_(before))
    if state == GOING:  # an announcement without recipients has not begun: the clock begins it
        ready = await db.scalar(select(begun).where(Announcement.id == id))
        state = GOING if ready else PLANNED
    ended = {"ended": now} if state == STOPPED else {}
    done = await db.execute(query.values(state=state, **ended).returning(Announcement.id))
    return done.scalar_one_or_none() is not None


async def planned(db: AsyncSession, now: datetime) -> list[int]:
    """Those whose time has come."""
    query = select(Announcement.id).where(Announcement.state == PLANNED, Announcement.due <= now)
    return list(await db.scalars(query.order_by(Announcement.due)))


async def going(db: AsyncSession, commune_id: int, channel: str) -> Announcement | None:
    """The announcement to go on with on this channel: the oldest that has somebody to be told there."""
    waits = exists().where(Recipient.announcement_id == Announcement.id, Recipient.channel == channel, _waits())
    query = select(Announcement).where(Announcement.commune_id == commune_id, Announcement.state == GOING, waits)
    return await db.scalar(query.order_by(Announcement.id).limit(1))


def _waits() -> Any:
    return Recipient.handed.is_(None) & Recipient.outcome.is_(None)


async def next_turns(
    db: AsyncSession, announcement: Announcement, channel: str, limit: int, now: datetime
) -> list[Turn]:
    """The next to be told on this channel, taken: their letters must be written in this transaction.

    Who wants no messages any more, or cannot be reached since it began, is passed over.
    """
    query = (
        select(
            Recipient.citizen_id,
            Recipient.address_id,
            Address.external_id,
            CitizenRow.language,
            CitizenRow.stopped,
            Address.unreachable_since,
        )
        .join(CitizenRow, CitizenRow.id == Recipient.citizen_id)
        .join(Address, Address.id == Recipient.address_id)
        .where(Recipient.announcement_id == announcement.id, Recipient.channel == channel, _waits())
        .order_by(Recipient.citizen_id)
        .limit(limit)
        .with_for_update(of=Recipient, skip_locked=True)
    )
    rows = (await db.execute(query)).all()
    stopped = [row.citizen_id for row in rows if row.stopped]
    gone = [row.citizen_id for row in rows if not row.stopped and row.unreachable_since]
    told = [row for row in rows if not row.stopped and not row.unreachable_since]
    await _take(db, announcement.id, stopped, outcome=HAS_STOPPED)
    await _take(db, announcement.id, gone, outcome=UNREACHABLE)
    await _take(db, announcement.id, [row.citizen_id for row in told], handed=now)
    return [Turn(row.citizen_id, row.address_id, row.external_id, row.language or "fr") for row in told]


async def _take(db: AsyncSession, announcement_id: int, citizens: list[int], **values: Any) -> None:
    if citizens:
        table: Any = Recipient.__table__
        those = update(table).where(table.c.announcement_id == announcement_id, table.c.citizen_id.in_(citizens))
        await db.execute(those.values(values))


def _is_over() -> list[Any]:
    waits = exists().where(Recipient.announcement_id == Announcement.id, _waits())
    on_its_way = exists().where(Outbound.announcement_id == Announcement.id, Outbound.status == WAITING)
    return [Announcement.state == GOING, ~waits, ~on_its_way]


async def is_any_over(db: AsyncSession) -> bool:
    """Whether one has told everybody: only reads."""
    return await db.scalar(select(Announcement.id).where(*_is_over()).limit(1)) is not None


async def is_any_moving(db: AsyncSession, now: datetime) -> bool:
    """Whether one is on its way, or was a minute ago: only reads."""
    lately = Announcement.ended > now - timedelta(minutes=1)
    return await db.scalar(select(Announcement.id).where((Announcement.state == GOING) | lately).limit(1)) is not None


async def end(db: AsyncSession, now: datetime) -> int:
    """Those that have told everybody are done; how many."""
    table: Any = Announcement.__table__
    those = update(table).where(*_is_over()).values(state=DONE, ended=now).returning(table.c.id)
    return len((await db.execute(those)).all())
