"""The tallies at the command line: for programs as JSON, for people as tables."""

import json
from datetime import datetime
from typing import Any

from reports import tallies as words
from storage import tallies
from storage.communes import Home
from storage.database import Db
from storage.schema import Localised
from storage.tallies import Process


async def every(db: Db, home: Home, now: datetime, language: str, in_full: bool = False) -> list[dict[str, Any]]:
    """The figures of all that can be counted in a commune; the votes of an open vote are withheld as in chat.

    Figures of few people are None, as they are hidden in chat, unless they are asked for in full.
    """
    return [await _figures(db, each, home, now, language, in_full) for each in await tallies.every(db, home.id)]


async def _figures(db: Db, process: Process, home: Home, now: datetime, language: str, in_full: bool) -> dict[str, Any]:
    count = await process.tally(db, home, now)
    stands = "open" if process.closes is not None and process.closes > now else "closed"
    options = [
        {
            "id": option.slug,
            "title": _local(option.title, language),
            "votes": option.count if in_full else people,
            **option.parts,
        }
        for option, people in words.options(count)
    ]
    divided = count.parts if in_full else words.cells(count)
    return {
        "process": process.noun,
        "id": process.slug,
        "title": _local(process.title, language),
        "status": getattr(process.row, "status", "") or getattr(process.row, "state", "") or stands,
        **count.totals,
        "threshold": count.threshold,
        **{f"by_{name}": cells for name, cells in divided.items()},
        "votes": options if options or count.choices != () else None,
    }


def _local(text: Localised, language: str) -> str:
    return text.get(language) or next(iter(text.values()))


def as_json(figures: list[dict[str, Any]]) -> str:
    """One JSON list."""
    return json.dumps(figures, ensure_ascii=False, indent=2)


def as_table(figures: list[dict[str, Any]]) -> None:
    """A table for a terminal."""
    from rich.console import Console  # noqa: PLC0415  # only where a person reads
    from rich.table import Table  # noqa: PLC0415  # likewise

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
            votes = "hidden" if project["votes"] is None else project["votes"]
            console.print(f"{each['id']}  {votes:>6}  {project['title']}")
