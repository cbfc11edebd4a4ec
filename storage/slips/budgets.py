"""Ballots cast on paper, counted with the others: one a person, whose number no ballot holds."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import ballot_keys, ballots, citizens, codes, headcounts
from storage.ballots import Ballot, Choice, NotAllowed
from storage.budgets import NOUN, POINTS, Budget, Project
from storage.communes import Home
from storage.database import insert_or_skip
from storage.occasions import PAPER, casablanca_day
from storage.schema import Rows
from storage.slips.slip import COUNTED, PROJECT, RULES, Report, Slip, in_parts, quarter, told_apart
from storage.vault import keyed_hash


def taking(home: Home, now: datetime) -> Rows:
    """Votes that are open, as `Register` has them."""
    columns = literal("budget").label("noun"), Budget.id.label("about"), Budget.slug, Budget.title
    query = select(*columns).where(Budget.commune_id == home.id, Budget.is_draft.is_(False))
    return query.where(Budget.opens <= now, Budget.closes > now)


async def enter(
    db: AsyncSession, home: Home, about: int, slips: list[Slip], now: datetime, keep: bool = True
) -> Report:
    """Cast them, or with `keep` false only say what would be; each person votes once.  Raises Closed.

    They are entered before the vote closes: afterwards nobody can tell who has voted.
    """
    vote = await ballots.open_vote(db, home, about, now)
    report = Report()
    key = ballot_keys.opened(db, vote.vote_key or b"")
    projects = await projects_on_paper(db, about)
    people: dict[str, tuple[Slip, dict[Project, int]]] = {}
    for cin, slip in told_apart(slips, report).items():
        chosen = _chosen(vote, projects, slip, report)
        if chosen:
            people[ballot_keys.person(key, citizens.recognised_in(db, home.id, cin))] = slip, chosen
    for person in await _counted(db, about, list(people)):
        report.refuse(people.pop(person)[0], COUNTED)
    if keep:
        marks = {keyed_hash(key, f"paper {person}"): (person, *of) for person, of in people.items()}
        await _cast(db, home, about, now, marks, report)
    report.entered = len(people) if not keep else report.entered
    return report.sorted()


async def projects_on_paper(db: AsyncSession, about: int) -> list[Project]:
    """The projects in the order in which they stand, and are numbered, on paper."""
    return list((await db.scalars(select(Project).filter_by(budget_id=about).order_by(Project.id))).all())


def split(said: str) -> tuple[str, ...]:
    """The projects that a cell names: «1, 3», «parc; banc»."""
    return tuple(part.strip() for part in re.split(r"[,;،؛+\n]", said) if part.strip())


def _chosen(vote: Budget, projects: Sequence[Project], slip: Slip, report: Report) -> dict[Project, int]:
    """The projects that a slip names, and the points of each where the vote gives points: «parc=3»."""
    known = {name: each for number, each in enumerate(projects, 1) for name in _names(number, each)}
    said = [_with_points(choice) if vote.ballot == POINTS else (choice, 1) for choice in slip.choices]
    found = [(known.get(name.casefold()), points) for name, points in said]
    chosen = [(project, points) for project, points in found if project]
    if len(chosen) < len(found) or not found:
        report.refuse(slip, PROJECT)
        return {}
    given = {project.id: points for project, points in chosen} if vote.ballot == POINTS else {}
    try:
        ballots.check(vote, [project for project, _points in chosen], given)
    except NotAllowed:
        report.refuse(slip, RULES)
        return {}
    return dict(chosen)


def _with_points(choice: str) -> tuple[str, int]:
    name, _, figure = choice.rpartition("=")
    return (name.strip(), int(figure)) if figure.strip().isdecimal() else (choice, 0)


def _names(number: int, project: Project) -> list[str]:
    titles = (*project.title.values(), *project.short.values())
    return [str(number), project.slug.casefold(), *(title.casefold() for title in titles)]


async def _counted(db: AsyncSession, about: int, people: list[str]) -> list[str]:
    found: list[str] = []
    for part in in_parts(people):
        query = select(Ballot.person).where(Ballot.budget_id == about, Ballot.person.in_(part))
        found += [person for person in await db.scalars(query) if person]
    return found


async def _cast(
    db: AsyncSession, home: Home, about: int, now: datetime, marks: dict[str, tuple[Any, ...]], report: Report
) -> None:
    """Insert them; who has voted in this very moment is counted once all the same."""
    for part in in_parts(sorted(marks)):
        rows = [
            {
                "budget_id": about,
                "voter": voter,
                "person": marks[voter][0],
                "receipt": codes.receipt(home.receipt_prefix),
                "channel": PAPER,
                "day": casablanca_day(now),
            }
            for voter in part
        ]
        done = await db.scalars(insert_or_skip(db, Ballot).values(rows).returning(Ballot.voter))
        cast = set(done.all())
        choices = [
            {"budget_id": about, "voter": voter, "project_id": project.id, "points": points}
            for voter in part
            if voter in cast
            for project, points in marks[voter][2].items()
        ]
        if choices:
            await db.execute(insert(Choice), choices)
        for voter in part:
            if voter not in cast:
                report.refuse(marks[voter][1], COUNTED)
        report.entered += len(cast)
        _count(db, home, about, [marks[voter][1] for voter in cast])


def _count(db: AsyncSession, home: Home, about: int, slips: list[Slip]) -> None:
    """What is known of those who cast them, beside the ballots."""
    for slip in slips:
        headcounts.more(db, NOUN, about, "assurance", PAPER)
        if place := quarter(home, slip.quarter):
            headcounts.more(db, NOUN, about, "quarter", place)
