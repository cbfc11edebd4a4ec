"""A commune's data, brought to what its file says; what citizens did is never touched."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.communes import Commune
from storage.loading import bodies, budgets, calls, consultations, opinions, petitions, surveys
from storage.loading.rows import BegunAlready, Changes, Count, Entry, Rows
from storage.workshops import Workshop

__all__ = ["BegunAlready", "Changes", "Contents", "Count", "Entry", "load"]

Load = Callable[[AsyncSession, int, tuple[Entry, ...], datetime, Changes], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a commune's file says, by noun."""

    commune: Entry
    nouns: dict[str, tuple[Entry, ...]] = field(default_factory=dict)


async def load(db: AsyncSession, contents: Contents, now: datetime) -> Changes:
    """Add what is new, change what differs, leave the rest, all by slug; raises BegunAlready.

    Loading twice is loading once.  What an entry holds under `first` reaches only a new row: the counters and
    the status (signed_elsewhere, declared_elsewhere, status), which staff keep from then on, and dates relative to the
    moment of loading, which would slide otherwise.  A petition or a budget that the file no longer names stays;
    a project goes, as long as its vote has no ballots.
    """
    changes = Changes()
    communes = await Rows.of(db, Commune, changes["communes"], slug=contents.commune.slug)
    commune = communes.settle(contents.commune)
    await db.flush()
    for noun, settle in NOUNS.items():
        await settle(db, commune.id, contents.nouns.get(noun, ()), now, changes)
    await db.flush()
    return changes


async def _workshops(
    db: AsyncSession, commune_id: int, entries: tuple[Entry, ...], _now: datetime, changes: Changes
) -> None:
    workshops = await Rows.of(db, Workshop, changes["workshops"], commune_id=commune_id)
    for entry in entries:
        workshops.settle(entry)


# A noun more is a line more.
NOUNS: dict[str, Load] = {
    "petitions": petitions.settle,
    "budgets": budgets.settle,
    "consultations": consultations.settle,
    "surveys": surveys.settle,
    "opinions": opinions.settle,
    "bodies": bodies.settle,
    "calls": calls.settle,
    "workshops": _workshops,
}
