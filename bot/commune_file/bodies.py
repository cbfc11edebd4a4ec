"""Councils and committees in a commune's file."""

from dataclasses import replace
from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from bot.commune_file import fields
from bot.yaml_lines import Tree, shown
from storage.bodies import GROUPS, KINDS, SELECTIONS
from storage.loading import Entry

_OLDEST = 120  # years


class Quotas(fields.Part):
    """How many seats at least go to each group."""

    women: fields.Number = 0
    men: fields.Number = 0
    youth: fields.Number = 0


class Body(fields.Part):
    """A body that residents can join."""

    id: fields.Slug
    kind: str = fields.right(f"one of {', '.join(KINDS)}", pattern=f"^({'|'.join(KINDS)})$")
    title: fields.Lines
    short: fields.Briefs
    about: fields.Longs
    seats: int = fields.right("a whole number from 1 to 500", ge=1, le=500)
    quotas: Quotas = Field(Quotas(), description=f"seats at least for {', '.join(GROUPS)}")
    min_age: int = fields.right("an age in years", ge=1, le=_OLDEST)
    max_age: int | None = Field(None, ge=1, le=_OLDEST, description="an age in years, or null for none")
    youth_until: int = Field(30, ge=1, le=_OLDEST, description="an age in years")
    quarter: fields.Slug | None = Field(None, description="the id of a quarter, or null for the whole commune")
    selection: str = fields.right(f"one of {', '.join(SELECTIONS)}", pattern=f"^({'|'.join(SELECTIONS)})$")
    reply_days: int = Field(7, ge=1, le=60, description="a whole number of days, 1 to 60")
    opens: fields.Opening
    closes: fields.Closing

    _after_opening = field_validator("closes")(fields.closes_after)

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
    found = fields.entry(body)
    quotas = {group: count for group, count in body.quotas.model_dump().items() if count}
    return replace(found, values={**found.values, "quotas": quotas}, first={**found.first, "tickets": []})


def check(tree: Tree, places: list[Any]) -> None:
    """What holds between a body and the quarters."""
    for number, body in fields.entries(tree.value, "bodies"):
        if (place := body.get("quarter")) not in [*places, None]:
            tree.fault(("bodies", number, "quarter"), f"is {shown(place)}; write the id of a quarter above, or null")
