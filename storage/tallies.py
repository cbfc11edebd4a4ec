"""The tally of anything that people take part in, under one shape; a noun more is a line more."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage import (
    applications,
    attendance,
    bodies,
    budget_tally,
    budgets,
    calls,
    communes,
    consultation_tally,
    consultations,
    contributions,
    idea_calls,
    idea_tally,
    opinions,
    petitions,
    responses,
    submitting,
    surveys,
    workshops,
)
from storage.communes import Home
from storage.counts import Suspect, Tally
from storage.schema import Localised


@dataclass(frozen=True, slots=True)
class Noun:
    """How a noun is listed and counted: in its own storage module."""

    every: Callable[[AsyncSession, int], Awaitable[Sequence[Any]]]  # of a commune, the newest first
    tally: Callable[[AsyncSession, Any, Home, datetime], Awaitable[Tally]]
    watch: Callable[[AsyncSession, Any, Home], Awaitable[list[Suspect]]]  # what is worth a look


NOUNS = {
    "budget": Noun(budgets.every, budget_tally.tally, budget_tally.watch),
    "consultation": Noun(consultations.every, consultation_tally.tally, consultation_tally.watch),
    "idea": Noun(idea_calls.every, idea_tally.tally, idea_tally.watch),
    "petition": Noun(petitions.every, petitions.tally, petitions.watch),
    "body": Noun(bodies.every, applications.tally, applications.watch),
    "call": Noun(calls.every, submitting.tally, submitting.watch),
    "opinion": Noun(opinions.every, contributions.tally, contributions.watch),
    "survey": Noun(surveys.every, responses.tally, responses.watch),
    "workshop": Noun(workshops.every, attendance.tally, attendance.watch),
}


@dataclass(frozen=True, slots=True)
class Process:
    """One thing that people take part in: a petition, a vote."""

    noun: str
    about: int
    slug: str
    title: Localised
    short: Localised
    closes: datetime | None
    row: Any

    @property
    def id(self) -> str:
        """What names it in a list."""
        return f"{self.noun}_{self.about}"

    async def tally(self, db: AsyncSession, home: Home, now: datetime) -> Tally:
        """Count it."""
        return await NOUNS[self.noun].tally(db, self.row, home, now)

    async def watch(self, db: AsyncSession, home: Home) -> list[Suspect]:
        """What a coordinator may want to look at."""
        return await NOUNS[self.noun].watch(db, self.row, home)


async def every(db: AsyncSession, commune_id: int) -> list[Process]:
    """All that can be counted in a commune."""
    return [
        Process(name, row.id, row.slug, row.title, getattr(row, "short", row.title), getattr(row, "closes", None), row)
        for name, noun in NOUNS.items()
        for row in await noun.every(db, commune_id)
    ]


async def across(db: AsyncSession) -> list[tuple[Home, list[Process]]]:
    """The same of each commune."""
    return [(home, await every(db, home.id)) for home in await communes.every(db)]
