"""Petitions, brought to what a file says; what happened to them reaches only a new one: staff go on from there."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.loading.rows import Changes, Entry, Rows
from storage.petition_moves import Move
from storage.petitions import Petition


async def settle(
    db: AsyncSession, commune_id: int, entries: tuple[Entry, ...], _now: datetime, changes: Changes
) -> None:
    """Bring the petitions of a commune to what these entries say."""
    petitions = await Rows.of(db, Petition, changes["petitions"], commune_id=commune_id)
    for entry in entries:
        is_new = entry.slug not in petitions.found
        petition = petitions.settle(entry)
        if is_new:
            await db.flush()
            steps = entry.parts.get("history", ())
            db.add_all(Move(petition_id=petition.id, by=None, **step.values) for step in steps)
            changes["steps"].added += len(steps)
