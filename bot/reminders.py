"""Reminds those who began to take part and did not finish, seven and two days before it closes; at most twice."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from flows.registry import FLOWS
from storage import begun, communes, notices, service_hours, tallies
from storage.begun import Begun
from storage.database import Database

DAYS = (2, 7)  # before it closes
_AT_ONCE = 500  # conversations
_BEGUN = 2  # answers: which one, and something about it


async def remind(database: Database, now: datetime) -> int:
    """Plan reminders; each is told once, however often they are planned: how many conversations want one."""
    count = 0
    async with database.reading() as db:
        closing = {
            (home.id, process.noun, process.about): _occasion(process.closes - now)
            for home, processes in await tallies.across(db)
            for process in processes
            if process.closes and now < process.closes <= now + timedelta(days=max(DAYS))
        }
        quiet = {home.id: service_hours.after_quiet(home, now) for home in await communes.every(db)}
    beyond = 0
    while closing:
        async with database.reading() as db:
            found = await begun.after(db, beyond, _AT_ONCE)
        if not found:
            break
        beyond = found[-1].address_id
        wanted = [(each, key) for each in found for key in _unfinished(each) if (each.commune_id, *key) in closing]
        if wanted:
            async with database.writing() as db:
                for each, (noun, about) in wanted:
                    days = closing[each.commune_id, noun, about]
                    due = quiet[each.commune_id]
                    await notices.plan(db, each.citizen_id, f"unfinished.{noun}", about, days, due)
        count += len(wanted)
    return count


def _occasion(left: timedelta) -> str:
    return f"{next(days for days in DAYS if left <= timedelta(days=days))} days"


def _unfinished(begun: Begun) -> Iterator[tuple[str, int]]:
    """What this conversation has begun: the open flow, and the one that was left in the middle."""
    parked = begun.memory.get("parked") or {}
    for name, kept in ((begun.flow, begun.memory), (parked.get("flow"), parked)):
        flow = FLOWS.get(name or "")
        about = _about(flow.takes, kept) if flow and flow.takes and flow.in_menu else None
        if flow and about and len(kept.get("answers", ())) >= _BEGUN:
            yield flow.takes, about


def _about(takes: str, kept: dict[str, Any]) -> int | None:
    """Which petition or vote it is about."""
    said = str(kept.get("answers", {}).get(takes) or kept.get("args", {}).get(takes) or "")
    return int(said) if said.isdecimal() else None
