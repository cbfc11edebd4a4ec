"""Votes on a budget in a commune's file."""

from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from bot.commune_file import fields
from bot.commune_file.moments import When
from bot.yaml_lines import KeyPath, Tree, shown
from storage.budgets import BALLOTS, FROM_IDEAS, KNAPSACK, LEAST_PROJECTS, ONE, POINTS
from storage.ideas import FEASIBLE, NOT_FEASIBLE, PUBLISHED, SHORTLISTED
from storage.loading import Entry
from storage.works import STEPS

_MOST_ALIKE = 100_000
_LANGUAGES = ("fr", "ar", "ary")
_STATES = (PUBLISHED, FEASIBLE, NOT_FEASIBLE, SHORTLISTED)


class Project(fields.Part):
    """What can be voted for."""

    id: fields.Slug
    title: fields.Lines
    short: fields.Briefs
    description: fields.Longs
    place: fields.Slug | None = Field(None, description="the id of a quarter, or null for the whole commune")
    cost: fields.Dirhams


class Counted(fields.Part):
    """Ballots that say the same, of a vote that was counted elsewhere."""

    projects: list[fields.Slug] = fields.right("a list of ids of projects", min_length=1)
    count: int = fields.right("a whole number of ballots", ge=1, le=_MOST_ALIKE)


class Step(fields.Part):
    """A step of the works on a project that won."""

    project: fields.Slug
    step: str = fields.right(f"one of {', '.join(STEPS)}", pattern=f"^({'|'.join(STEPS)})$")
    on: fields.Opening
    note: fields.Longs | None = Field(None, description="a word on it: fr, and ar or ary")


class Idea(fields.Part):
    """An idea of a resident that came otherwise, without a name: it is public."""

    title: fields.Line
    words: fields.Long
    language: str = fields.right(f"one of {', '.join(_LANGUAGES)}", pattern=f"^({'|'.join(_LANGUAGES)})$")
    place: fields.Line | None = Field(None, description="a place by its name, or nothing")
    quarter: fields.Slug | None = Field(None, description="the id of a quarter, or nothing")
    cost: fields.Dirhams | None = None
    state: str = Field("published", pattern=f"^({'|'.join(_STATES)})$", description=f"one of {', '.join(_STATES)}")
    estimate: fields.Dirhams | None = None
    note: fields.Longs | None = Field(None, description="why it can be done, or cannot: fr, and ar or ary")
    supports: int = Field(0, ge=0, le=_MOST_ALIKE, description="how many are for it")


class Budget(fields.Part):
    """A vote on how to spend an envelope."""

    id: fields.Slug
    title: fields.Lines
    envelope: fields.Dirhams
    ballot: str = fields.right(f"one of {', '.join(BALLOTS)}", pattern=f"^({'|'.join(BALLOTS)})$")
    least: int = fields.right("the fewest projects on a ballot, from 1", ge=1, le=1000)
    most: int = fields.right("the most projects on a ballot, from 1", ge=1, le=1000)
    points: int | None = Field(None, ge=1, le=1000, validate_default=True, description="the points of each voter")
    most_points: int | None = Field(None, ge=1, le=1000, description="the most points for one project")
    min_age: int | None = Field(None, ge=1, le=120, description="an age in years, or null for none")
    asks_cin: fields.Yes
    opens: fields.Opening
    closes: fields.Closing
    ideas_open: fields.Opening | None = Field(None, description="a date from which ideas are taken, or null")
    ideas_close: fields.Closing | None = Field(None, validate_default=True, description="a date, or null")
    projects: list[Project] = Field([], validate_default=True, description="a list of two projects or more")
    published: fields.Opening | None = Field(None, description="when its result was published, or nothing")
    counted: list[Counted] = Field([], description="ballots counted elsewhere: projects, count")
    works: list[Step] = Field([], description="a list of steps: project, step, on, note")
    ideas: list[Idea] = Field([], description="ideas that came otherwise")

    @field_validator("most")
    @classmethod
    def _makes_sense(cls, most: int, info: ValidationInfo) -> int:
        least = info.data.get("least", most)
        if info.data.get("ballot") == ONE and (least, most) != (1, 1):
            raise ValueError(f"is {most} and least is {least}; for the ballot 'one' write 1 for both")
        if least > most:
            raise ValueError(f"is {most}, below least, {least}; write {least} or more")
        return most

    @field_validator("points")
    @classmethod
    def _with_its_ballot(cls, points: int | None, info: ValidationInfo) -> int | None:
        if (points is not None) != (info.data.get("ballot") == POINTS):
            raise ValueError(f"goes with the ballot '{POINTS}'; write both, or neither")
        return points

    @field_validator("most_points")
    @classmethod
    def _of_them(cls, most: int | None, info: ValidationInfo) -> int | None:
        if most and most > (info.data.get("points") or 0):
            raise ValueError(f"is {most}, over points; write fewer")
        return most

    _after_opening = field_validator("closes")(fields.closes_after)

    @field_validator("counted")
    @classmethod
    def _of_a_vote_that_is_over(cls, counted: list[Counted], info: ValidationInfo) -> list[Counted]:
        closes, ballot = info.data.get("closes"), info.data.get("ballot")
        if counted and closes and closes.at > (info.context or {})["now"]:
            raise ValueError("belongs to a vote that is over; ballots of an open one are entered with `sawt paper`")
        if counted and ballot == POINTS:
            raise ValueError(f"says no points; leave it out of the ballot '{POINTS}'")
        return counted

    @field_validator("ideas_close")
    @classmethod
    def _closes_before_the_vote(cls, closes: When | None, info: ValidationInfo) -> When | None:
        begins, votes = info.data.get("ideas_open"), info.data.get("opens")
        if (closes is None) != (begins is None):
            raise ValueError("goes with ideas_open; write both, or neither")
        if closes and votes and closes.at > votes.at:
            raise ValueError("is after opens; ideas are taken before the vote")
        return fields.closes_after(closes, info, "ideas_open") if closes else None

    @field_validator("projects")
    @classmethod
    def _enough(cls, projects: list[Project], info: ValidationInfo) -> list[Project]:
        if len(projects) < LEAST_PROJECTS and not info.data.get("ideas_open"):
            raise ValueError("are too few; write a list of two projects or more")
        if taken := [each.id for each in projects if each.id.startswith(FROM_IDEAS)]:
            raise ValueError(f"has {taken[0]}; ids that begin with {FROM_IDEAS} are of ideas of residents")
        return projects


def as_entry(budget: Budget) -> Entry:
    """What is loaded: what there was before reaches only a new vote."""
    bare = budget.model_copy(update={"published": None, "counted": [], "works": [], "ideas": []})
    kept = fields.entry(bare, parts=("projects", "counted", "works", "ideas"))
    del kept.values["published"]
    kept.first["published"] = budget.published.at if budget.published else None
    parts = {
        "counted": _numbered([each.model_dump() for each in budget.counted]),
        "works": _numbered([_step(each) for each in budget.works]),
        "ideas": _numbered([_idea(each) for each in budget.ideas]),
    }
    return Entry(kept.slug, kept.values, kept.first, {**kept.parts, **parts})


def _numbered(those: list[dict[str, Any]]) -> tuple[Entry, ...]:
    return tuple(Entry(str(number), each) for number, each in enumerate(those))


def _step(step: Step) -> dict[str, Any]:
    note = step.note.model_dump(exclude_none=True) if step.note else {}
    return {"project": step.project, "step": step.step, "entered": step.on.at, "note": note}


def _idea(idea: Idea) -> dict[str, Any]:
    said = idea.model_dump(exclude={"supports", "note"})
    note = idea.note.model_dump(exclude_none=True) if idea.note else {}
    return {**said, "place": idea.place or "", "note": note, "counted": idea.supports}


def check(tree: Tree, places: list[Any]) -> None:
    """What holds between a vote and its projects."""
    for number, budget in fields.entries(tree.value, "budgets"):
        at: KeyPath = ("budgets", number, "projects")
        projects = fields.entries(budget, "projects")
        fields.check_ids(tree, at, projects)
        _check_sums(tree, at, budget, projects)
        _check_before(tree, ("budgets", number), budget, projects, places)
        for position, project in projects:
            if (place := project.get("place")) not in [*places, None]:
                tree.fault((*at, position, "place"), f"is {shown(place)}; write the id of a quarter above, or null")


def _check_sums(tree: Tree, at: KeyPath, budget: dict[str, Any], projects: list[tuple[int, dict[str, Any]]]) -> None:
    envelope, most, least = (fields.whole(budget.get(key)) for key in ("envelope", "most", "least"))
    costs = [fields.whole(project.get("cost")) for _, project in projects]
    for (number, _), cost in zip(projects, costs, strict=True):
        if cost and envelope and cost > envelope:
            tree.fault((*at, number, "cost"), f"is {cost}, over the envelope; write {envelope} or less")
    if most and most > len(projects) > 1:
        tree.fault((*at[:2], "most"), f"is {most}, but there are {len(projects)} projects; write no more")
    cheapest = sum(sorted(filter(None, costs))[: least or 0])
    if budget.get("ballot") == KNAPSACK and envelope and cheapest > envelope:
        tree.fault((*at[:2], "least"), f"is {least}, but the cheapest so many cost {cheapest}; write less")


def _check_before(
    tree: Tree, at: KeyPath, budget: dict[str, Any], projects: list[tuple[int, dict[str, Any]]], places: list[Any]
) -> None:
    """Ballots and works name projects of this vote, ideas quarters of this commune."""
    known = [project.get("id") for _, project in projects]
    for number, each in fields.entries(budget, "counted"):
        for slug in each.get("projects") or []:
            if slug not in known:
                tree.fault((*at, "counted", number, "projects"), f"has {shown(slug)}; write ids of projects above")
    for number, each in fields.entries(budget, "works"):
        if each.get("project") not in known:
            says = f"is {shown(each.get('project'))}; write the id of a project above"
            tree.fault((*at, "works", number, "project"), says)
    for number, each in fields.entries(budget, "ideas"):
        if (place := each.get("quarter")) not in [*places, None]:
            tree.fault((*at, "ideas", number, "quarter"), f"is {shown(place)}; write the id of a quarter, or null")
