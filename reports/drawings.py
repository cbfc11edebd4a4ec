"""Draws what a message carries, when it is delivered: by the name of its one drawing."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from reports import attendance, calendars, charts, spreadsheets, tickets

Draw = Callable[[Any], Awaitable[bytes]]

DRAWINGS: dict[str, Draw] = {
    "attendance": attendance.pdf,
    "calendar": calendars.ics,
    "chart": charts.png,
    "csv": spreadsheets.csv_file,
    "ticket": tickets.png,
    "xlsx": spreadsheets.xlsx_file,
}


async def drawn(drawing: Mapping[str, Any]) -> bytes:
    """The bytes of a picture or a document; KeyError if nobody can draw it."""
    [(draw, what)] = [(DRAWINGS[name], what) for name, what in drawing.items() if name in DRAWINGS]
    return await draw(what)
