"""The tallies at the command line: for programs as JSON, for people as tables."""

import json
from datetime import datetime
from typing import Any

from storage import budgets, petitions
from storage.communes import Home
from storage.database import Db
from storage.schema import Localised


async def every(db: Db, home: Home, now: datetime, language: str) -> list[dict[str, Any]]:
    """The figures of each petition and vote of a commune; the votes of an open vote are withheld as in chat."""
    asked = [await _petition(db, each, language) for each in await petitions.every(db, home.id)]
    votes = [await _vote(db, each, home, now, language) for each in await budgets.every(db, home.id)]
    return [*asked, *votes]


async def _petition(db: Db, petition: petitions.Petition, language: str) -> dict[str, Any]:
    count = await petitions.tally(db, petition)
    return {
        "process": "petition",
        "id": petition.slug,
        "title": _local(petition.title, language),
        "status": petition.status,
        "declared": count.declared,
        "signed": count.signed,
        "threshold": count.threshold,
        "by_day": _days(count.by_day),
        "by_quarter": count.by_quarter,
        "by_channel": count.by_channel,
    }


async def _vote(db: Db, budget: budgets.Budget, home: Home, now: datetime, language: str) -> dict[str, Any]:
    count = await budgets.tally(db, budget, home, now)
    votes: list[dict[str, Any]] | None = None
    if count.votes is not None:
        votes = [
            {"id": project.slug, "title": _local(project.title, language), "votes": marks}
            for project, marks in count.votes
        ]
    return {
        "process": "budget",
        "id": budget.slug,
        "title": _local(budget.title, language),
        "status": "open" if count.open else "closed",
        "ballots": count.ballots,
        "by_day": _days(count.by_day),
        "by_channel": count.by_channel,
        "votes": votes,
    }


def _local(text: Localised, language: str) -> str:
    return text.get(language) or next(iter(text.values()))


def _days(by_day: dict[Any, int]) -> dict[str, int]:
    return {day.isoformat(): count for day, count in by_day.items()}


def as_json(figures: list[dict[str, Any]]) -> str:
    """One JSON list."""
    return json.dumps(figures, ensure_ascii=False, indent=2)


def as_table(figures: list[dict[str, Any]]) -> None:
    """A table for a terminal."""
    from rich.console import Console  # noqa: PLC0415  # only where a person reads
    from rich.table import Table  # noqa: PLC0415

    table = Table("process", "title", "status", "declared / ballots", "signed", "threshold")
    for each in figures:
        count = each.get("declared", each.get("ballots"))
        cells = (
            each["process"],
            each["title"],
            each["status"],
            count,
            each.get("signed", ""),
            each.get("threshold") or "",
        )
        table.add_row(*(str(cell) for cell in cells))
    console = Console()
    console.print(table)
    for each in figures:
        for project in each.get("votes") or []:
            console.print(f"{each['id']}  {project['votes']:>6}  {project['title']}")
