"""How this installation is: what waits, what failed, what stands still."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import ticks
from storage.announcements import GOING, Announcement, Recipient
from storage.citizens import Address
from storage.notices import Notice
from storage.outbox import FAILED, WAITING, Outbound

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Queue:
    """Letters that wait on one channel."""

    channel: str
    waiting: int
    oldest: datetime
    retried: int  # tried at least once


@dataclass(frozen=True, slots=True)
class Failure:
    """Letters that were not delivered, for one reason."""

    channel: str
    reason: str
    count: int


async def queues(db: AsyncSession, commune_id: int | None = None) -> list[Queue]:
    """What waits, by channel; of one commune, or of all."""
    retried = func.count().filter(Outbound.attempts > 0)
    query = (
        select(Address.channel, func.count(), func.min(Outbound.due), retried)
        .join(Outbound, Outbound.address_id == Address.id)
        .where(Outbound.status == WAITING)
        .group_by(Address.channel)
        .order_by(Address.channel)
    )
    query = query if commune_id is None else query.where(Address.commune_id == commune_id)
    return [Queue(*row) for row in await db.execute(query)]


async def failures(db: AsyncSession, commune_id: int, now: datetime) -> list[Failure]:
    """What was not delivered within a day, the most frequent reason first."""
    query = (
        select(Address.channel, Outbound.error, func.count())
        .join(Outbound, Outbound.address_id == Address.id)
        .where(Address.commune_id == commune_id, Outbound.status == FAILED, Outbound.done > now - _DAY)
        .group_by(Address.channel, Outbound.error)
    )
    found: dict[tuple[str, str], int] = {}
    for channel, error, count in await db.execute(query):
        key = channel, (error or "").partition(":")[0]
        found[key] = found.get(key, 0) + count
    ordered = sorted(found.items(), key=lambda each: -each[1])
    return [Failure(channel, reason, count) for (channel, reason), count in ordered]


async def overdue(db: AsyncSession, now: datetime) -> int:
    """Notices that should have been told five minutes ago."""
    late = Notice.done.is_(None), Notice.due < now - timedelta(minutes=5)
    return await db.scalar(select(func.count()).select_from(Notice).where(*late)) or 0


async def lags(db: AsyncSession, now: datetime) -> dict[str, timedelta]:
    """How long ago each duty of the clock was done."""
    return {tick.duty: now - tick.done for tick in await ticks.every(db)}


async def failed_duties(db: AsyncSession) -> dict[str, datetime]:
    """Duties whose last try failed."""
    return {tick.duty: tick.failed for tick in await ticks.every(db) if tick.failed and tick.failed >= tick.done}


async def to_be_told(db: AsyncSession, commune_id: int | None = None) -> int:
    """People whom announcements that are on their way have still to tell."""
    query = (
        select(func.count())
        .select_from(Recipient)
        .join(Announcement, Announcement.id == Recipient.announcement_id)
        .where(Announcement.state == GOING, Recipient.handed.is_(None), Recipient.outcome.is_(None))
    )
    return await db.scalar(query if commune_id is None else query.where(Announcement.commune_id == commune_id)) or 0
