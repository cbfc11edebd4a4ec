"""Ideas for a budget: proposed while its call is open, read by the staff, then public without a name.

What somebody wrote is sealed, and opened where it is shown.  Whether a call is open is a matter of its dates.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    UniqueConstraint,
    exists,
    func,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.budgets import Budget, Project
from storage.database import vault
from storage.follows import Follow
from storage.schema import Base, Id, Localised, Marked

NOUN = "idea"
WAITING, PUBLISHED, MERGED, REFUSED = "waiting", "published", "merged", "refused"
FEASIBLE, NOT_FEASIBLE, SHORTLISTED, PROJECT = "feasible", "not_feasible", "shortlisted", "project"
PUBLIC = (PUBLISHED, FEASIBLE, NOT_FEASIBLE, SHORTLISTED, PROJECT)
SUPPORTED = (PUBLISHED, FEASIBLE, SHORTLISTED)  # in these states it may be supported, until its vote opens
CORRECTION = timedelta(days=14)  # within which an idea that was refused may be corrected


class Idea(Base):
    """What somebody would spend a budget on."""

    __tablename__ = "idea"
    __table_args__ = (Index("ix_idea_of_call", "budget_id", "state", "id"),)
    id: Mapped[Id]
    budget_id: Mapped[int] = mapped_column(ForeignKey("budget.id"))
    citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizen.id"), index=True)  # None: cut from its author
    said: Mapped[bytes] = mapped_column(LargeBinary)  # sealed: title, words, place
    quarter: Mapped[str | None]
    cost: Mapped[int | None]  # in whole dirhams, as its author guesses
    media_id: Mapped[int | None]
    state: Mapped[str]
    edition: Mapped[int] = mapped_column(default=1)  # how often it was written: each is read by the staff
    moves: Mapped[int] = mapped_column(default=0)  # steps so far: each is told once
    reason: Mapped[str | None]  # it was refused, as a code
    note: Mapped[Localised]  # why it can be done, or cannot
    estimate: Mapped[int | None]  # what it costs, as the staff found
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("idea.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), unique=True)
    counted: Mapped[int] = mapped_column(default=0)  # supports that are cut from who gave them
    receipt: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    language: Mapped[str]
    assisted: Mapped[Marked]
    written: Mapped[datetime]
    changed: Mapped[datetime]
    decided: Mapped[datetime | None]
    day: Mapped[date] = mapped_column(Date)  # of `written`, in Morocco


class IdeaSupport(Base):
    """Somebody is for an idea: each account once, each person once where the account has declared one."""

    __tablename__ = "idea_support"
    __table_args__ = (UniqueConstraint("idea_id", "person"),)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True, autoincrement=False)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), primary_key=True, index=True)
    person: Mapped[str | None]
    assisted: Mapped[Marked]
    given: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes."""

    title: str
    words: str
    place: str = ""
    quarter: str | None = None
    cost: int | None = None
    media: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """An idea, opened, as one person sees it."""

    id: int
    budget_id: int
    budget: Localised
    said: Proposal
    state: str
    edition: int
    moves: int
    reason: str | None
    note: Localised
    estimate: int | None
    merged_into: int | None
    voted_in: int | None  # the vote of which it is a project
    receipt: str
    language: str
    decided: datetime | None
    votes_from: datetime
    supporters: int
    is_mine: bool
    is_supported: bool
    is_followed: bool

    def takes_support(self, now: datetime) -> bool:
        """Whether others may support it."""
        return self.state in SUPPORTED and now < self.votes_from

    def can_be_corrected(self, now: datetime) -> bool:
        """Whether it was refused, so lately that its author may still correct it."""
        return self.state == REFUSED and self.decided is not None and now < self.decided + CORRECTION


async def page(db: AsyncSession, call_id: int, citizen_id: int, offset: int, limit: int) -> list[Seen]:
    """Public ideas of a call, the newest first."""
    query = _seen(citizen_id).where(Idea.budget_id == call_id, Idea.state.in_(PUBLIC))
    return await _opened(db, query.order_by(Idea.id.desc()).offset(offset).limit(limit), citizen_id)


async def most_supported(db: AsyncSession, call_id: int, citizen_id: int, offset: int, limit: int) -> list[Seen]:
    """Public ideas of a call, the most supported first."""
    query = _seen(citizen_id).where(Idea.budget_id == call_id, Idea.state.in_(PUBLIC))
    return await _opened(db, query.order_by(supporters().desc(), Idea.id).offset(offset).limit(limit), citizen_id)


async def mine(db: AsyncSession, call_id: int, citizen_id: int, offset: int, limit: int) -> list[Seen]:
    """What this person proposed."""
    query = _seen(citizen_id).where(Idea.budget_id == call_id, Idea.citizen_id == citizen_id)
    return await _opened(db, query.order_by(Idea.id.desc()).offset(offset).limit(limit), citizen_id)


async def find(db: AsyncSession, commune_id: int, id: int, citizen_id: int) -> Seen | None:
    """An idea, whatever its state."""
    found = await _opened(db, _seen(citizen_id).where(Idea.id == id, Budget.commune_id == commune_id), citizen_id)
    return found[0] if found else None


async def others(db: AsyncSession, idea: Seen, citizen_id: int, offset: int, limit: int) -> list[Seen]:
    """The public ideas of its call with which it can be put, the most supported first."""
    query = _seen(citizen_id).where(Idea.budget_id == idea.budget_id, Idea.id != idea.id)
    query = query.where(Idea.state.in_(PUBLIC), Idea.state != PROJECT)
    return await _opened(db, query.order_by(supporters().desc(), Idea.id).offset(offset).limit(limit), citizen_id)


async def titles(db: AsyncSession, call_id: int, limit: int = 1000) -> dict[int, str]:
    """What the public ideas of a call are called, the newest of them."""
    query = select(Idea.id, Idea.said).where(Idea.budget_id == call_id, Idea.state.in_(PUBLIC))
    opened = vault(db).open
    return {id: opened(said)["title"] for id, said in await db.execute(query.order_by(Idea.id.desc()).limit(limit))}


def supporters() -> Any:
    """How many are for an idea, as a column."""
    given = select(func.count()).where(IdeaSupport.idea_id == Idea.id).correlate(Idea)
    return given.scalar_subquery() + Idea.counted


def _seen(citizen_id: int) -> Select[Any]:
    is_supported = exists().where(IdeaSupport.idea_id == Idea.id, IdeaSupport.citizen_id == citizen_id)
    is_followed = exists().where(Follow.noun == NOUN, Follow.about == Idea.id, Follow.citizen_id == citizen_id)
    voted_in = select(Project.budget_id).where(Project.id == Idea.project_id).correlate(Idea).scalar_subquery()
    columns = (Idea, Budget.title, Budget.opens, voted_in, supporters(), is_supported, is_followed)
    return select(*columns).join(Budget, Budget.id == Idea.budget_id)


async def _opened(db: AsyncSession, those: Select[Any], citizen_id: int) -> list[Seen]:
    rows = await db.execute(those.execution_options(populate_existing=True))
    return [_as_seen(db, citizen_id, *row) for row in rows]


def _as_seen(
    db: AsyncSession,
    citizen_id: int,
    row: Idea,
    budget: Localised,
    votes_from: datetime,
    voted_in: int | None,
    count: int,
    is_supported: bool,
    is_followed: bool,
) -> Seen:
    said = Proposal(**vault(db).open(row.said), quarter=row.quarter, cost=row.cost, media=row.media_id)
    return Seen(
        id=row.id,
        budget_id=row.budget_id,
        budget=budget,
        said=said,
        state=row.state,
        edition=row.edition,
        moves=row.moves,
        reason=row.reason,
        note=row.note,
        estimate=row.estimate,
        merged_into=row.merged_into,
        voted_in=voted_in,
        receipt=row.receipt,
        language=row.language,
        decided=row.decided,
        votes_from=votes_from,
        supporters=count,
        is_mine=row.citizen_id == citizen_id,
        is_supported=bool(is_supported),
        is_followed=bool(is_followed),
    )
