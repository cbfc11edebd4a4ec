"""Calls for projects, brought to what a file says; what associations have written to stays as it was asked."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.calls import Call
from storage.loading.rows import BegunAlready, Changes, Entry, Rows
from storage.submissions import Submission


async def settle(
    db: AsyncSession, commune_id: int, entries: tuple[Entry, ...], _now: datetime, changes: Changes
) -> None:
    """Bring the calls of a commune to what these entries say; raises BegunAlready."""
    found = await Rows.of(db, Call, changes["calls"], commune_id=commune_id)
    for entry in entries:
        existing = found.found.get(entry.slug)
        begun = existing and await db.scalar(select(func.count()).where(Submission.call_id == existing.id))
        if existing and begun and (faults := _faults(existing, entry)):
            raise BegunAlready(faults)
        found.settle(entry)


def _faults(call: Call, entry: Entry) -> list[str]:
    says = "associations have begun to write; put it back, only words may change"
    return [
        f"calls.{entry.slug}.{name}: {says}"
        for name in ("questions", "documents", "criteria")
        if _rules(getattr(call, name)) != _rules(entry.values[name])
    ]


def _rules(those: list[dict[str, object]]) -> list[dict[str, object]]:
    """What may not change: all but the words."""
    return [{key: value for key, value in each.items() if key not in ("text", "name")} for each in those]
