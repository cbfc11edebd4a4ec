"""What time brings: votes cut from their voters when they close, mornings summed up, old conversations forgotten.

Truth is in the tables; each tick looks at them and may be repeated or missed without harm.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.announcements import begin
from bot.journal import log
from bot.live import follow
from bot.notices import tell
from bot.reminders import remind
from storage import (
    alerts,
    ballots,
    fates,
    helping,
    locks,
    petition_progress,
    retention,
    seats,
    selection,
    summaries,
    surveys,
    ticks,
)
from storage.database import Database

_PATIENCE = 5.0  # seconds
_LOOK_EVERY = 2.0  # seconds, whether the clock is still ours
_ROUNDS = 200  # in an hour: two hundred thousand rows of a kind
_NOTE_EVERY = timedelta(minutes=1)

Duty = Callable[[Database, datetime], Awaitable[int]]


async def cut_closed_votes(database: Database, now: datetime) -> int:
    """Destroy the keys of votes and surveys that have closed; how many."""
    async with database.writing() as db:
        return await ballots.destroy_keys(db, now) + await surveys.destroy_keys(db, now)


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
    """Forget what has had its time, some rows in a transaction; how many."""
    count = 0
    for _round in range(_ROUNDS):
        async with database.writing() as db:
            done = await retention.forget(db, now)
        count += done
        if not done:
            break
        await asyncio.sleep(0)  # those who write go first
    return count


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


async def end_forgotten_help(database: Database, now: datetime) -> int:
    """End the help that somebody gave and did not end; how often."""
    async with database.writing() as db:
        return await helping.end_forgotten_help(db, now)


async def sum_up(database: Database, now: datetime) -> int:
    """Have the morning summary told to those of the staff who want it; to how many."""
    async with database.reading() as db:
        found = await summaries.wanted(db, now)
    for home in found:
        async with database.writing() as db:
            await summaries.plan(db, home, now)
    return len(found)


async def alert(database: Database, now: datetime) -> int:
    """Have those of the staff who want it told that something has come in; in how many communes."""
    async with database.reading() as db:
        found = await alerts.wanted(db, now)
    for home, newest in found:
        async with database.writing() as db:
            await alerts.plan(db, home, newest, now)
    return len(found)


DUTIES: dict[Duty, timedelta] = {
    tell: timedelta(seconds=5),
    begin: timedelta(seconds=5),
    follow: timedelta(seconds=3),
    cut_closed_votes: timedelta(minutes=1),
    pass_seats_on: timedelta(minutes=1),
    end_forgotten_help: timedelta(minutes=1),
    move_lines_on: timedelta(seconds=30),
    try_again: timedelta(minutes=1),
    mark_milestones: timedelta(minutes=1),
    sum_up: timedelta(minutes=5),
    alert: timedelta(minutes=1),
    remind: timedelta(hours=1),
    forget: timedelta(hours=1),
}


class Clock:
    """Ticks each duty in its own time, and once at the start; of several processes one does."""

    def __init__(self, database: Database):
        self._database = database
        self._ticking: set[asyncio.Task[None] | None] = set()
        self._noted: dict[str, datetime] = {}

    async def run(self) -> None:
        """Tick for as long as this process holds the clock."""
        while True:
            try:
                async with locks.held(self._database, "clock") as still_held:
                    await self._hold(still_held)
            except Exception as error:  # whatever became of its lock or its database, a clock goes on
                log.error("clock_interrupted", error=error)
                await asyncio.sleep(_LOOK_EVERY)

    async def _hold(self, still_held: locks.StillHeld) -> None:
        scheduler = AsyncIOScheduler(timezone=UTC)
        for duty, every in DUTIES.items():
            scheduler.add_job(
                self._tick,
                "interval",
                args=[duty],
                seconds=every.total_seconds(),
                next_run_time=datetime.now(UTC),
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        scheduler.start()
        try:
            while True:
                await asyncio.sleep(_LOOK_EVERY)
                await still_held()
        finally:
            await self._stop(scheduler)

    async def _stop(self, scheduler: AsyncIOScheduler) -> None:
        """Tick no more.  What is under way ends first: cut off, it would wait for a database that is closed by then."""
        scheduler.pause()
        under_way = [task for task in self._ticking if task]
        if under_way:
            await asyncio.wait(under_way, timeout=_PATIENCE)
        scheduler.shutdown(wait=False)
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _tick(self, duty: Duty) -> None:
        task = asyncio.current_task()
        self._ticking.add(task)
        try:
            done = await duty(self._database, datetime.now(UTC))
            await self._note(duty.__name__, True)
        except asyncio.CancelledError:
            return  # stopped: the next process does it; APScheduler would log it as a failure
        except Exception as error:  # a duty that fails must stop no other, nor itself the next time
            log.error("duty_failed", duty=duty.__name__, error=error)
            with suppress(Exception):  # it is in the log already
                await self._note(duty.__name__, False)
            return
        finally:
            self._ticking.discard(task)
        if done:
            log.info("duty_done", duty=duty.__name__, count=done)

    async def _note(self, duty: str, is_done: bool) -> None:
        """Note that it was done, once a minute; or failed, each time."""
        now = datetime.now(UTC)
        if is_done and now - self._noted.get(duty, now - _NOTE_EVERY) < _NOTE_EVERY:
            return
        async with self._database.writing() as db:
            await ticks.note(db, duty, now, is_done)
        self._noted[duty] = now
