"""Votes on a budget, brought to what a file says; the rules that people voted under stay."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import ballot_keys
from storage.ballots import Ballot
from storage.budgets import FROM_IDEAS, Budget, Project
from storage.loading import before
from storage.loading.rows import BegunAlready, Changes, Entry, Rows

# The rules that people voted under.  Its dates are none of them: a vote may be extended.
RULES = ("ballot", "least", "most", "envelope", "points", "most_points", "min_age", "asks_cin")


async def settle(
    db: AsyncSession, commune_id: int, entries: tuple[Entry, ...], now: datetime, changes: Changes
) -> None:
    """Bring the votes of a commune to what these entries say; raises BegunAlready."""
    budgets = await Rows.of(db, Budget, changes["budgets"], commune_id=commune_id)
    for entry in entries:
        await _settle(db, budgets, entry, now, changes)


async def _settle(db: AsyncSession, budgets: Rows, entry: Entry, now: datetime, changes: Changes) -> None:
    existing = budgets.found.get(entry.slug)
    if existing and await _has_ballots(db, existing):
        projects = await _projects(db, existing, changes)
        if faults := list(_against_ballots(existing, projects.found, entry, now)):
            raise BegunAlready(faults)
    budget = budgets.settle(entry)
    if budget.vote_key is None and budget.closes > now:
        budget.vote_key = ballot_keys.new(db)
    await db.flush()
    projects = await _projects(db, budget, changes)
    await projects.settle_all(entry.parts["projects"])
    if existing is None:
        await db.flush()
        projects = await _projects(db, budget, changes)
        await before.of_budget(db, budget, projects.found, entry, now, changes)


async def _projects(db: AsyncSession, budget: Budget, changes: Changes) -> Rows:
    """Its projects, without those that residents proposed: a file says nothing of them."""
    projects = await Rows.of(db, Project, changes["projects"], budget_id=budget.id)
    projects.found = {slug: row for slug, row in projects.found.items() if not slug.startswith(FROM_IDEAS)}
    return projects


def _against_ballots(budget: Budget, projects: dict[str, Any], entry: Entry, now: datetime) -> Iterator[str]:
    key = f"budgets.{entry.slug}"
    for rule in RULES:
        was, says = getattr(budget, rule), entry.values.get(rule)
        if was != says:
            yield f"{key}.{rule}: people have voted under {was!r}; write it in place of {says!r}"
    if budget.vote_key is None and entry.values.get("closes", budget.closes) > now:
        # Its key is destroyed: under a new one those who voted could vote again.
        yield f"{key}.closes: the vote is over and cannot open again; make a new budget with another id"
    told = {project.slug: project for project in entry.parts["projects"]}
    for slug in sorted(projects.keys() - told.keys()):
        yield f"{key}.projects.{slug}: people have voted with this project on the ballot; put it back"
    for slug in sorted(told.keys() - projects.keys()):
        yield f"{key}.projects.{slug}: people have voted without this project; take it out"
    for slug in sorted(told.keys() & projects.keys()):
        was, says = projects[slug].cost, told[slug].values["cost"]
        if was != says:
            yield f"{key}.projects.{slug}.cost: people have voted under {was}; write it in place of {says}"


async def _has_ballots(db: AsyncSession, budget: Budget) -> bool:
    return bool(await db.scalar(select(func.count()).select_from(Ballot).filter_by(budget_id=budget.id)))
