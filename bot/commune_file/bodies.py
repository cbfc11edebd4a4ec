"""Councils and committees in a commune's file."""

from dataclasses import replace
from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from bot.commune_file.fields import (
    Briefs,
    Closing,
    Lines,
    Longs,
    Number,
    Opening,
    Part,
    Slug,
    closes_after,
    entries,
    entry,
    right,
)
from bot.yaml_lines import Tree, shown
from storage.bodies import GROUPS, KINDS, SELECTIONS
from storage.loading import Entry

_OLDEST = 120  # years


class Quotas(Part):
    """How many seats at least go to each group."""

    women: Number = 0
    men: Number = 0
    youth: Number = 0


class Body(Part):
    """A body that residents can join."""

    id: Slug
    kind: str = right(f"one of {', '.join(KINDS)}", pattern=f"^({'|'.join(KINDS)})$")
    title: Lines
    short: Briefs
    about: Longs
    seats: int = right("a whole number from 1 to 500", ge=1, le=500)
    quotas: Quotas = Field(Quotas(), description=f"seats at least for {', '.join(GROUPS)}")
    min_age: int = right("an age in years", ge=1, le=_OLDEST)
    max_age: int | None = Field(None, ge=1, le=_OLDEST, description="an age in years, or null for none")
    youth_until: int = Field(30, ge=1, le=_OLDEST, description="an age in years")
    quarter: Slug | None = Field(None, description="the id of a quarter, or null for the whole commune")
    selection: str = right(f"one of {', '.join(SELECTIONS)}", pattern=f"^({'|'.join(SELECTIONS)})$")
    reply_days: int = Field(7, ge=1, le=60, description="a whole number of days, 1 to 60")
    opens: Opening
    closes: Closing

    _after_opening = field_validator("closes")(closes_after)

    @field_validator("quotas")
    @classmethod
    def _fit(cls, quotas: Quotas, info: ValidationInfo) -> Quotas:
        seats = info.data.get("seats", 0)
        if quotas.women + quotas.men > seats or quotas.youth > seats:
            raise ValueError(f"want more than the {seats} seats; write fewer")
        return quotas

    @field_validator("max_age")
    @classmethod
    def _not_below(cls, max_age: int | None, info: ValidationInfo) -> int | None:
        least = info.data.get("min_age", 0)
        if max_age is not None and max_age < least:
            raise ValueError(f"is {max_age}, below min_age, {least}; write {least} or more")
        return max_age


def as_entry(body: Body) -> Entry:
    """What is loaded."""
    found = entry(body)
    quotas = {group: count for group, count in body.quotas.model_dump().items() if count}
    return replace(found, values={**found.values, "quotas": quotas}, first={**found.first, "tickets": []})


def check(tree: Tree, places: list[Any]) -> None:
    """What holds between a body and the quarters."""
    for number, body in entries(tree.value, "bodies"):
        if (place := body.get("quarter")) not in [*places, None]:
            tree.fault(("bodies", number, "quarter"), f"is {shown(place)}; write the id of a quarter above, or null")
