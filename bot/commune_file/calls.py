"""Calls for joint projects in a commune's file."""

from typing import Any

from pydantic import Field, field_validator

from bot.commune_file.fields import (
    Briefs,
    Closing,
    Lines,
    Longs,
    Opening,
    Part,
    Slug,
    Yes,
    check_ids,
    closes_after,
    entries,
    entry,
)
from bot.yaml_lines import Tree
from storage.calls import MOST_QUESTIONS
from storage.loading import Entry

_RESERVED = ("association", "contact")  # asked of each before the questions


class Question(Part):
    """One question of the concept note."""

    id: Slug
    text: Lines
    longest: int = Field(1000, ge=20, le=3000, description="characters, 20 to 3000")
    optional: Yes = False


class Document(Part):
    """One document that is to be handed in."""

    id: Slug
    name: Lines
    optional: Yes = False


class Criterion(Part):
    """What a project is judged by, 0 to 5."""

    id: Slug
    name: Lines


class Call(Part):
    """An invitation to associations."""

    id: Slug
    title: Lines
    short: Briefs
    about: Longs
    conditions: list[Lines] = Field([], max_length=10, description="a list of conditions, 10 at most")
    opens: Opening
    closes: Closing
    info: Opening | None = Field(None, description="a date, or null")
    info_place: Lines | None = Field(None, description="the place in each language")
    questions: list[Question] = Field(
        min_length=1, max_length=MOST_QUESTIONS, description=f"a list of 1 to {MOST_QUESTIONS} questions"
    )
    documents: list[Document] = Field([], max_length=10, description="a list of documents, 10 at most")
    criteria: list[Criterion] = Field(min_length=1, max_length=10, description="a list of 1 to 10 criteria")

    _after_opening = field_validator("closes")(closes_after)


def as_entry(call: Call) -> Entry:
    """What is loaded."""
    found = entry(call)
    lists = ("conditions", "questions", "documents", "criteria")
    values: dict[str, Any] = {key: value for key, value in found.values.items() if key not in lists}
    values["info_place"] = values["info_place"] or {}
    for name in lists:
        values[name] = [each.model_dump(exclude_none=True) for each in getattr(call, name)]
    return Entry(found.slug, values, found.first)


def check(tree: Tree, _places: list[Any]) -> None:
    """What holds inside a call: no two questions or documents have one id."""
    for number, call in entries(tree.value, "calls"):
        parts = [*entries(call, "questions"), *entries(call, "documents")]
        for position, each in parts:
            if each.get("id") in _RESERVED:
                key = "questions" if (position, each) in entries(call, "questions") else "documents"
                tree.fault(("calls", number, key, position, "id"), "is asked of each already; write another id")
        for key in ("questions", "documents", "criteria"):
            check_ids(tree, ("calls", number, key), entries(call, key))
