"""Word of what has just come into the queue, to those of the staff who want it: once an hour at the most."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import communes, notices, queue, service_hours, summaries
from storage.communes import Home
from storage.notices import Notice
from storage.schema import Moment
from storage.staff import Staff

KIND = "queue.new"
EVERY = timedelta(hours=1)
# Who said neither yes nor no has it with the morning summary.
_WANTS = Staff.wants_alerts.is_(True) | (Staff.wants_alerts.is_(None) & Staff.wants_summary)
_DECIDES = Staff.role != "programme"  # it counts, and has no queue


def _lacks(home: Home, newest: datetime, now: datetime) -> Any:
    """Those who want to hear, have heard nothing for an hour, and nothing since the newest came."""
    told = select(func.max(Notice.due)).where(
        Notice.citizen_id == Staff.citizen_id, Notice.kind.in_((KIND, summaries.KIND))
    )
    last = func.coalesce(told.correlate(Staff).scalar_subquery(), literal(now - EVERY, Moment()), type_=Moment())
    today = now.astimezone(service_hours.CASABLANCA).date().isoformat()
    has = exists().where(Notice.citizen_id == Staff.citizen_id, Notice.kind == summaries.KIND, Notice.occasion == today)
    hour = literal(f"{now:%Y-%m-%dT%H}")  # of two who look at once, one plans it
    query = select(Staff.citizen_id, literal(KIND), literal(home.id), hour, literal(now, Moment()).label("due"))
    query = query.where(Staff.commune_id == home.id, Staff.removed.is_(None), _WANTS, _DECIDES)
    query = query.where(~Staff.wants_summary | has)  # the summary of this morning says it first
    return query.where(last <= literal(now - EVERY, Moment()), last < literal(newest, Moment()))


async def wanted(db: AsyncSession, now: datetime) -> list[tuple[Home, datetime]]:
    """Communes that are awake where somebody is to hear, and when the newest came: only reads."""
    found = []
    for home in await communes.every(db):
        newest = None if service_hours.is_quiet(home, now) else await queue.newest(db, home.id)
        if newest and (await db.execute(_lacks(home, newest, now).limit(1))).first():
            found.append((home, newest))
    return found


async def plan(db: AsyncSession, home: Home, newest: datetime, now: datetime) -> None:
    """Have it told, once to each."""
    await notices.plan_all(db, _lacks(home, newest, now))


async def want(db: AsyncSession, citizen_id: int, is_wanted: bool) -> None:
    """Hear of it, or no more."""
    current = update(Staff).where(Staff.citizen_id == citizen_id, Staff.removed.is_(None))
    await db.execute(current.values(wants_alerts=is_wanted))


async def is_wanted(db: AsyncSession, citizen_id: int) -> bool:
    """Whether this member of staff hears of it."""
    query = select(Staff.id).where(Staff.citizen_id == citizen_id, Staff.removed.is_(None), _WANTS, _DECIDES)
    return await db.scalar(query) is not None
