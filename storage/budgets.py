"""Participatory budgets: the votes, their rules and their projects."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.communes import Home
from storage.schema import Base, Id, Localised

NOUN = "budget"
ONE, APPROVAL, KNAPSACK, POINTS = "one", "approval", "knapsack", "points"
BALLOTS = (ONE, APPROVAL, KNAPSACK, POINTS)
LEAST_PROJECTS = 2  # a choice is between two
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
