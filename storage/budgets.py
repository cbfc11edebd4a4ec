"""Participatory budgets: projects, ballots that hold no citizen, and their tally.

A ballot is keyed by HMACs under a key of that vote: of the account (so that its owner can change it) and of the
person (so that each counts once).  The key is destroyed when the vote closes; nobody can then tell, with the
whole database and SAWT_SECRET_KEY in hand, whose ballot is whose.  For the same reason a ballot keeps the day and
not the minute, and is not numbered in order.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    Text,
    UniqueConstraint,
    delete,
    exists,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy import (
    cast as cast_to,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import codes, counts, headcounts, outbox
from storage.citizens import Citizen, Declared
from storage.communes import Home
from storage.counts import Option, Suspect, Tally
from storage.database import insert_or_skip, vault
from storage.occasions import Closed, CountedAlready, Occasion
from storage.schema import Base, Id, Localised
from storage.vault import keyed_hash

NOUN = "budget"
ONE, APPROVAL, KNAPSACK, POINTS = "one", "approval", "knapsack", "points"
BALLOTS = (ONE, APPROVAL, KNAPSACK, POINTS)
LEAST_PROJECTS = 2  # a choice is between two
NO_POINTS: Mapping[int, int] = MappingProxyType({})
FROM_IDEAS = "idea-"  # begins the slug of a project that was an idea of residents


class Budget(Base):
    """A vote on how to spend an envelope (in whole dirhams); its rules are published before it opens."""

    __tablename__ = "budget"
    __table_args__ = (UniqueConstraint("commune_id", "slug"),)
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    slug: Mapped[str]
    title: Mapped[Localised]
    envelope: Mapped[int]
    ballot: Mapped[str]
    least: Mapped[int] = mapped_column(default=1)
    most: Mapped[int]
    points: Mapped[int | None]  # of each voter, on a ballot of points
    most_points: Mapped[int | None]  # of them for one project
    min_age: Mapped[int | None]
    asks_cin: Mapped[bool]  # whether a person is told apart by the ID number, or by the account alone
    opens: Mapped[datetime]
    closes: Mapped[datetime]
    ideas_open: Mapped[datetime | None]  # ideas of residents are taken from then on
    ideas_close: Mapped[datetime | None]
    vote_key: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed; gone once the vote is closed
    is_draft: Mapped[bool] = mapped_column(default=False)  # its author is writing it: only staff see it
    published: Mapped[datetime | None]  # its result, for everybody
    decision: Mapped[str | None]  # of the council on the result: storage/results.py
    decision_note: Mapped[Localised | None]
    decided: Mapped[datetime | None]  # when the decision was recorded


class Project(Base):
    """What can be voted for; cost in whole dirhams."""

    __tablename__ = "project"
    __table_args__ = (UniqueConstraint("budget_id", "slug"),)
    id: Mapped[Id]
    budget_id: Mapped[int] = mapped_column(ForeignKey("budget.id"))
    slug: Mapped[str]
    title: Mapped[Localised]
    short: Mapped[Localised]
    description: Mapped[Localised]
    place: Mapped[str | None]  # a quarter
    cost: Mapped[int]


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


async def opened(db: AsyncSession, commune: Home, now: datetime) -> list[Budget]:
    """The votes that are open now."""
    query = select(Budget).where(Budget.commune_id == commune.id, Budget.opens <= now, Budget.closes > now)
    query = query.where(Budget.is_draft.is_(False), exists().where(Project.budget_id == Budget.id))
    query = query.order_by(Budget.closes, Budget.id)
    return list((await db.scalars(query)).all())


async def every(db: AsyncSession, commune_id: int) -> list[Budget]:
    """All votes of a commune, the newest first."""
    query = select(Budget).filter_by(commune_id=commune_id, is_draft=False).order_by(Budget.id.desc())
    return list((await db.scalars(query)).all())


async def get(db: AsyncSession, id: int) -> Budget | None:
    """A vote, whatever its state."""
    return await db.get(Budget, id)


async def paper(db: AsyncSession, budget: Budget, citizen: Citizen) -> Paper:
    """The projects in an order drawn for this voter (the same at each look, another for each person), and the ballot.

    The ballot is this account's own, while the vote is open; nobody can tell afterwards.
    """
    own = (Ballot.budget_id == Project.budget_id) & (Ballot.voter == voter(db, budget, citizen))
    query = select(Project, Ballot).outerjoin(Ballot, own).where(Project.budget_id == budget.id)
    rows = (await db.execute(query.execution_options(populate_existing=True))).all()
    recognise = vault(db).recognise
    drawn = sorted(rows, key=lambda row: recognise("order of projects", f"{citizen.id} {row[0].id}"))
    return Paper([project for project, _ballot in drawn], rows[0][1] if rows else None)


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
    # Shared with other voters, exclusive with whoever closes the vote and destroys its key.
    locked = select(Budget).where(Budget.id == budget.id).with_for_update(read=True)
    vote = (await db.scalars(locked.execution_options(populate_existing=True))).one()
    if vote.is_draft or not vote.opens <= occasion.now < vote.closes or vote.vote_key is None:
        raise Closed
    check(vote, chosen, points)
    key = opened_key(db, vote)
    voter = _voter(key, occasion.citizen)
    own = select(Ballot.receipt).where(Ballot.budget_id == vote.id, Ballot.voter == voter).with_for_update()
    receipt = await db.scalar(own)
    changed = receipt is not None
    if receipt is None:
        if occasion.assisted:  # many who take part on one phone are told apart by more than the account
            who = who or occasion.citizen.declared
        if vote.asks_cin and who is None:
            raise NotAllowed("nobody was declared")
        receipt = codes.receipt(occasion.commune.receipt_prefix)
        row = insert_or_skip(db, Ballot).values(
            budget_id=vote.id,
            voter=voter,
            person=keyed_hash(key, f"person {who.person}") if who else None,
            receipt=receipt,
            channel=occasion.channel,
            day=occasion.day,
        )
        if (await db.execute(row.returning(Ballot.voter))).scalar_one_or_none() is None:
            raise CountedAlready
        await headcounts.add(db, NOUN, vote.id, occasion, has_declared=who is not None)
    await db.execute(delete(Choice).where(Choice.budget_id == vote.id, Choice.voter == voter))
    marks = [
        {"budget_id": vote.id, "voter": voter, "project_id": project.id, "points": points.get(project.id, 1)}
        for project in chosen
    ]
    await db.execute(insert(Choice), marks)
    return Cast(receipt, changed)


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


def new_key(db: AsyncSession) -> bytes:
    """A key for a new vote, sealed."""
    return vault(db).seal(secrets.token_hex(32))


def opened_key(db: AsyncSession, budget: Budget) -> bytes:
    """The key of a vote that has it still."""
    return bytes.fromhex(vault(db).open(budget.vote_key or b""))


def voter(db: AsyncSession, budget: Budget, citizen: Citizen) -> str:
    """The mark of this account on its ballot, while the vote has its key."""
    return _voter(opened_key(db, budget), citizen) if budget.vote_key else ""


def _voter(key: bytes, citizen: Citizen) -> str:
    return keyed_hash(key, f"account {citizen.id}")


async def destroy_keys(db: AsyncSession, now: datetime) -> int:
    """Cut closed votes from their voters for good; how many votes."""
    closed = update(Budget).where(Budget.closes <= now, Budget.vote_key.is_not(None)).values(vote_key=None)
    votes = list((await db.execute(closed.returning(Budget.id))).scalars())
    if votes:
        await outbox.forget_ballots(db)
        if db.get_bind().dialect.name == "postgresql":
            await db.execute(_REWRITE, {"votes": votes})
            await headcounts.write_anew(db, NOUN, votes)
    return len(votes)


# PostgreSQL keeps with each row the transaction that wrote it (xmin), and rows in the order of writing: both would
# lead from a ballot to the conversation that cast it.  So all ballots of a vote are written again, at once.
_REWRITE = text("""
    WITH marks AS (DELETE FROM choice WHERE budget_id = ANY(:votes) RETURNING *),
    slips AS (DELETE FROM ballot WHERE budget_id = ANY(:votes) RETURNING *),
    anew AS (INSERT INTO ballot SELECT * FROM slips ORDER BY voter)
    INSERT INTO choice SELECT * FROM marks ORDER BY voter, project_id
""")


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
    mark = (cast_to(Choice.project_id, Text) + ":" + cast_to(Choice.points, Text)).label("mark")
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
