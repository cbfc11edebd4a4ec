"""Ballots on budgets, which hold no citizen: cast, changed while the vote is open, and cut from their voters after it.

A ballot is keyed under the key of its vote (`storage/ballot_keys.py`): by the account, so that its owner can change
it, and by the person, so that each counts once.  For the same reason it keeps the day and not the minute, and is not
numbered in order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint, delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import ballot_keys, codes, headcounts
from storage.budgets import KNAPSACK, NOUN, POINTS, Budget, Project
from storage.citizens import Citizen, Declared
from storage.communes import Home
from storage.database import insert_or_skip, vault
from storage.occasions import Closed, CountedAlready, Occasion
from storage.schema import Base

NO_POINTS: Mapping[int, int] = MappingProxyType({})


class Ballot(Base):
    """Someone's vote; nobody's name."""

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("budget_id", "person"),
        {"sqlite_with_rowid": False},  # no numbering in the order of casting
    )
    budget_id: Mapped[int] = mapped_column(ForeignKey("budget.id"), primary_key=True, autoincrement=False)
    voter: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str | None]
    receipt: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    day: Mapped[date]


class Choice(Base):
    """A project on a ballot."""

    __tablename__ = "choice"
    __table_args__ = (
        ForeignKeyConstraint(["budget_id", "voter"], ["ballot.budget_id", "ballot.voter"]),
        {"sqlite_with_rowid": False},
    )
    budget_id: Mapped[int] = mapped_column(primary_key=True)
    voter: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True, index=True)
    points: Mapped[int] = mapped_column(default=1, server_default="1")


class NotAllowed(Exception):
    """A ballot against the rules of its vote."""


@dataclass(frozen=True, slots=True)
class Cast:
    """A ballot that counts; `changed` if it took the place of an earlier one."""

    receipt: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """What a voter has in hand: the projects, and the ballot already cast."""

    projects: list[Project]
    mine: Ballot | None


async def paper(db: AsyncSession, budget: Budget, citizen: Citizen) -> Paper:
    """The projects in an order drawn for this voter (the same at each look, another for each person), and the ballot.

    The ballot is this account's own, while the vote is open; nobody can tell afterwards.
    """
    own = (Ballot.budget_id == Project.budget_id) & (Ballot.voter == ballot_keys.account(db, budget.vote_key, citizen))
    query = select(Project, Ballot).outerjoin(Ballot, own).where(Project.budget_id == budget.id)
    rows = (await db.execute(query.execution_options(populate_existing=True))).all()
    recognise = vault(db).recognise
    drawn = sorted(rows, key=lambda row: recognise("order of projects", f"{citizen.id} {row[0].id}"))
    return Paper([project for project, _ballot in drawn], rows[0][1] if rows else None)


async def open_vote(db: AsyncSession, home: Home, id: int, now: datetime) -> Budget:
    """The vote, shared with others who vote, held against whoever closes it and destroys its key.  Raises Closed."""
    query = select(Budget).where(Budget.id == id, Budget.commune_id == home.id).with_for_update(read=True)
    vote = (await db.scalars(query.execution_options(populate_existing=True))).one_or_none()
    if vote is None or vote.is_draft or not vote.opens <= now < vote.closes or vote.vote_key is None:
        raise Closed
    return vote


async def cast(
    db: AsyncSession,
    budget: Budget,
    occasion: Occasion,
    chosen: Sequence[Project],
    who: Declared | None,
    points: Mapping[int, int] = NO_POINTS,
) -> Cast:
    """Cast a ballot, or change it: the last counts.  `points` by the number of a project, on a ballot of points.

    Raises Closed, CountedAlready, NotAllowed."""
    vote = await open_vote(db, occasion.commune, budget.id, occasion.now)
    check(vote, chosen, points)
    voter = ballot_keys.account(db, vote.vote_key, occasion.citizen)
    own = select(Ballot.receipt).where(Ballot.budget_id == vote.id, Ballot.voter == voter).with_for_update()
    before = await db.scalar(own)
    receipt = before or await _first(db, vote, voter, occasion, who)
    await db.execute(delete(Choice).where(Choice.budget_id == vote.id, Choice.voter == voter))
    marks = [
        {"budget_id": vote.id, "voter": voter, "project_id": project.id, "points": points.get(project.id, 1)}
        for project in chosen
    ]
    await db.execute(insert(Choice), marks)
    return Cast(receipt, changed=before is not None)


async def _first(db: AsyncSession, vote: Budget, voter: str, occasion: Occasion, who: Declared | None) -> str:
    """The ballot of an account that has none yet, without its choices; its receipt."""
    if occasion.assisted:  # many who take part on one phone are told apart by more than the account
        who = who or occasion.citizen.declared
    if vote.asks_cin and who is None:
        raise NotAllowed("nobody was declared")
    receipt = codes.receipt(occasion.commune.receipt_prefix)
    row = insert_or_skip(db, Ballot).values(
        budget_id=vote.id,
        voter=voter,
        person=ballot_keys.person(ballot_keys.opened(db, vote.vote_key or b""), who.person) if who else None,
        receipt=receipt,
        channel=occasion.channel,
        day=occasion.day,
    )
    if (await db.execute(row.returning(Ballot.voter))).scalar_one_or_none() is None:
        raise CountedAlready
    await headcounts.add(db, NOUN, vote.id, occasion, has_declared=who is not None)
    return receipt


def check(budget: Budget, chosen: Sequence[Project], points: Mapping[int, int] = NO_POINTS) -> None:
    """Hold a ballot against the rules of its vote; raises NotAllowed."""
    if len({project.id for project in chosen}) != len(chosen):
        raise NotAllowed("a project twice")
    if any(project.budget_id != budget.id for project in chosen):
        raise NotAllowed("a project of another vote")
    if not budget.least <= len(chosen) <= budget.most:
        raise NotAllowed(f"{len(chosen)} projects, not {budget.least} to {budget.most}")
    if budget.ballot == KNAPSACK and sum(project.cost for project in chosen) > budget.envelope:
        raise NotAllowed("over the envelope")
    if budget.ballot == POINTS:
        _check_points(budget, [points.get(project.id, 0) for project in chosen])
    if points.keys() - ({project.id for project in chosen} if budget.ballot == POINTS else set()):
        raise NotAllowed("points for what was not chosen")


def _check_points(budget: Budget, given: list[int]) -> None:
    every = budget.points or 0
    if sum(given) > every:
        raise NotAllowed(f"{sum(given)} points, not {every}")
    if min(given) < 1 or max(given) > (budget.most_points or every):
        raise NotAllowed("too few or too many points for one project")


async def destroy_keys(db: AsyncSession, now: datetime) -> int:
    """Cut closed votes from their voters for good; how many votes."""
    votes = [vote.id for vote in await ballot_keys.destroy(db, Budget.vote_key, now)]
    await ballot_keys.write_anew(db, NOUN, votes, _REWRITE)
    return len(votes)


_REWRITE = text("""
    WITH marks AS (DELETE FROM choice WHERE budget_id = ANY(:those) RETURNING *),
    slips AS (DELETE FROM ballot WHERE budget_id = ANY(:those) RETURNING *),
    anew AS (INSERT INTO ballot SELECT * FROM slips ORDER BY voter)
    INSERT INTO choice SELECT * FROM marks ORDER BY voter, project_id
""")
