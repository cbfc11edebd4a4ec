"""The tallies at the command line: for programs as JSON, for people as tables."""

import json
from datetime import datetime
from typing import Any

from storage import tallies
from storage.communes import Home
from storage.database import Db
from storage.schema import Localised
from storage.tallies import Process


async def every(db: Db, home: Home, now: datetime, language: str) -> list[dict[str, Any]]:
    """The figures of all that can be counted in a commune; the votes of an open vote are withheld as in chat."""
    return [await _figures(db, each, home, now, language) for each in await tallies.every(db, home.id)]


async def _figures(db: Db, process: Process, home: Home, now: datetime, language: str) -> dict[str, Any]:
    count = await process.tally(db, home, now)
    is_open = process.closes is not None and process.closes > now
    options = [
        {"id": option.slug, "title": _local(option.title, language), "votes": option.count, **option.parts}
        for option in count.choices or ()
    ]
    return {
        "process": process.noun,
        "id": process.slug,
        "title": _local(process.title, language),
        "status": getattr(process.row, "status", None) or ("open" if is_open else "closed"),
        **count.totals,
        "threshold": count.threshold,
        **{f"by_{name}": cells for name, cells in count.parts.items()},
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
            console.print(f"{each['id']}  {project['votes']:>6}  {project['title']}")
