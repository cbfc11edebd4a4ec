"""When a vote opens and closes, as the staff decide it while people vote."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import follows
from storage.budgets import LEAST_PROJECTS, NOUN, Budget, Project


class NotPossible(Exception):
    """It cannot be done as things are; `why` is a word that flows put into a sentence."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


async def locked(db: AsyncSession, commune_id: int, id: int) -> Budget:
    """A vote, held against those who vote and those who decide at the same moment; raises NotPossible."""
    query = select(Budget).where(Budget.id == id, Budget.commune_id == commune_id).with_for_update()
    budget = (await db.scalars(query.execution_options(populate_existing=True))).one_or_none()
    if budget is None:
        raise NotPossible("unknown")
    return budget


async def open_now(db: AsyncSession, commune_id: int, id: int, now: datetime) -> None:
    """Open a vote before its day; raises NotPossible."""
    budget = await locked(db, commune_id, id)
    _refuse(budget, now)
    if budget.opens <= now:
        raise NotPossible("open")
    if (await db.scalar(select(func.count()).select_from(Project).filter_by(budget_id=id)) or 0) < LEAST_PROJECTS:
        raise NotPossible("few")
    budget.opens = now
    await db.flush()


async def extend(db: AsyncSession, commune_id: int, id: int, closes: datetime, now: datetime) -> None:
    """Close a vote later than was said; those who follow it are told.  Raises NotPossible."""
    budget = await locked(db, commune_id, id)
    _refuse(budget, now)
    if closes <= max(now, budget.closes):
        raise NotPossible("past")
    budget.closes = closes
    await _tell(db, id, closes, now)


async def close(db: AsyncSession, commune_id: int, id: int, now: datetime) -> None:
    """Close a vote at once; those who follow it are told.  Raises NotPossible."""
    budget = await locked(db, commune_id, id)
    _refuse(budget, now)
    if budget.opens > now:
        raise NotPossible("early")
    budget.closes = now
    await _tell(db, id, now, now)


def _refuse(budget: Budget, now: datetime) -> None:
    if budget.is_draft:
        raise NotPossible("draft")
    if budget.closes <= now or budget.vote_key is None:
        raise NotPossible("over")


async def _tell(db: AsyncSession, id: int, closes: datetime, now: datetime) -> None:
    await db.flush()
    await follows.tell(db, NOUN, id, "budget.moved", closes.isoformat(), now)
