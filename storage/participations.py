"""All that a person did here, of every noun, in one list; and what a receipt stands for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from storage import (
    applications,
    ballot_keys,
    budgets,
    comments,
    contributions,
    idea_proposals,
    idea_supports,
    messages,
    petition_desk,
    registrations,
    responses,
    submitting,
    supports,
)
from storage.ballots import Ballot
from storage.budgets import Budget
from storage.citizens import Citizen
from storage.communes import Home
from storage.schema import Localised, Rows
from storage.start_of_day import StartOf

BALLOT, CAST, COUNTED = "ballot", "cast", "counted"

# A noun more is a line more.  Ballots hold no citizen: they are found by the key of their vote, below.
NOUNS = (
    supports.participations,
    petition_desk.participations,
    messages.participations,
    comments.participations,
    responses.participations,
    contributions.participations,
    submitting.participations,
    idea_proposals.participations,
    idea_supports.participations,
    applications.participations,
    registrations.participations,
)


@dataclass(frozen=True, slots=True)
class Participation:
    """One thing that a person did: which noun, about what, in which state, and the next date that matters."""

    noun: str
    about: int
    title: Localised
    code: str
    state: str
    since: datetime
    until: datetime | None

    @property
    def id(self) -> str:
        """What names it in a list: its code, but never that of a ballot, which conversations must not keep."""
        return f"{self.noun}_{self.about}" if self.noun == BALLOT or not self.code else self.code


async def page(
    db: AsyncSession, citizen: Citizen, home: Home, now: datetime, offset: int, limit: int
) -> list[Participation]:
    """What this person did, the newest first; ballots only while they can be changed."""
    return await _read(db, await _own(db, citizen, home, now), offset, limit)


async def find(db: AsyncSession, citizen: Citizen, home: Home, now: datetime, id: str) -> Participation | None:
    """What this person did under this name, or what this receipt stands for.

    Another person's stays unknown; of a ballot anybody is told the same: nobody can be made to prove a vote.
    """
    noun, _, about = id.partition("_")
    if about.isdecimal():
        those = await _own(db, citizen, home, now)
        found = await _read(db, those, 0, 1, noun=noun, about=int(about))
    else:
        of_anybody = _ballots(and_(Ballot.receipt == id, Budget.commune_id == home.id), COUNTED)
        found = await _read(db, [*(of(citizen.id) for of in NOUNS), of_anybody], 0, 1, code=id)
    return found[0] if found else None


async def _own(db: AsyncSession, citizen: Citizen, home: Home, now: datetime) -> list[Rows]:
    votes = [vote for vote in await budgets.opened(db, home, now) if vote.vote_key]
    marks = [(vote.id, ballot_keys.account(db, vote.vote_key, citizen)) for vote in votes]
    own = [and_(Ballot.budget_id == id, Ballot.voter == mark) for id, mark in marks]
    ballots = [_ballots(or_(*own), CAST)] if own else []
    return [*(of(citizen.id) for of in NOUNS), *ballots]


async def _read(db: AsyncSession, those: list[Rows], offset: int, limit: int, **only: str | int) -> list[Participation]:
    every = union_all(*those).subquery()
    query = select(every).filter_by(**only).order_by(every.c.since.desc(), every.c.noun, every.c.about)
    return [Participation(*row) for row in await db.execute(query.offset(offset).limit(limit))]


def _ballots(those: ColumnElement[bool], state: str) -> Rows:
    return (
        select(
            literal(BALLOT).label("noun"),
            Budget.id.label("about"),
            Budget.title.label("title"),
            Ballot.receipt.label("code"),
            literal(state).label("state"),
            StartOf(Ballot.day).label("since"),
            Budget.closes.label("until"),
        )
        .join(Ballot, Ballot.budget_id == Budget.id)
        .where(those)
    )
