"""Opinions, brought to what a file says; their state and the council's answer are the staff's."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.loading.rows import Changes, Entry, Rows
from storage.opinions import Opinion


async def settle(
    db: AsyncSession, commune_id: int, entries: tuple[Entry, ...], _now: datetime, changes: Changes
) -> None:
    """Bring the opinions of a commune to what these entries say."""
    opinions = await Rows.of(db, Opinion, changes["opinions"], commune_id=commune_id)
    for entry in entries:
        opinions.settle(entry)
