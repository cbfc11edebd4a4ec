"""Workshops and meetings in a commune's file."""

from dataclasses import replace
from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from bot.commune_file import fields
from bot.commune_file.moments import When
from bot.yaml_lines import Tree, shown
from storage.loading import Entry
from storage.seats import ATTENDED
from storage.workshops import KINDS

# The file says only where they start: /workshop changes them and tells those who are registered.
OF_STAFF = ("begins", "ends", "place", "map", "capacity", "given", "minutes")


class Workshop(fields.Part):
    """A training, a consultation, a meeting, a visit."""

    id: fields.Slug
    kind: str = fields.right(f"one of {', '.join(KINDS)}", pattern=f"^({'|'.join(KINDS)})$")
    title: fields.Lines
    short: fields.Briefs
    begins: fields.Opening
    ends: fields.Closing
    place: fields.Lines
    quarter: fields.Slug | None = Field(None, description="the id of a quarter, or nothing")
    map: str | None = Field(
        None, pattern=r"^https?://[^\s<>\"]{1,200}$", description="a link to a map, such as https://osm.org/go/x"
    )
    audience: fields.Lines | None = Field(None, description="who it is for in each language, or nothing: everybody")
    step_free: fields.Yes = False
    child_care: fields.Yes = False
    sign_language: fields.Yes = False
    capacity: int = fields.right("a whole number of seats, 1 to 5000", ge=1, le=5000)
    given: fields.Number = 0
    minutes: fields.Longs | None = Field(None, description="the minutes in each language, or nothing")
    came: fields.Number | None = Field(None, description="how many came, or nothing")
    ratings: list[fields.Number] | None = Field(
        None, min_length=5, max_length=5, description="how many gave 1, 2, 3, 4, 5: [0, 1, 4, 9, 12]"
    )

    _after_begins = field_validator("ends")(lambda ends, info: fields.closes_after(ends, info, "begins"))

    @field_validator("given")
    @classmethod
    def _within_capacity(cls, given: int, info: ValidationInfo) -> int:
        capacity = info.data.get("capacity", given)
        if given > capacity:
            raise ValueError(f"is {given}, over capacity, {capacity}; write {capacity} or less")
        return given

    @field_validator("minutes", "came")
    @classmethod
    def _after_the_end(cls, told: fields.Longs | int | None, info: ValidationInfo) -> fields.Longs | int | None:
        ends, now = info.data.get("ends"), (info.context or {}).get("now")
        if told and isinstance(ends, When) and now and ends.at > now:
            raise ValueError("is there before the workshop is over; take it out")
        return told

    @field_validator("ratings")
    @classmethod
    def _of_those_who_came(cls, ratings: list[int] | None, info: ValidationInfo) -> list[int] | None:
        came, said = info.data.get("came") or 0, sum(ratings or [])
        if said > came:
            raise ValueError(f"are {said}, of {came} who came; write no more than came")
        return ratings


def as_entry(workshop: Workshop) -> Entry:
    """What is loaded."""
    made = fields.entry(workshop)
    every = {**made.values, **made.first, "audience": made.values["audience"] or {}}
    minutes = every.pop("minutes") or {}
    came, ratings = every.pop("came"), every.pop("ratings") or []
    figures = {ATTENDED: came, **{str(mark): count for mark, count in enumerate(ratings, 1)}} if came else {}
    first = {key: every.pop(key) for key in OF_STAFF if key in every}
    return replace(
        made,
        values=every,
        first={**first, "minutes": minutes, "minutes_sent": int(bool(minutes)), "remembered": figures},
    )


def check(tree: Tree, places: list[Any]) -> None:
    """What holds between a workshop and the quarters."""
    for number, workshop in fields.entries(tree.value, "workshops"):
        if (place := workshop.get("quarter")) not in [*places, None]:
            tree.fault(("workshops", number, "quarter"), f"is {shown(place)}; write the id of a quarter above, or null")
