"""Results of votes: counted after the close, published by the staff, then decided on by the council; told once each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import budget_desk, follows
from storage.budget_desk import NotPossible
from storage.budgets import NOUN, Budget, Project
from storage.schema import Localised

ADOPTED, PARTLY, REJECTED = "adopted", "partly", "rejected"
DECISIONS = (ADOPTED, PARTLY, REJECTED)


async def publish(db: AsyncSession, commune_id: int, id: int, now: datetime) -> None:
    """Let everybody see the result; never before the close.  Raises NotPossible."""
    budget = await budget_desk.locked(db, commune_id, id)
    if budget.is_draft:
        raise NotPossible("draft")
    if budget.closes > now:
        raise NotPossible("early")
    if budget.published:
        raise NotPossible("published")
    budget.published = now
    await _tell(db, "budget.result", id, "", now)


async def decide(db: AsyncSession, commune_id: int, id: int, decision: str, note: Localised, now: datetime) -> None:
    """Record what the council decided on a published result; recorded again, it is told again.  Raises NotPossible."""
    if decision not in DECISIONS:
        raise ValueError(decision)
    budget = await budget_desk.locked(db, commune_id, id)
    if budget.published is None:
        raise NotPossible("early")
    if (budget.decision, budget.decision_note) == (decision, note):
        raise NotPossible("published")
    budget.decision, budget.decision_note, budget.decided = decision, note, now
    await _tell(db, "budget.decided", id, now.isoformat(), now)


async def _tell(db: AsyncSession, kind: str, id: int, occasion: str, now: datetime) -> None:
    await db.flush()
    await follows.tell(db, NOUN, id, kind, occasion, now)


async def page(db: AsyncSession, commune_id: int, offset: int, limit: int) -> Sequence[Budget]:
    """Votes whose results are published, the newest first."""
    query = select(Budget).where(Budget.commune_id == commune_id, Budget.published.is_not(None))
    return (await db.scalars(query.order_by(Budget.published.desc(), Budget.id).offset(offset).limit(limit))).all()


async def find(db: AsyncSession, commune_id: int, id: int) -> Budget | None:
    """A vote whose result is published."""
    query = select(Budget).where(Budget.id == id, Budget.commune_id == commune_id, Budget.published.is_not(None))
    return (await db.scalars(query)).one_or_none()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a project: it won, or why not: nobody chose it, or it costs more than was `left`."""

    project: Project
    count: int
    has_won: bool
    left: int


def explained(votes: Sequence[tuple[Project, int]], envelope: int) -> list[Outcome]:
    """Each project, the most voted first, of two the cheaper; what costs more than is left is passed by."""
    found, left = [], envelope
    for project, count in sorted(votes, key=lambda each: (-each[1], each[0].cost, each[0].id)):
        has_won = bool(count) and project.cost <= left
        found.append(Outcome(project, count, has_won, left))
        left -= project.cost if has_won else 0
    return found


def funded(votes: Sequence[tuple[Project, int]], envelope: int) -> list[Project]:
    """The projects that the envelope pays for."""
    return [each.project for each in explained(votes, envelope) if each.has_won]
