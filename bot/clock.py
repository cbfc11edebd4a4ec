"""What time brings: votes cut from their voters when they close, old conversations forgotten.

Truth is in the tables; each tick looks at them and may be repeated or missed without harm.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.announcements import begin
from bot.journal import log
from bot.notices import tell
from storage import budgets, fates, petition_progress, retention, seats, selection, surveys
from storage.database import Database

_PATIENCE = 5.0  # seconds

Duty = Callable[[Database, datetime], Awaitable[int]]


async def cut_closed_votes(database: Database, now: datetime) -> int:
    """Destroy the keys of votes and surveys that have closed; how many."""
    async with database.writing() as db:
        return await budgets.destroy_keys(db, now) + await surveys.destroy_keys(db, now)


async def move_lines_on(database: Database, now: datetime) -> int:
    """Keep seats that nobody answered about for the next in line; in how many workshops."""
    async with database.reading() as db:
        found = await seats.overdue(db, now)
    for workshop_id, home in found:
        async with database.writing() as db:
            await seats.locked(db, home, workshop_id, now)
    return len(found)


async def mark_milestones(database: Database, now: datetime) -> int:
    """Have those who started a petition told how far it has come; how many are told."""
    async with database.reading() as db:
        found = await petition_progress.new_milestones(db, now)
    if found:
        async with database.writing() as db:
            await petition_progress.plan(db, found, now)
    return len(found)


async def forget(database: Database, now: datetime) -> int:
    """Forget what has had its time; how many rows."""
    async with database.writing() as db:
        return await retention.forget(db, now)


async def try_again(database: Database, now: datetime) -> int:
    """Let go of letters that were held back for a time; how many."""
    async with database.reading() as db:
        if not await fates.is_due_again(db, now):
            return 0
    async with database.writing() as db:
        return await fates.free(db, now)


async def pass_seats_on(database: Database, now: datetime) -> int:
    """Offer the seats of bodies that nobody answered for to the next in order; how many."""
    async with database.writing() as db:
        return await selection.pass_on(db, now)


DUTIES: dict[Duty, timedelta] = {
    tell: timedelta(seconds=5),
    begin: timedelta(seconds=5),
    cut_closed_votes: timedelta(minutes=1),
    pass_seats_on: timedelta(minutes=1),
    move_lines_on: timedelta(seconds=30),
    try_again: timedelta(minutes=1),
    mark_milestones: timedelta(minutes=1),
    forget: timedelta(hours=1),
}


class Clock:
    """Ticks each duty in its own time, and once at the start."""

    def __init__(self, database: Database):
        self._database = database
        self._ticking: set[asyncio.Task[None] | None] = set()
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        for duty, every in DUTIES.items():
            self._scheduler.add_job(
                self._tick,
                "interval",
                args=[duty],
                seconds=every.total_seconds(),
                next_run_time=datetime.now(UTC),
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )

    async def _tick(self, duty: Duty) -> None:
        task = asyncio.current_task()
        self._ticking.add(task)
        try:
            done = await duty(self._database, datetime.now(UTC))
        except asyncio.CancelledError:
            return  # stopped: the next process does it; APScheduler would log it as a failure
        except Exception as error:
            log.error("duty_failed", duty=duty.__name__, error=error)
            return
        finally:
            self._ticking.discard(task)
        if done:
            log.info("duty_done", duty=duty.__name__, count=done)

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    async def stop(self) -> None:
        """Tick no more.  What is under way ends first: cut off, it would wait for a database that is closed by then."""
        self._scheduler.pause()
        under_way = [task for task in self._ticking if task]
        if under_way:
            await asyncio.wait(under_way, timeout=_PATIENCE)
        self._scheduler.shutdown(wait=False)
        await asyncio.gather(*under_way, return_exceptions=True)
