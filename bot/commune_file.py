"""A commune's file, read and checked: all its faults at once, each with its line and what would be right."""

from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationInfo, field_validator

from bot.yaml_lines import MOMENT, BadFile, KeyPath, Tree, When, moment, parse, shown, text_of, validated
from storage.budgets import BALLOTS, KNAPSACK, ONE
from storage.loading import Contents, Entry
from storage.petitions import STATES

__all__ = ["BadFile", "CommuneFile", "read"]
OF_STAFF = ("signed", "declared_elsewhere", "status")  # the file says only where they start


def _right(says: str, **limits: Any) -> Any:
    return Field(description=says, **limits)


def _moment_at(hour: time) -> Any:
    return PlainValidator(lambda said, info: moment(said, info.context["now"], hour))


_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_LINE = r"^[^\x00-\x1f\x7f]+$"
_TEXT = r"^[^\x00-\x09\x0b-\x1f\x7f]+$"
_MOST = 2_000_000_000  # an SQL integer holds no more
Slug = Annotated[str, _right("small letters, figures, hyphens: pet-bus", pattern=_SLUG, max_length=40)]
Line = Annotated[str, _right("one line of text", min_length=1, max_length=200, pattern=_LINE)]
Brief = Annotated[str, _right("a short title", min_length=1, max_length=24, pattern=_LINE)]  # a WhatsApp list row
Long = Annotated[str, _right("a text", min_length=1, max_length=1000, pattern=_TEXT)]
Yes = Annotated[bool, _right("true or false")]
Number = Annotated[int, _right("a whole number from 0", ge=0, le=_MOST)]
Dirhams = Annotated[int, _right("a whole number of dirhams, such as 400000", ge=1, le=_MOST)]
Opening = Annotated[When, _moment_at(time(0)), _right(MOMENT)]
# A plain date is the last day, whole: the next midnight would be shown as the day after.
Closing = Annotated[When, _moment_at(time(23, 59, 59)), _right(MOMENT)]
Said = TypeVar("Said")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, str_strip_whitespace=True)


class Texts(_Part, Generic[Said]):
    """The same in each language."""

    ary: Said | None = Field(None, description="the text in Darija")
    ar: Said | None = Field(None, description="the text in Arabic", validate_default=True)
    fr: Said = _right("the text in French")

    @field_validator("ar")
    @classmethod
    def _arabic_or_darija(cls, ar: Said | None, info: ValidationInfo) -> Said | None:
        if ar is None and info.data.get("ary", "") is None:
            raise ValueError("is missing; write the text in Arabic here, or in Darija under ary")
        return ar


_IN_LANGUAGES = _right("the text in each language: fr, and ar or ary")
Briefs = Annotated[Texts[Brief], _IN_LANGUAGES]
Lines = Annotated[Texts[Line], _IN_LANGUAGES]
Longs = Annotated[Texts[Long], _IN_LANGUAGES]


class Quarter(_Part):
    """A neighbourhood."""

    id: Slug
    name: Briefs


class Commune(_Part):
    """What the commune decides for itself."""

    id: Slug
    name: Lines
    receipt_prefix: str = _right("two to four capital letters, such as BM", pattern=r"^[A-Z]{2,4}$")
    keep_cin: Yes = False
    turnout_only: Yes = True
    keep_months: int = Field(12, ge=1, le=120, description="a whole number of months, 1 to 120")
    contact: Line
    phone: str = Field("", pattern=r"^(\+?[0-9 ]{4,20})?$", description='a number in quotes, such as "+212500000000"')
    cndp: Line


class Petition(_Part):
    """A request that the council put a point on its agenda."""

    id: Slug
    kind: str = _right("citizens or association", pattern="^(citizens|association)$")
    title: Lines
    short: Briefs
    request: Longs
    reasons: Longs
    aims: Longs
    mandataire: Lines
    threshold: Number | None = Field(None, validate_default=True, description="a whole number of signatures")
    signed: Number = 0
    declared_elsewhere: Number = 0
    status: str = _right(f"one of {', '.join(STATES)}", pattern=f"^({'|'.join(STATES)})$")
    closes: Closing

    @field_validator("threshold")
    @classmethod
    def _fits_the_kind(cls, threshold: int | None, info: ValidationInfo) -> int | None:
        kind = info.data.get("kind")
        if kind == "citizens" and not threshold:
            raise ValueError("is missing; write how many signatures the law asks of citizens here, such as 200")
        if kind == "association" and threshold is not None:
            raise ValueError(f"is {threshold}; take it out, the law asks none of an association")
        return threshold


class Project(_Part):
    """What can be voted for."""

    id: Slug
    title: Lines
    short: Briefs
    description: Longs
    place: Slug | None = Field(None, description="the id of a quarter, or null for the whole commune")
    cost: Dirhams


class Budget(_Part):
    """A vote on how to spend an envelope."""

    id: Slug
    title: Lines
    envelope: Dirhams
    ballot: str = _right(f"one of {', '.join(BALLOTS)}", pattern=f"^({'|'.join(BALLOTS)})$")
    least: int = _right("the fewest projects on a ballot, from 1", ge=1, le=1000)
    most: int = _right("the most projects on a ballot, from 1", ge=1, le=1000)
    min_age: int | None = Field(None, ge=1, le=120, description="an age in years, or null for none")
    asks_cin: Yes
    opens: Opening
    closes: Closing
    projects: list[Project] = _right("a list of two projects or more", min_length=2)

    @field_validator("most")
    @classmethod
    def _makes_sense(cls, most: int, info: ValidationInfo) -> int:
        least = info.data.get("least", most)
        if info.data.get("ballot") == ONE and (least, most) != (1, 1):
            raise ValueError(f"is {most} and least is {least}; for the ballot 'one' write 1 for both")
        if least > most:
            raise ValueError(f"is {most}, below least, {least}; write {least} or more")
        return most

    @field_validator("closes")
    @classmethod
    def _after_opening(cls, closes: When, info: ValidationInfo) -> When:
        opens = info.data.get("opens")
        if opens and opens.is_relative != closes.is_relative:
            # Only a date that is not relative moves on a later load: the two could cross.
            raise ValueError("is not written as opens is; write both relative to now, or neither")
        if opens and closes.at <= opens.at:
            raise ValueError(f"is not after opens, {opens.at:%Y-%m-%d %H:%M}; write a later moment")
        return closes


class CommuneFile(_Part):
    """All that a commune's file holds."""

    commune: Commune = _right("the commune: id, name, receipt_prefix, contact, cndp")
    quarters: list[Quarter] = Field([], description="a list of quarters")
    petitions: list[Petition] = Field([], description="a list of petitions")
    budgets: list[Budget] = Field([], description="a list of budgets")

    @property
    def contents(self) -> Contents:
        """What is loaded."""
        commune = _entry(self.commune)
        name = commune.values.pop("name")
        quarters = [quarter.model_dump(exclude_none=True) for quarter in self.quarters]
        kept = Entry(commune.slug, {"name": name, "settings": {**commune.values, "quarters": quarters}})
        return Contents(kept, tuple(map(_entry, self.petitions)), tuple(map(_entry, self.budgets)))


def _entry(part: BaseModel) -> Entry:
    values: dict[str, Any] = {}
    first: dict[str, Any] = {}
    for name, value in part:
        if isinstance(value, When):
            (first if value.is_relative else values)[name] = value.at
        elif isinstance(value, Texts):
            values[name] = value.model_dump(exclude_none=True)
        else:
            (first if name in OF_STAFF else values)[name] = value
    projects = tuple(map(_entry, values.pop("projects", ())))
    return Entry(values.pop("id"), values, first, projects)


def read(path: Path, now: datetime) -> CommuneFile:
    """The commune's file, its relative dates counted from now; raises BadFile."""
    tree = parse(text_of(path))
    found = validated(tree, CommuneFile, {"now": now})
    _check_across(tree)
    if found is None or tree.faults:
        raise BadFile(tree.report(path))
    return found


def _check_across(tree: Tree) -> None:
    # On the values as written: a fault in one entry must not hide those between the others.
    places = [quarter.get("id") for _, quarter in _entries(tree.value, "quarters")]
    for key in ("quarters", "petitions", "budgets"):
        _check_ids(tree, (key,), _entries(tree.value, key))
    for number, budget in _entries(tree.value, "budgets"):
        at: KeyPath = ("budgets", number, "projects")
        projects = _entries(budget, "projects")
        _check_ids(tree, at, projects)
        _check_sums(tree, at, budget, projects)
        for position, project in projects:
            if (place := project.get("place")) not in [*places, None]:
                tree.fault((*at, position, "place"), f"is {shown(place)}; write the id of a quarter above, or null")


def _entries(owner: Any, key: str) -> list[tuple[int, dict[str, Any]]]:
    found = owner.get(key) if isinstance(owner, dict) else None
    return [each for each in enumerate(found) if isinstance(each[1], dict)] if isinstance(found, list) else []


def _check_ids(tree: Tree, at: KeyPath, entries: list[tuple[int, dict[str, Any]]]) -> None:
    first: dict[str, int] = {}
    for number, entry in entries:
        if "id" in entry and (other := first.setdefault(str(entry["id"]), number)) != number:
            line = tree.lines[*at, other, "id"]
            tree.fault((*at, number, "id"), f"is taken, on line {line}; write an id that no other has")


def _check_sums(tree: Tree, at: KeyPath, budget: dict[str, Any], projects: list[tuple[int, dict[str, Any]]]) -> None:
    envelope, most, least = (_whole(budget.get(key)) for key in ("envelope", "most", "least"))
    costs = [_whole(project.get("cost")) for _, project in projects]
    for (number, _), cost in zip(projects, costs, strict=True):
        if cost and envelope and cost > envelope:
            tree.fault((*at, number, "cost"), f"is {cost}, over the envelope; write {envelope} or less")
    if most and most > len(projects) > 1:
        tree.fault((*at[:2], "most"), f"is {most}, but there are {len(projects)} projects; write no more")
    cheapest = sum(sorted(filter(None, costs))[: least or 0])
    if budget.get("ballot") == KNAPSACK and envelope and cheapest > envelope:
        tree.fault((*at[:2], "least"), f"is {least}, but the cheapest so many cost {cheapest}; write less")


def _whole(value: object) -> int | None:
    return value if type(value) is int else None
