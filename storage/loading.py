"""A commune's data, brought to what its file says; what citizens did is never touched."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.budgets import Ballot, Budget, Project, new_key
from storage.communes import Commune
from storage.petitions import Petition
from storage.schema import Base

# The rules that people voted under.  Its dates are none of them: a vote may be extended.
RULES = ("ballot", "least", "most", "envelope", "min_age", "asks_cin")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row to be: `values` are what it always says, `first` what only a new row takes."""

    slug: str
    values: dict[str, Any]
    first: dict[str, Any] = field(default_factory=dict)
    projects: tuple["Entry", ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a commune's file says."""

    commune: Entry
    petitions: tuple[Entry, ...] = ()
    budgets: tuple[Entry, ...] = ()


@dataclass(slots=True)
class Count:
    """How many rows were added, changed, removed, and left as they were."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    left: int = 0

    def __str__(self) -> str:
        """For the person at the command line."""
        return f"{self.added} added, {self.changed} changed, {self.removed} removed, {self.left} left as they were"


@dataclass(frozen=True, slots=True)
class Changes:
    """What a load did, by noun."""

    communes: Count = field(default_factory=Count)
    petitions: Count = field(default_factory=Count)
    budgets: Count = field(default_factory=Count)
    projects: Count = field(default_factory=Count)

    def __str__(self) -> str:
        """A line for each noun."""
        nouns = ("communes", "petitions", "budgets", "projects")
        return "\n".join(f"{noun}: {getattr(self, noun)}" for noun in nouns)


class VoteBegun(Exception):
    """The file changes a vote that has ballots; `faults` name the keys, each with what to do."""

    def __init__(self, faults: list[str]):
        super().__init__("\n".join(faults))
        self.faults = faults


async def load(db: AsyncSession, contents: Contents, now: datetime) -> Changes:
    """Add what is new, change what differs, leave the rest, all by slug; raises VoteBegun.

    Loading twice is loading once.  What an entry holds under `first` reaches only a new row: the counters and
    the status (signed, declared_elsewhere, status), which staff keep from then on, and dates relative to the
    moment of loading, which would slide otherwise.  A petition or a budget that the file no longer names stays;
    a project goes, as long as its vote has no ballots.
    """
    changes = Changes()
    communes = await _Rows.of(db, Commune, changes.communes, slug=contents.commune.slug)
    commune = communes.settle(contents.commune)
    await db.flush()
    petitions = await _Rows.of(db, Petition, changes.petitions, commune_id=commune.id)
    for entry in contents.petitions:
        petitions.settle(entry)
    budgets = await _Rows.of(db, Budget, changes.budgets, commune_id=commune.id)
    for entry in contents.budgets:
        await _budget(db, budgets, entry, now, changes.projects)
    await db.flush()
    return changes


async def _budget(db: AsyncSession, budgets: "_Rows", entry: Entry, now: datetime, count: Count) -> None:
    existing = budgets.found.get(entry.slug)
    if existing and await _has_ballots(db, existing):
        projects = await _Rows.of(db, Project, count, budget_id=existing.id)
        faults = list(_against_ballots(existing, projects.found, entry, now))
        if faults:
            raise VoteBegun(faults)
    budget = budgets.settle(entry)
    if budget.vote_key is None and budget.closes > now:
        budget.vote_key = new_key(db)
    await db.flush()
    projects = await _Rows.of(db, Project, count, budget_id=budget.id)
    for project in entry.projects:
        projects.settle(project)
    for slug in projects.found.keys() - {project.slug for project in entry.projects}:
        await db.delete(projects.found[slug])
        count.removed += 1


def _against_ballots(budget: Budget, projects: dict[str, Any], entry: Entry, now: datetime) -> Iterator[str]:
    key = f"budgets.{entry.slug}"
    for rule in RULES:
        was, says = getattr(budget, rule), entry.values.get(rule)
        if was != says:
            yield f"{key}.{rule}: people have voted under {was!r}; write it in place of {says!r}"
    if budget.vote_key is None and entry.values.get("closes", budget.closes) > now:
        # Its key is destroyed: under a new one those who voted could vote again.
        yield f"{key}.closes: the vote is over and cannot open again; make a new budget with another id"
    told = {project.slug: project for project in entry.projects}
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


@dataclass(slots=True)
class _Rows:
    db: AsyncSession
    table: type[Base]
    owner: dict[str, Any]
    found: dict[str, Any]
    count: Count

    @classmethod
    async def of(cls, db: AsyncSession, table: type[Base], count: Count, **owner: Any) -> "_Rows":
        # Locked, as whoever takes part holds its row shared: no ballot slips in while the rules change.
        query = select(table).filter_by(**owner).with_for_update().execution_options(populate_existing=True)
        rows: list[Any] = list((await db.scalars(query)).all())
        owner.pop("slug", None)
        return cls(db, table, owner, {row.slug: row for row in rows}, count)

    def settle(self, entry: Entry) -> Any:
        row = self.found.get(entry.slug)
        if row is None:
            row = self.table(slug=entry.slug, **self.owner, **entry.values, **entry.first)
            self.db.add(row)
            self.count.added += 1
            return row
        different = {key: value for key, value in entry.values.items() if getattr(row, key) != value}
        for key, value in different.items():
            setattr(row, key, value)
        if different:
            self.count.changed += 1
        else:
            self.count.left += 1
        return row
