"""The works that follow a vote: planned, begun, finished; told to those who follow the vote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import budget_desk, budget_tally, follows, media, results
from storage.budget_desk import NotPossible
from storage.budgets import NOUN, Budget, Project
from storage.schema import Base, Id, Localised

PLANNED, BEGUN, FINISHED = STEPS = ("planned", "begun", "finished")
_PHOTO = timedelta(days=5 * 365)  # it shows a public work, and no person


class Work(Base):
    """A step of the works on a project."""

    __tablename__ = "work"
    __table_args__ = (UniqueConstraint("project_id", "step"),)
    id: Mapped[Id]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    step: Mapped[str]
    note: Mapped[Localised]
    media_id: Mapped[int | None]
    entered: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Site:
    """A project that is carried out, and its steps so far."""

    project: Project
    steps: Sequence[Work]

    @property
    def id(self) -> int:
        """The project's."""
        return self.project.id

    @property
    def next_steps(self) -> list[str]:
        """What can come now: works may begin unplanned, and nothing goes back."""
        reached = [STEPS.index(step.step) for step in self.steps]
        return list(STEPS[max(reached, default=-1) + 1 :])


async def sites(db: AsyncSession, budget: Budget) -> list[Site]:
    """The projects that a published result pays for, the most voted first."""
    won = results.funded(await budget_tally.votes(db, budget), budget.envelope) if budget.published else []
    query = select(Work).where(Work.project_id.in_([each.id for each in won])).order_by(Work.id)
    steps = list((await db.scalars(query)).all())
    return [Site(each, [step for step in steps if step.project_id == each.id]) for each in won]


async def enter(
    db: AsyncSession,
    commune_id: int,
    project_id: int,
    step: str,
    note: Localised,
    photo: int | None,
    by: int,
    now: datetime,
) -> int:
    """Enter a step; those who follow the vote are told.  The number of the vote.  Raises NotPossible."""
    project = await db.get(Project, project_id)
    budget = await budget_desk.locked(db, commune_id, project.budget_id if project else 0)
    site = next((each for each in await sites(db, budget) if each.id == project_id), None)
    if site is None:
        raise NotPossible("unknown")
    if step not in site.next_steps:
        raise NotPossible("entered")
    kept = photo if photo and await media.hand_in(db, photo, by, "work", now + _PHOTO) else None
    row = Work(project_id=project_id, step=step, note=note, media_id=kept, entered=now)
    db.add(row)
    await db.flush()
    await follows.tell(db, NOUN, budget.id, "budget.work", str(row.id), now)
    return budget.id


async def one(db: AsyncSession, id: int) -> tuple[Work, Project] | None:
    """A step, with what it is about."""
    query = select(Work, Project).join(Project, Project.id == Work.project_id).where(Work.id == id)
    row = (await db.execute(query)).one_or_none()
    return (row[0], row[1]) if row else None
