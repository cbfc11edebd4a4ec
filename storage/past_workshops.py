"""Lists of workshops, forgotten: after their time, or of one person at once; the figures stay."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import communes, registrations, seats
from storage.communes import Commune, Home
from storage.database import vault
from storage.seats import ACTIVE, ATTENDED, Registration
from storage.workshops import Workshop

_MONTH = timedelta(days=30.5)


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """What this person registered for."""
    query = select(Workshop, Registration).join(Registration, Registration.workshop_id == Workshop.id)
    rows = await db.execute(query.where(Registration.citizen_id == citizen_id).order_by(Registration.id))
    return [_row(db, workshop, mine) for workshop, mine in rows]


def _row(db: AsyncSession, workshop: Workshop, mine: Registration) -> dict[str, Any]:
    needs = registrations.opened(db, mine.needs)
    return {
        "workshop": workshop.title,
        "begins": workshop.begins.isoformat(),
        "receipt": mine.receipt,
        "name": vault(db).open(mine.name),
        "needs": [*needs.codes, *([needs.words] if needs.words else [])],
        "state": mine.state,
        "since": mine.since.isoformat(),
        "came": mine.came.isoformat() if mine.came else None,
        "rating": mine.rating,
        "words": vault(db).open(mine.remark) if mine.remark else None,
    }


async def erase(db: AsyncSession, citizen_id: int, now: datetime) -> None:
    """Give this person's seats to the next in line, then erase the registrations; the figures of what is over stay."""
    query = select(Registration.workshop_id, Commune).join(Workshop, Workshop.id == Registration.workshop_id)
    query = query.join(Commune, Commune.id == Workshop.commune_id).where(Registration.citizen_id == citizen_id)
    for workshop_id, row in (await db.execute(query.order_by(Registration.workshop_id))).all():
        home = Home.of(row.id, row.slug, row.name, row.settings)
        workshop = await seats.locked(db, home, workshop_id, now)
        mine = Registration.workshop_id == workshop_id, Registration.citizen_id == citizen_id
        if workshop is None:
            continue
        if not workshop.is_open(now):
            await _remember(db, workshop, *mine)
        await db.execute(delete(Registration).where(*mine))
        await seats.settle(db, home, workshop, now)


async def forget(db: AsyncSession, now: datetime, limit: int = 20) -> int:
    """Forget the lists of workshops that were over long enough ago; how many registrations."""
    count = 0
    for home in await communes.every(db):
        for workshop in await _old(db, home.id, now - home.months("workshops") * _MONTH, limit):
            its = Registration.workshop_id == workshop.id
            await _remember(db, workshop, its)
            gone = await db.execute(delete(Registration).where(its).returning(Registration.id))
            count += len(gone.all())
    return count


async def _old(db: AsyncSession, commune_id: int, before: datetime, limit: int) -> Sequence[Workshop]:
    has_list = select(Registration.id).where(Registration.workshop_id == Workshop.id).exists()
    over = select(Workshop).where(Workshop.commune_id == commune_id, Workshop.ends < before, has_list)
    return (await db.scalars(over.limit(limit).with_for_update())).all()


async def _remember(db: AsyncSession, workshop: Workshop, *those: Any) -> None:
    """How many there were, who came, how it was: figures hold no person."""
    query = select(Registration.state, Registration.rating).where(*those, Registration.state.in_(ACTIVE))
    figures = Counter(workshop.remembered)
    for state, rating in await db.execute(query):
        figures[state] += 1
        if rating and state == ATTENDED:
            figures[str(rating)] += 1
    workshop.remembered = dict(figures)
    await db.flush()
