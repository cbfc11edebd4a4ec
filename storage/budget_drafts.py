"""Votes that their author is still writing: the vote, its projects one by one, until it is announced or dropped."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import ballot_keys, budget_desk, codes, idea_moves
from storage.budget_desk import NotPossible
from storage.budgets import KNAPSACK, LEAST_PROJECTS, Budget, Project


async def begin(db: AsyncSession, commune_id: int, **values: Any) -> int:
    """Begin a draft; its number."""
    slug = f"vote-{codes.draw(6).lower()}"
    budget = Budget(commune_id=commune_id, slug=slug, is_draft=True, vote_key=ballot_keys.new(db), **values)
    db.add(budget)
    await db.flush()
    return budget.id


async def every(db: AsyncSession, commune_id: int) -> Sequence[Budget]:
    """The drafts of a commune, the newest first."""
    query = select(Budget).where(Budget.commune_id == commune_id, Budget.is_draft.is_(True))
    return (await db.scalars(query.order_by(Budget.id.desc()))).all()


async def find(db: AsyncSession, commune_id: int, id: int) -> Budget | None:
    """A draft, while it is one."""
    query = select(Budget).where(Budget.id == id, Budget.commune_id == commune_id, Budget.is_draft.is_(True))
    return (await db.scalars(query)).one_or_none()


async def projects(db: AsyncSession, id: int) -> list[Project]:
    """Its projects in the order in which they were added."""
    return list((await db.scalars(select(Project).filter_by(budget_id=id).order_by(Project.id))).all())


async def add(db: AsyncSession, commune_id: int, id: int, **values: Any) -> None:
    """Add a project; raises NotPossible."""
    budget = await _locked(db, commune_id, id)
    if values["cost"] > budget.envelope:
        raise NotPossible("cost")
    db.add(Project(budget_id=id, slug=f"p-{codes.draw(6).lower()}", **values))
    await db.flush()


async def remove(db: AsyncSession, commune_id: int, id: int, project_id: int) -> None:
    """Take a project out; raises NotPossible."""
    await _locked(db, commune_id, id)
    await _drop_projects(db, Project.id == project_id, Project.budget_id == id)


async def announce(db: AsyncSession, commune_id: int, id: int, now: datetime) -> None:
    """Let everybody see it, from its opening on; raises NotPossible."""
    budget = await _locked(db, commune_id, id)
    listed = await projects(db, id)
    if len(listed) < LEAST_PROJECTS:
        raise NotPossible("few")
    if budget.most > len(listed):
        raise NotPossible("most")
    if budget.ballot == KNAPSACK and sum(sorted(each.cost for each in listed)[: budget.least]) > budget.envelope:
        raise NotPossible("cost")
    if budget.closes <= max(now, budget.opens):
        raise NotPossible("past")
    budget.is_draft = False
    await db.flush()


async def drop(db: AsyncSession, commune_id: int, id: int) -> None:
    """Throw a draft away; raises NotPossible."""
    await _locked(db, commune_id, id)
    await _drop_projects(db, Project.budget_id == id)
    await db.execute(delete(Budget).where(Budget.id == id))


async def _drop_projects(db: AsyncSession, *those: ColumnElement[bool]) -> None:
    """What was an idea is one again."""
    await idea_moves.take_back(db, select(Project.id).where(*those))
    await db.execute(delete(Project).where(*those))


async def _locked(db: AsyncSession, commune_id: int, id: int) -> Budget:
    budget = await budget_desk.locked(db, commune_id, id)
    if not budget.is_draft:
        raise NotPossible("announced")
    return budget
