"""The tally of a vote on a budget: ballots, votes by project; and what is worth a look."""

from datetime import datetime

from sqlalchemy import Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import counts, headcounts
from storage.ballots import Ballot, Choice
from storage.budgets import NOUN, Budget, Project
from storage.communes import Home
from storage.counts import Option, Suspect, Tally


async def tally(db: AsyncSession, budget: Budget, home: Home, now: datetime) -> Tally:
    """Count; while the vote is open only the turnout, unless the commune's setting says otherwise."""
    parts = await counts.parts(db, Ballot, Ballot.budget_id == budget.id)
    parts = await headcounts.divide(db, NOUN, budget.id, parts)
    is_withheld = budget.closes > now and home.turnout_only
    found = None if is_withheld else await votes(db, budget)
    choices = None if found is None else tuple(Option(each.slug, each.short, count) for each, count in found)
    return Tally({"ballots": counts.people(parts)}, parts, choices=choices)


async def votes(db: AsyncSession, budget: Budget) -> list[tuple[Project, int]]:
    """The votes, or points, of each project, most first; whether they may be seen is for `tally` to say."""
    marks = select(Choice.project_id, func.sum(Choice.points).label("votes")).where(Choice.budget_id == budget.id)
    counted = marks.group_by(Choice.project_id).subquery()
    number = func.coalesce(counted.c.votes, 0)
    query = (
        select(Project, number)
        .outerjoin(counted, counted.c.project_id == Project.id)
        .where(Project.budget_id == budget.id)
        .order_by(number.desc(), Project.id)
    )
    return [(project, count) for project, count in await db.execute(query)]


async def watch(db: AsyncSession, budget: Budget, home: Home) -> list[Suspect]:
    """What is worth a look: ballots of one day and channel that all say the same, where a ballot says several things.

    Which things they say stays unsaid.
    """
    if budget.most == 1:
        return []
    mark = (cast(Choice.project_id, Text) + ":" + cast(Choice.points, Text)).label("mark")
    of_vote = select(Choice.voter, mark).where(Choice.budget_id == budget.id)
    marks = of_vote.order_by(Choice.voter, Choice.project_id).subquery()  # in order: the same marks say the same
    slips = select(marks.c.voter, func.aggregate_strings(marks.c.mark, ",").label("says")).group_by(marks.c.voter)
    slip = slips.subquery()
    query = (
        select(func.count(), Ballot.day)
        .join(slip, slip.c.voter == Ballot.voter)
        .where(Ballot.budget_id == budget.id)
        .group_by(Ballot.day, Ballot.channel, slip.c.says)
        .having(func.count() >= home.watch_ballot)
        .order_by(func.count().desc())
        .limit(counts.MOST)
    )
    return [Suspect("ballot", count, day) for count, day in await db.execute(query)]
