"""Petitions in a commune's file."""

from pydantic import Field, ValidationInfo, field_validator

from bot.commune_file.fields import Briefs, Closing, Lines, Longs, Number, Part, Slug, right
from storage.petitions import STATES

OF_STAFF = ("signed", "declared_elsewhere", "status")  # the file says only where they start


class Petition(Part):
    """A request that the council put a point on its agenda."""

    id: Slug
    kind: str = right("citizens or association", pattern="^(citizens|association)$")
    title: Lines
    short: Briefs
    request: Longs
    reasons: Longs
    aims: Longs
    mandataire: Lines
    threshold: Number | None = Field(None, validate_default=True, description="a whole number of signatures")
    signed: Number = 0
    declared_elsewhere: Number = 0
    status: str = right(f"one of {', '.join(STATES)}", pattern=f"^({'|'.join(STATES)})$")
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
