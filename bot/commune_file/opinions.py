"""Opinions of the equality body in a commune's file."""

from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from bot.commune_file import fields
from storage.loading import Entry
from storage.opinions import ANSWERED, DRAFT, STATES

OF_STAFF = ("state",)  # the file says only where it starts


class Opinion(fields.Part):
    """What a body advises the council to do."""

    id: fields.Slug
    title: fields.Lines
    short: fields.Briefs
    author: fields.Lines
    about: fields.Longs
    advice: list[fields.Longs] = Field([], max_length=10, description="a list of recommendations, 10 at most")
    state: str = Field(DRAFT, pattern=f"^({'|'.join(STATES)})$", description=f"one of {', '.join(STATES)}")
    moved: fields.Opening
    closes: fields.Closing | None = Field(None, description="a date, or null")
    answer: fields.Longs | None = Field(None, validate_default=True, description="the answer of the council")

    @field_validator("answer")
    @classmethod
    def _fits_the_state(cls, answer: Any, info: ValidationInfo) -> Any:
        is_answered = info.data.get("state") == ANSWERED
        if is_answered and answer is None:
            raise ValueError("is missing; write what the council answered")
        if answer is not None and not is_answered:
            raise ValueError(
                f"is there, but state is {info.data.get('state')}; write state: {ANSWERED}, or take it out"
            )
        return answer


def as_entry(opinion: Opinion) -> Entry:
    """What is loaded."""
    found = fields.entry(opinion, OF_STAFF)
    values = {key: value for key, value in found.values.items() if key not in ("advice", "answer", "moved")}
    advice = [each.model_dump(exclude_none=True) for each in opinion.advice]
    first = {
        "closes": None,
        **found.first,
        "moved": opinion.moved.at,
        "answer": opinion.answer.model_dump(exclude_none=True) if opinion.answer else {},
    }
    if "closes" in values:
        del first["closes"]
    return Entry(found.slug, {**values, "advice": advice}, first)
