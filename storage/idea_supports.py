"""Support for ideas: each person once an idea, taken back until the vote opens."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.budgets import Budget
from storage.database import is_added, vault
from storage.ideas import MERGED, SUPPORTED, Idea, IdeaSupport
from storage.occasions import Closed, CountedAlready, Occasion
from storage.schema import Rows


class Merged(Exception):
    """The idea stands with another one, `into`: that one is supported."""

    def __init__(self, into: int):
        super().__init__(into)
        self.into = into


class OneOwn(Exception):
    """It is this person's own idea, which counts as it is."""


async def support(db: AsyncSession, id: int, occasion: Occasion) -> None:
    """Be for an idea; once is enough.  Raises Closed, CountedAlready, Merged, OneOwn."""
    idea = await _held(db, id, occasion)
    if idea.citizen_id == occasion.citizen.id:
        raise OneOwn
    declared = occasion.citizen.declared
    row = {
        "idea_id": id,
        "citizen_id": occasion.citizen.id,
        "person": declared.person if declared else None,
        "assisted": occasion.assisted,
        "given": occasion.now,
    }
    if not await is_added(db, IdeaSupport, row) and not await _is_own(db, id, occasion.citizen.id):
        raise CountedAlready


async def withdraw(db: AsyncSession, id: int, occasion: Occasion) -> None:
    """Be for it no more.  Raises Closed, Merged."""
    await _held(db, id, occasion)
    await db.execute(delete(IdeaSupport).filter_by(idea_id=id, citizen_id=occasion.citizen.id))


async def _held(db: AsyncSession, id: int, occasion: Occasion) -> Idea:
    """The idea as it stays until this transaction ends: shared with supporters, exclusive with who moves it."""
    query = select(Idea, Budget.opens).join(Budget, Budget.id == Idea.budget_id).where(Idea.id == id)
    query = query.where(Budget.commune_id == occasion.commune.id).with_for_update(read=True, of=Idea)
    row = (await db.execute(query.execution_options(populate_existing=True))).one_or_none()
    if row is None:
        raise Closed
    idea, votes_from = row
    if idea.state == MERGED and idea.merged_into:
        raise Merged(idea.merged_into)
    if idea.state not in SUPPORTED or votes_from <= occasion.now:
        raise Closed
    return idea


async def _is_own(db: AsyncSession, id: int, citizen_id: int) -> bool:
    return await db.get(IdeaSupport, {"idea_id": id, "citizen_id": citizen_id}) is not None


def participations(citizen_id: int) -> Rows:
    """The calls in which this person supports ideas, as «فين وصلات؟» lists them (storage/participations.py)."""
    return (
        select(
            literal("supported").label("noun"),
            Budget.id.label("about"),
            Budget.title.label("title"),
            literal("").label("code"),
            literal("given").label("state"),
            func.max(IdeaSupport.given).label("since"),
            Budget.opens.label("until"),
        )
        .join(Idea, Idea.budget_id == Budget.id)
        .join(IdeaSupport, IdeaSupport.idea_id == Idea.id)
        .where(IdeaSupport.citizen_id == citizen_id)
        .group_by(Budget.id)
    )


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """The ideas that this person supports."""
    query = select(Idea.said, IdeaSupport.given).join(Idea, Idea.id == IdeaSupport.idea_id)
    rows = await db.execute(query.where(IdeaSupport.citizen_id == citizen_id).order_by(Idea.id))
    return [{"title": vault(db).open(said)["title"], "declared": given.isoformat()} for said, given in rows]


async def erase(db: AsyncSession, citizen_id: int, _now: datetime) -> None:
    """Take back what this person supports."""
    await db.execute(delete(IdeaSupport).filter_by(citizen_id=citizen_id))
