"""Councils and committees, brought to what a file says; the rules that people applied under stay."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage import applications
from storage.bodies import Body
from storage.loading.rows import BegunAlready, Changes, Entry, Rows

_RULES = ("seats", "quotas", "min_age", "max_age", "youth_until", "quarter", "selection")


async def settle(
    db: AsyncSession, commune_id: int, entries: tuple[Entry, ...], _now: datetime, changes: Changes
) -> None:
    """Bring the bodies of a commune to what these entries say; raises BegunAlready."""
    bodies = await Rows.of(db, Body, changes["bodies"], commune_id=commune_id)
    for entry in entries:
        existing = bodies.found.get(entry.slug)
        changed = [rule for rule in _RULES if existing and getattr(existing, rule) != entry.values[rule]]
        if existing and changed and await applications.count(db, existing.id):
            says = "people have applied under the other; put it back"
            raise BegunAlready([f"bodies.{entry.slug}.{rule}: {says}" for rule in changed])
        bodies.settle(entry)
