"""What is open, planned and done in one quarter, of every noun, in one list and one look."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, exists, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from storage import works
from storage.bodies import Body
from storage.budgets import Budget, Project
from storage.communes import Home
from storage.ideas import PUBLIC, Idea
from storage.petitions import COLLECTING, ENDED, PRIVATE, Petition
from storage.schema import Localised, Rows
from storage.works import Work
from storage.workshops import PLANNED, Workshop

OPEN, COMING, DONE = "open", "coming", "done"
STATES = (OPEN, COMING, DONE)  # in this order
LATELY = timedelta(days=730)  # what was done before is history


@dataclass(frozen=True, slots=True)
class Nearby:
    """Something in a quarter: which noun, its number, what it stands in, and the date that matters."""

    noun: str
    number: int  # of ideas: how many
    within: int  # of a project: its vote
    title: Localised
    state: str
    when: datetime

    @property
    def id(self) -> str:
        """What names it in a list, and says all that is needed to go there."""
        return f"{self.noun}_{self.within}_{self.number}"


def _projects(home: Home, quarter: str, now: datetime) -> Rows:
    """Projects that can be voted for now, and those of votes whose result is published, until there are works."""
    is_open = (Budget.opens <= now) & (Budget.closes > now)
    is_decided = (Budget.published > now - LATELY) & ~exists().where(Work.project_id == Project.id)
    return (
        select(
            case((is_open, literal("project")), else_=literal("result")).label("noun"),
            Project.id.label("number"),
            Budget.id.label("within"),
            Project.short.label("title"),
            case((is_open, literal(OPEN)), else_=literal(DONE)).label("state"),
            Budget.closes.label("when"),
        )
        .join(Budget, Budget.id == Project.budget_id)
        .where(Budget.commune_id == home.id, Budget.is_draft.is_(False), Project.place == quarter)
        .where(is_open | is_decided)
    )


def _petitions(home: Home, quarter: str, now: datetime) -> Rows:
    """Those that gather support, and those that are or were with the council."""
    is_open = (Petition.status == COLLECTING) & (Petition.closes > now)
    is_over = Petition.status.in_(ENDED) | (Petition.status == COLLECTING)
    state = case((is_open, literal(OPEN)), (is_over, literal(DONE)), else_=literal(COMING))
    return select(
        literal("petition").label("noun"),
        Petition.id.label("number"),
        Petition.id.label("within"),
        Petition.short.label("title"),
        state.label("state"),
        Petition.closes.label("when"),
    ).where(
        Petition.commune_id == home.id,
        Petition.quarter == quarter,
        Petition.status.not_in(PRIVATE),
        Petition.closes > now - LATELY,
    )


def _works(home: Home, quarter: str, now: datetime) -> Rows:
    """Works on what a vote has paid for, at their last step."""
    steps = case({works.PLANNED: COMING, works.BEGUN: OPEN}, value=Work.step, else_=DONE)
    last = select(func.max(Work.id)).group_by(Work.project_id)
    return (
        select(
            literal("works").label("noun"),
            Project.id.label("number"),
            Budget.id.label("within"),
            Project.short.label("title"),
            steps.label("state"),
            Work.entered.label("when"),
        )
        .join(Project, Project.id == Work.project_id)
        .join(Budget, Budget.id == Project.budget_id)
        .where(Work.id.in_(last), Work.entered > now - LATELY)
        .where(Budget.commune_id == home.id, Project.place == quarter)
    )


def _ideas(home: Home, quarter: str, now: datetime) -> Rows:
    """The ideas that people had for the quarter, as many as there are: their words are sealed."""
    return (
        select(
            literal("ideas").label("noun"),
            func.count().label("number"),
            Budget.id.label("within"),
            Budget.title.label("title"),
            case((Budget.ideas_close > now, literal(OPEN)), else_=literal(DONE)).label("state"),
            Budget.ideas_close.label("when"),
        )
        .join(Idea, Idea.budget_id == Budget.id)
        .where(Budget.commune_id == home.id, Budget.is_draft.is_(False), Budget.ideas_close > now - LATELY)
        .where(Idea.quarter == quarter, Idea.state.in_(PUBLIC))
        .group_by(Budget.id)
    )


def _workshops(home: Home, quarter: str, now: datetime) -> Rows:
    """Those to come, and those of which there are minutes."""
    is_coming = Workshop.begins > now
    has_minutes = (Workshop.begins > now - LATELY) & (Workshop.minutes_sent > 0)
    return select(
        literal("workshop").label("noun"),
        Workshop.id.label("number"),
        Workshop.id.label("within"),
        Workshop.short.label("title"),
        case((is_coming, literal(COMING)), else_=literal(DONE)).label("state"),
        Workshop.begins.label("when"),
    ).where(
        Workshop.commune_id == home.id,
        Workshop.quarter == quarter,
        Workshop.state == PLANNED,
        is_coming | has_minutes,
    )


def _bodies(home: Home, quarter: str, now: datetime) -> Rows:
    """Committees of the quarter: open, before, or at work."""
    state = case(
        (Body.closes <= now, literal(DONE)),
        (Body.opens > now, literal(COMING)),
        else_=literal(OPEN),
    )
    return select(
        literal("body").label("noun"),
        Body.id.label("number"),
        Body.id.label("within"),
        Body.short.label("title"),
        state.label("state"),
        case((Body.opens > now, Body.opens), else_=Body.closes).label("when"),
    ).where(Body.commune_id == home.id, Body.quarter == quarter, Body.closes > now - LATELY)


# A noun more is a line more.
NOUNS: tuple[Callable[[Home, str, datetime], Rows], ...] = (
    *(_projects, _petitions, _works),
    *(_ideas, _workshops, _bodies),
)


async def page(db: AsyncSession, home: Home, quarter: str, now: datetime, offset: int, limit: int) -> list[Nearby]:
    """What is open first, the next to close before; then what comes; then what was done, the newest first."""
    every = union_all(*(of(home, quarter, now) for of in NOUNS)).subquery()
    rank = case({state: place for place, state in enumerate(STATES)}, value=every.c.state)
    soonest = case((every.c.state != DONE, every.c.when))
    query = select(every).order_by(rank, soonest, every.c.when.desc(), every.c.noun, every.c.number)
    return [Nearby(*row) for row in await db.execute(query.offset(offset).limit(limit))]
