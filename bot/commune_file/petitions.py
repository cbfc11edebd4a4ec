"""Petitions in a commune's file, with what has happened to them before they were loaded."""

from datetime import date
from itertools import pairwise
from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from bot.commune_file import fields
from bot.yaml_lines import Tree, shown
from storage import petition_times
from storage.loading import Entry
from storage.occasions import casablanca_day
from storage.petition_moves import MOVES, REFUSALS
from storage.petitions import ACCEPTED, ADOPTED, ASSOCIATION, DEPOSITED, PRIVATE, REFUSED, REJECTED, STATES

# The file says only where they start.
OF_STAFF = ("signed_elsewhere", "declared_elsewhere", "status")
_STATE = f"^({'|'.join(STATES)})$"
_NEXT = "next"
_PUBLIC = [state for state in STATES if state not in PRIVATE]


class Step(fields.Part):
    """One step that a petition has taken."""

    state: str = fields.right(f"one of {', '.join(_PUBLIC)}", pattern=f"^({'|'.join(_PUBLIC)})$")
    on: fields.Opening
    session: str | None = Field(
        None,
        pattern=rf"^(\d{{4}}-(0[1-9]|1[0-2])|{_NEXT})$",
        validate_default=True,
        description='a month in quotes, "2026-10", or next: the ordinary one of a later month',
    )
    reasons: list[str] = Field([], validate_default=True, description=f"a list of {', '.join(REFUSALS)}")
    receipt: fields.Line | None = Field(
        None, validate_default=True, description="the number of the deposit, BM-7F3K-92XQ"
    )
    note: fields.Longs | None = Field(None, description="what the commune said of it: fr, and ar or ary")

    @field_validator("session")
    @classmethod
    def _of_the_council(cls, session: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("state") in (ACCEPTED, ADOPTED, REJECTED) and session is None:
            raise ValueError('is missing; write the month of the session in quotes, such as "2026-10"')
        return session

    @field_validator("reasons")
    @classmethod
    def _of_a_refusal(cls, reasons: list[str], info: ValidationInfo) -> list[str]:
        if unknown := [each for each in reasons if each not in REFUSALS]:
            raise ValueError(f"has {unknown[0]!r}; write some of {', '.join(REFUSALS)}")
        if (info.data.get("state") == REFUSED) != bool(reasons):
            raise ValueError("belong to a refusal, and it to them; write why it was refused, or take them out")
        return reasons

    @field_validator("receipt")
    @classmethod
    def _of_a_deposit(cls, receipt: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("state") == DEPOSITED and receipt is None:
            raise ValueError("is missing; write the number of the deposit, such as BM-7F3K-92XQ")
        return receipt

    def month(self, sessions: list[int]) -> date | None:
        """The session as it is kept: the first day of its month; `sessions` are the months of ordinary ones."""
        if self.session == _NEXT:
            this, *later = petition_times.ordinary(sessions, self.on.at, 2)
            return later[0] if this.month == casablanca_day(self.on.at).month else this
        return date.fromisoformat(f"{self.session}-01") if self.session else None


class Petition(fields.Part):
    """A request that the council put a point on its agenda."""

    id: fields.Slug
    kind: str = fields.right("citizens or association", pattern="^(citizens|association)$")
    title: fields.Lines
    short: fields.Briefs
    request: fields.Longs
    reasons: fields.Longs
    aims: fields.Longs
    mandataire: fields.Lines
    quarter: fields.Slug | None = Field(None, description="the id of the quarter it concerns, or nothing")
    association: fields.Line | None = Field(
        None, validate_default=True, description="the name of the association that asks"
    )
    threshold: fields.Number | None = Field(None, validate_default=True, description="a whole number of signatures")
    signed_elsewhere: fields.Number = 0
    declared_elsewhere: fields.Number = 0
    status: str = fields.right(f"one of {', '.join(STATES)}", pattern=_STATE)
    closes: fields.Closing
    history: list[Step] = Field([], description="a list of steps: state, on, and what belongs to it")

    @field_validator("association")
    @classmethod
    def _of_an_association(cls, association: str | None, info: ValidationInfo) -> str | None:
        if association and info.data.get("kind") != ASSOCIATION:
            raise ValueError("is of a petition whose kind is association; take it out, or write that kind")
        return association

    @field_validator("history")
    @classmethod
    def _follows(cls, history: list[Step], info: ValidationInfo) -> list[Step]:
        for one, two in pairwise(history):
            if two.state not in MOVES[one.state]:
                raise ValueError(f"goes from {one.state} to {two.state}; write a step that follows on the other")
            if two.on.at < one.on.at:
                raise ValueError(f"has {two.state} before {one.state}; write the steps in the order they were taken")
        status = info.data.get("status")
        if history and status and history[-1].state != status:
            raise ValueError(f"ends with {history[-1].state}, but the status is {status}; write one state in both")
        return history

    @field_validator("threshold")
    @classmethod
    def _fits_the_kind(cls, threshold: int | None, info: ValidationInfo) -> int | None:
        kind = info.data.get("kind")
        if kind == "citizens" and not threshold:
            raise ValueError("is missing; write how many signatures the law asks of citizens here, such as 200")
        if kind == "association" and threshold is not None:
            raise ValueError(f"is {threshold}; take it out, the law asks none of an association")
        return threshold


def as_entry(petition: Petition, sessions: list[int]) -> Entry:
    """What is loaded: the steps reach only a new petition, whose life goes on in the chat."""
    kept = fields.entry(petition, (*OF_STAFF, "history"))
    del kept.first["history"]
    steps = tuple(
        Entry(
            f"{number}",
            {
                "state": step.state,
                "at": step.on.at,
                "session": step.month(sessions),
                "reasons": step.reasons,
                "receipt": step.receipt,
                "note": step.note.model_dump(exclude_none=True) if step.note else {},
            },
        )
        for number, step in enumerate(petition.history)
    )
    deposits = [step.on.at for step in petition.history if step.state == DEPOSITED]
    months = [month for step in petition.history if (month := step.month(sessions))]
    came = {"deposited": deposits[-1] if deposits else None, "session": months[-1] if months else None}
    return Entry(kept.slug, kept.values, {**kept.first, **came}, {"history": steps})


def check(tree: Tree, places: list[Any]) -> None:
    """What holds between a petition and the quarters."""
    for number, petition in fields.entries(tree.value, "petitions"):
        if (place := petition.get("quarter")) not in [*places, None]:
            tree.fault(("petitions", number, "quarter"), f"is {shown(place)}; write the id of a quarter above, or null")
