"""What a commune's file is made of: words, numbers, moments and texts, each with what would be right."""

from datetime import time
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationInfo, field_validator

from bot.commune_file.moments import MOMENT, When, moment
from bot.yaml_lines import KeyPath, Tree
from storage.loading import Entry


def right(says: str, **limits: Any) -> Any:
    """A field, and what is right there."""
    return Field(description=says, **limits)


def _moment_at(hour: time) -> Any:
    return PlainValidator(lambda said, info: moment(said, info.context["now"], hour))


_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_LINE = r"^[^\x00-\x1f\x7f]+$"
TEXT = r"^[^\x00-\x09\x0b-\x1f\x7f]+$"  # lines of text
_MOST = 2_000_000_000  # an SQL integer holds no more
Slug = Annotated[str, right("small letters, figures, hyphens: pet-bus", pattern=_SLUG, max_length=40)]
Line = Annotated[str, right("one line of text", min_length=1, max_length=200, pattern=_LINE)]
Brief = Annotated[str, right("a short title", min_length=1, max_length=24, pattern=_LINE)]  # a WhatsApp list row
Long = Annotated[str, right("a text", min_length=1, max_length=1000, pattern=TEXT)]
Yes = Annotated[bool, right("true or false")]
Number = Annotated[int, right("a whole number from 0", ge=0, le=_MOST)]
Dirhams = Annotated[int, right("a whole number of dirhams, such as 400000", ge=1, le=_MOST)]
Opening = Annotated[When, _moment_at(time(0)), right(MOMENT)]
# A plain date is the last day, whole: the next midnight would be shown as the day after.
Closing = Annotated[When, _moment_at(time(23, 59, 59)), right(MOMENT)]
Said = TypeVar("Said")


class Part(BaseModel):
    """A group of keys; one that nobody knows is refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, str_strip_whitespace=True)


class Texts(Part, Generic[Said]):
    """The same in each language."""

    ary: Said | None = Field(None, description="the text in Darija")
    ar: Said | None = Field(None, description="the text in Arabic", validate_default=True)
    fr: Said = right("the text in French")

    @field_validator("ar")
    @classmethod
    def _arabic_or_darija(cls, ar: Said | None, info: ValidationInfo) -> Said | None:
        if ar is None and info.data.get("ary", "") is None:
            raise ValueError("is missing; write the text in Arabic here, or in Darija under ary")
        return ar


_IN_LANGUAGES = right("the text in each language: fr, and ar or ary")
Briefs = Annotated[Texts[Brief], _IN_LANGUAGES]
Lines = Annotated[Texts[Line], _IN_LANGUAGES]
Longs = Annotated[Texts[Long], _IN_LANGUAGES]


def closes_after(closes: When, info: ValidationInfo, opening: str = "opens") -> When:
    """A validator of `closes`: after the opening, and written as it is."""
    opens = info.data.get(opening)
    if opens and opens.is_relative != closes.is_relative:
        # Only a date that is not relative moves on a later load: the two could cross.
        raise ValueError(f"is not written as {opening} is; write both relative to now, or neither")
    if opens and closes.at <= opens.at:
        raise ValueError(f"is not after {opening}, {opens.at:%Y-%m-%d %H:%M}; write a later moment")
    return closes


def has_been(on: When, info: ValidationInfo) -> When:
    """A validator of what has happened before the file is loaded."""
    if on.at > (info.context or {})["now"]:
        raise ValueError("is in the future; write a moment that is past, or take it out")
    return on


def entry(part: BaseModel, of_staff: tuple[str, ...] = (), parts: tuple[str, ...] = ()) -> Entry:
    """What is loaded: the file says only where `of_staff` start, and so it is with relative dates."""
    values: dict[str, Any] = {}
    first: dict[str, Any] = {}
    for name, value in part:
        if name in parts:
            continue
        if isinstance(value, When):
            (first if value.is_relative else values)[name] = value.at
        elif isinstance(value, Texts):
            values[name] = value.model_dump(exclude_none=True)
        else:
            (first if name in of_staff else values)[name] = value
    inside = {name: tuple(map(entry, getattr(part, name))) for name in parts}
    return Entry(values.pop("id"), values, first, inside)


# Checks across entries look at the values as written: a fault in one entry must not hide those between the others.


def entries(owner: Any, key: str) -> list[tuple[int, dict[str, Any]]]:
    """The entries of a list that are groups of keys, with their places."""
    found = owner.get(key) if isinstance(owner, dict) else None
    return [each for each in enumerate(found) if isinstance(each[1], dict)] if isinstance(found, list) else []


def check_ids(tree: Tree, at: KeyPath, those: list[tuple[int, dict[str, Any]]]) -> None:
    """No two of them have one id."""
    first: dict[str, int] = {}
    for number, each in those:
        if "id" in each and (other := first.setdefault(str(each["id"]), number)) != number:
            line = tree.lines[*at, other, "id"]
            tree.fault((*at, number, "id"), f"is taken, on line {line}; write an id that no other has")


def whole(value: object) -> int | None:
    """A whole number, if it is one."""
    return value if type(value) is int else None
