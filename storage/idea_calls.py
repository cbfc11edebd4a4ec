"""Calls for ideas: the time in which a budget takes them, which is a matter of its dates."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.budgets import Budget
from storage.communes import Home
from storage.ideas import PUBLIC, Idea
from storage.schema import Localised


@dataclass(frozen=True, slots=True)
class Call:
    """The ideas of one budget: when they are taken, and how many are public."""

    id: int  # of the budget
    slug: str
    title: Localised
    opens: datetime
    closes: datetime
    votes_from: datetime
    count: int

    def is_open(self, now: datetime) -> bool:
        """Whether ideas are taken."""
        return self.opens <= now < self.closes


async def begun(db: AsyncSession, home: Home, now: datetime) -> list[Call]:
    """The calls that have begun, the last to close first."""
    query = _calls().where(Budget.commune_id == home.id, Budget.ideas_open <= now)
    return [Call(*row) for row in await db.execute(query.order_by(Budget.ideas_close.desc(), Budget.id))]


async def every(db: AsyncSession, commune_id: int) -> list[Call]:
    """All calls of a commune, the newest first."""
    query = _calls().where(Budget.commune_id == commune_id).order_by(Budget.id.desc())
    return [Call(*row) for row in await db.execute(query)]


def _calls() -> Select[Any]:
    public = select(func.count()).where(Idea.budget_id == Budget.id, Idea.state.in_(PUBLIC)).correlate(Budget)
    columns = (Budget.id, Budget.slug, Budget.title, Budget.ideas_open, Budget.ideas_close, Budget.opens)
    query = select(*columns, public.scalar_subquery())
    return query.where(Budget.ideas_open.is_not(None), Budget.is_draft.is_(False))
