"""The steps of an idea, taken by the staff; its author, supporters and followers are told each of them once."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import budget_desk, notices
from storage.budget_desk import NotPossible
from storage.budgets import FROM_IDEAS, Budget, Project
from storage.database import insert_or_skip
from storage.follows import Follow
from storage.ideas import (
    FEASIBLE,
    MERGED,
    NOT_FEASIBLE,
    NOUN,
    PROJECT,
    PUBLIC,
    PUBLISHED,
    REFUSED,
    SHORTLISTED,
    WAITING,
    Idea,
    IdeaSupport,
)
from storage.notices import Notice
from storage.schema import Localised, Rows

# Which state may follow on which, by what the staff do; a refused one waits again once its author corrects it.
MOVES = {
    WAITING: (PUBLISHED, REFUSED, MERGED),
    PUBLISHED: (FEASIBLE, NOT_FEASIBLE, MERGED),
    NOT_FEASIBLE: (FEASIBLE, MERGED),
    FEASIBLE: (SHORTLISTED, NOT_FEASIBLE, MERGED),
    SHORTLISTED: (PROJECT, NOT_FEASIBLE, MERGED),
}
_TOLD = "idea.moved"


class NotNow(Exception):
    """A colleague or its author has changed it meanwhile."""


async def decide(db: AsyncSession, commune_id: int, id: int, edition: int, reason: str | None, now: datetime) -> None:
    """Publish an idea that waits as it was read, or refuse it for a reason.  Raises NotNow."""
    idea = await _locked(db, commune_id, id, REFUSED if reason else PUBLISHED)
    if idea.edition != edition:
        raise NotNow
    idea.reason = reason
    await _move(db, idea, REFUSED if reason else PUBLISHED, now)


async def assess(
    db: AsyncSession, commune_id: int, id: int, estimate: int | None, note: Localised, now: datetime
) -> None:
    """Say that it can be done, for what it costs, or (without a cost) that it cannot; why.  Raises NotNow."""
    state = NOT_FEASIBLE if estimate is None else FEASIBLE
    idea = await _locked(db, commune_id, id, state)
    idea.estimate, idea.note = estimate, note
    await _move(db, idea, state, now)


async def shortlist(db: AsyncSession, commune_id: int, id: int, now: datetime) -> None:
    """Put it among those of which projects are made.  Raises NotNow."""
    await _move(db, await _locked(db, commune_id, id, SHORTLISTED), SHORTLISTED, now)


async def merge(db: AsyncSession, commune_id: int, id: int, edition: int, into: int, now: datetime) -> None:
    """Put it with a like one: who is for either counts once for the other, its author too.  Raises NotNow."""
    idea, other = await _both(db, commune_id, id, into)
    if idea.edition != edition or other.state not in PUBLIC or other.state == PROJECT:
        raise NotNow
    await _move(db, idea, MERGED, now)
    idea.merged_into = into
    await db.execute(update(Idea).where(Idea.merged_into == id).values(merged_into=into))
    given = select(literal(into), IdeaSupport.citizen_id, IdeaSupport.person, IdeaSupport.given, IdeaSupport.assisted)
    await _add(db, given.where(IdeaSupport.idea_id == id, IdeaSupport.citizen_id.is_distinct_from(other.citizen_id)))
    if idea.citizen_id not in (None, other.citizen_id):
        author = select(
            literal(into),
            literal(idea.citizen_id),
            literal(None),
            literal(now, Idea.changed.type),
            literal(idea.assisted),
        )
        await _add(db, author)
    await db.execute(delete(IdeaSupport).where(IdeaSupport.idea_id == id))
    follow = select(literal(NOUN), literal(into), Follow.citizen_id).filter_by(noun=NOUN, about=id)
    await db.execute(insert_or_skip(db, Follow).from_select(["noun", "about", "citizen_id"], follow))
    await db.flush()


async def _add(db: AsyncSession, those: Rows) -> None:
    columns = ["idea_id", "citizen_id", "person", "given", "assisted"]
    await db.execute(insert_or_skip(db, IdeaSupport).from_select(columns, those))


async def make_project(
    db: AsyncSession, commune_id: int, id: int, budget_id: int, values: dict[str, Any], now: datetime
) -> None:
    """Make it a project of a vote that nobody can cast a ballot in yet.  Raises NotNow, NotPossible."""
    idea = await _locked(db, commune_id, id, PROJECT)
    vote = await budget_desk.locked(db, commune_id, budget_id)
    if not vote.is_draft and vote.opens <= now:
        raise NotPossible("open")
    if (idea.estimate or 0) > vote.envelope:
        raise NotPossible("cost")
    project = Project(
        budget_id=vote.id, slug=f"{FROM_IDEAS}{id}", place=idea.quarter, cost=idea.estimate or 0, **values
    )
    db.add(project)
    await db.flush()
    idea.project_id = project.id
    await _move(db, idea, PROJECT, now)


async def votes_to_come(db: AsyncSession, commune_id: int, now: datetime) -> list[Budget]:
    """The votes of which an idea can become a project: drafts, and those that open later."""
    query = select(Budget).where(Budget.commune_id == commune_id, Budget.is_draft | (Budget.opens > now))
    return list((await db.scalars(query.order_by(Budget.id.desc()))).all())


async def take_back(db: AsyncSession, projects: Select[int]) -> None:
    """These projects are dropped: the ideas that they were made of are on the shortlist again."""
    theirs = update(Idea).where(Idea.project_id.in_(projects)).values(project_id=None, state=SHORTLISTED)
    await db.execute(theirs.execution_options(synchronize_session=False))


async def _locked(db: AsyncSession, commune_id: int, id: int, to: str) -> Idea:
    """The idea, held against its supporters and colleagues, if it may go there."""
    query = select(Idea).join(Budget, Budget.id == Idea.budget_id).where(Idea.id == id, Budget.commune_id == commune_id)
    locked = query.with_for_update(of=Idea).execution_options(populate_existing=True)
    idea = (await db.scalars(locked)).one_or_none()
    if idea is None or to not in MOVES.get(idea.state, ()):
        raise NotNow
    return idea


async def _both(db: AsyncSession, commune_id: int, id: int, into: int) -> tuple[Idea, Idea]:
    """Two ideas of one call, always locked in the same order."""
    query = select(Idea).join(Budget, Budget.id == Idea.budget_id)
    query = query.where(Budget.commune_id == commune_id, Idea.id.in_((id, into))).order_by(Idea.id)
    locked = query.with_for_update(of=Idea).execution_options(populate_existing=True)
    rows = {row.id: row for row in await db.scalars(locked)}
    idea, other = rows.get(id), rows.get(into)
    if idea is None or other is None or id == into or MERGED not in MOVES.get(idea.state, ()):
        raise NotNow
    if idea.budget_id != other.budget_id:
        raise NotNow
    return idea, other


async def _move(db: AsyncSession, idea: Idea, state: str, now: datetime) -> None:
    """Take the step, and tell it: who is told twice over is told once."""
    idea.state, idea.decided, idea.moves = state, now, idea.moves + 1
    await db.flush()
    said = literal(_TOLD), literal(idea.id), literal(str(idea.moves)), literal(now, Notice.due.type)
    if idea.citizen_id is not None:
        await notices.plan(db, idea.citizen_id, _TOLD, idea.id, str(idea.moves), now)
    await notices.plan_all(db, select(IdeaSupport.citizen_id, *said).where(IdeaSupport.idea_id == idea.id))
    await notices.plan_all(db, select(Follow.citizen_id, *said).filter_by(noun=NOUN, about=idea.id))
