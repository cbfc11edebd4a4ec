"""Draws what a message carries, when it is delivered: by the name of its one drawing."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from reports import (
    attendance,
    calendars,
    charts,
    consultation_report,
    dossier,
    draws,
    own_data,
    spreadsheets,
    submission,
    tickets,
)
from storage import media
from storage.database import Database

Draw = Callable[[Any], Awaitable[bytes]]
Read = Callable[[Database, Any], Awaitable[bytes]]

DRAWINGS: dict[str, Draw] = {
    "calendar": calendars.ics,
    "chart": charts.png,
    "published": draws.file,
    "csv": spreadsheets.csv_file,
    "ticket": tickets.png,
    "xlsx": spreadsheets.xlsx_file,
}


class Gone(LookupError):
    """What was to be shown is not kept any more."""


async def _kept(database: Database, id: int) -> bytes:
    async with database.reading() as db:
        found = await media.content(db, id)
    if found is None:
        raise Gone(id)
    return found[1]


# Those made of what is kept at that moment, which no message repeats.
READINGS: dict[str, Read] = {
    "attendance": attendance.drawn,
    "consultation": consultation_report.drawn,
    "dossier": dossier.drawn,
    "guests": attendance.listed,
    "media": _kept,
    "own_data": own_data.drawn,
    "submission": submission.drawn,
}


async def drawn(drawing: Mapping[str, Any], database: Database) -> bytes:
    """The bytes of a picture or a document; KeyError if nobody can draw it."""
    for name, what in drawing.items():
        if name in READINGS:
            return await READINGS[name](database, what)
    [(draw, what)] = [(DRAWINGS[name], what) for name, what in drawing.items() if name in DRAWINGS]
    return await draw(what)
