"""Calls for joint projects in a commune's file."""

from typing import Any

from pydantic import Field, field_validator

from bot.commune_file import fields
from bot.yaml_lines import Tree
from storage.calls import MOST_QUESTIONS
from storage.loading import Entry

_RESERVED = ("association", "contact")  # asked of each before the questions


class Question(fields.Part):
    """One question of the concept note."""

    id: fields.Slug
    text: fields.Lines
    longest: int = Field(1000, ge=20, le=3000, description="characters, 20 to 3000")
    optional: fields.Yes = False


class Document(fields.Part):
    """One document that is to be handed in."""

    id: fields.Slug
    name: fields.Lines
    optional: fields.Yes = False


class Criterion(fields.Part):
    """What a project is judged by, 0 to 5."""

    id: fields.Slug
    name: fields.Lines


class Call(fields.Part):
    """An invitation to associations."""

    id: fields.Slug
    title: fields.Lines
    short: fields.Briefs
    about: fields.Longs
    conditions: list[fields.Lines] = Field([], max_length=10, description="a list of conditions, 10 at most")
    opens: fields.Opening
    closes: fields.Closing
    info: fields.Opening | None = Field(None, description="a date, or null")
    info_place: fields.Lines | None = Field(None, description="the place in each language")
    questions: list[Question] = Field(
        min_length=1, max_length=MOST_QUESTIONS, description=f"a list of 1 to {MOST_QUESTIONS} questions"
    )
    documents: list[Document] = Field([], max_length=10, description="a list of documents, 10 at most")
    criteria: list[Criterion] = Field(min_length=1, max_length=10, description="a list of 1 to 10 criteria")

    _after_opening = field_validator("closes")(fields.closes_after)


def as_entry(call: Call) -> Entry:
    """What is loaded."""
    found = fields.entry(call)
    lists = ("conditions", "questions", "documents", "criteria")
    values: dict[str, Any] = {key: value for key, value in found.values.items() if key not in lists}
    values["info_place"] = values["info_place"] or {}
    for name in lists:
        values[name] = [each.model_dump(exclude_none=True) for each in getattr(call, name)]
    return Entry(found.slug, values, found.first)


def check(tree: Tree, _places: list[Any]) -> None:
    """What holds inside a call: no two questions or documents have one id."""
    for number, call in fields.entries(tree.value, "calls"):
        parts = [*fields.entries(call, "questions"), *fields.entries(call, "documents")]
        for position, each in parts:
            if each.get("id") in _RESERVED:
                key = "questions" if (position, each) in fields.entries(call, "questions") else "documents"
                tree.fault(("calls", number, key, position, "id"), "is asked of each already; write another id")
        for key in ("questions", "documents", "criteria"):
            fields.check_ids(tree, ("calls", number, key), fields.entries(call, key))
