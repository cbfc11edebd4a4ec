"""The morning summary for those of the staff who want it: what is new, what waits, what closes soon, what failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import communes, notices, queue, service_hours, tallies
from storage.citizens import Address
from storage.communes import Home
from storage.notices import Notice
from storage.outbox import FAILED, Outbound
from storage.schema import Moment
from storage.staff import Staff
from storage.tallies import Process

KIND = "summary"
SOON = timedelta(days=3)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a coordinator needs to know in the morning."""

    yesterday: int  # times that people took part
    waiting: int
    oldest: datetime | None
    closing: list[Process]
    failed: int  # deliveries, in a day


async def of(db: AsyncSession, home: Home, now: datetime) -> Summary:
    """The summary of a commune."""
    every = await tallies.every(db, home.id)
    lately = [each for each in every if each.closes is None or each.closes > now - 2 * _DAY]
    yesterday = (now.astimezone(service_hours.CASABLANCA) - _DAY).date().isoformat()
    counts = [await each.tally(db, home, now) for each in lately]
    waits = await queue.summary(db, home.id)
    lost = select(func.count()).select_from(Outbound).join(Address, Address.id == Outbound.address_id)
    lost = lost.where(Address.commune_id == home.id, Outbound.status == FAILED, Outbound.done > now - _DAY)
    return Summary(
        yesterday=sum(count.parts.get("day", {}).get(yesterday, 0) for count in counts),
        waiting=sum(waits.counts.values()),
        oldest=waits.oldest,
        closing=[each for each in every if each.closes and now < each.closes < now + SOON],
        failed=await db.scalar(lost) or 0,
    )


def _lacks(home: Home, now: datetime) -> Any:
    """Those of the staff who want today's summary and have none yet."""
    today = now.astimezone(service_hours.CASABLANCA).date().isoformat()
    has = exists().where(Notice.citizen_id == Staff.citizen_id, Notice.kind == KIND, Notice.occasion == today)
    wants = Staff.commune_id == home.id, Staff.removed.is_(None), Staff.wants_summary
    due = literal(now, Moment()).label("due")
    return select(Staff.citizen_id, literal(KIND), literal(home.id), literal(today), due).where(*wants, ~has)


async def wanted(db: AsyncSession, now: datetime) -> list[Home]:
    """Communes whose quiet hours are over and where somebody lacks today's summary: only reads."""
    awake = [home for home in await communes.every(db) if not service_hours.is_quiet(home, now)]
    return [home for home in awake if (await db.execute(_lacks(home, now).limit(1))).first()]


async def plan(db: AsyncSession, home: Home, now: datetime) -> None:
    """Have it told: once a day to each, however often this is asked for."""
    await notices.plan_all(db, _lacks(home, now))


async def want(db: AsyncSession, citizen_id: int, is_wanted: bool) -> None:
    """Have it each morning, or no more."""
    current = update(Staff).where(Staff.citizen_id == citizen_id, Staff.removed.is_(None))
    await db.execute(current.values(wants_summary=is_wanted))


async def is_wanted(db: AsyncSession, citizen_id: int) -> bool:
    """Whether this member of staff has it each morning."""
    query = select(Staff.wants_summary).where(Staff.citizen_id == citizen_id, Staff.removed.is_(None))
    return bool(await db.scalar(query))
