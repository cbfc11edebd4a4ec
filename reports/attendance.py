"""Who comes to a workshop: a sheet with a line for each guest to sign and to be checked in, and a spreadsheet."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from locales import Texts
from locales.bidi import isolate_code
from locales.catalogues import paper_, papers
from locales.values import Day, Hour
from reports import paper, spreadsheets, tickets
from storage import attendance, communes
from storage.attendance import Guest
from storage.communes import Home
from storage.database import Database
from storage.seats import ACTIVE, ATTENDED, HELD, SEATED, WAITING
from storage.workshops import Workshop

EMPTY_LINES = 8  # for those who come without having registered
NEEDS = {
    "step_free": paper_("step-free access"),
    "child_care": paper_("child care"),
    "sign_language": paper_("sign language"),
}


STATES = {
    SEATED: paper_("a seat"),
    HELD: paper_("a seat is kept"),
    WAITING: paper_("waiting list"),
    ATTENDED: paper_("was there"),
}


async def listed(database: Database, what: Mapping[str, Any]) -> bytes:
    """The list as a spreadsheet: {workshop, language, kind: csv or xlsx}; those who wait in line too."""
    async with database.reading() as db:
        workshop = await db.get_one(Workshop, what["workshop"])
        guests = await attendance.guests(db, workshop.id, ACTIVE)
    t = papers(what["language"])
    head = [paper_("No."), paper_("Full name"), paper_("Needs"), paper_("Ticket"), paper_("State")]
    rows = [
        [number, each.name, _needs(each, t), each.code, t.plain(STATES[each.state])]
        for number, each in enumerate(guests, 1)
    ]
    table = {"title": _said(t, workshop.title), "rows": [[t.plain(each) for each in head], *rows]}
    write = spreadsheets.csv_file if what["kind"] == "csv" else spreadsheets.xlsx_file
    return await write({"direction": t.direction, "tables": [table]})


async def drawn(database: Database, what: Mapping[str, Any]) -> bytes:
    """The sheet that a message carries: {commune, workshop, language}; no message repeats its names."""
    async with database.reading() as db:
        workshop = await db.get_one(Workshop, what["workshop"])
        home = await communes.home(db, what["commune"])
        guests = await attendance.guests(db, workshop.id)
    if home is None:
        raise LookupError(what["commune"])
    texts = papers(what["language"])
    shown = await asyncio.to_thread(values, workshop, home, guests, texts)
    return await paper.pdf("attendance", texts, _said(texts, home.name), shown)


def values(workshop: Workshop, home: Home, guests: Sequence[Guest], t: Texts) -> dict[str, Any]:
    """What the template shows."""
    head = [paper_("No."), paper_("Full name"), paper_("Needs"), paper_("Ticket"), paper_("Signature")]
    rows = [_row(number, each, home, t) for number, each in enumerate(guests, 1)]
    empty = [{"cells": [str(len(rows) + n), "", ""], "code": "", "square": ""} for n in range(1, EMPTY_LINES + 1)]
    return {
        "title": _said(t, workshop.title),
        "heading": t.plain(paper_("Attendance sheet")),
        "when": t.plain(
            "{day}, {begins}–{ends}",
            day=Day(workshop.begins, weekday=True),
            begins=Hour(workshop.begins),
            ends=Hour(workshop.ends),
        ),
        "place": _said(t, workshop.place),
        "counts": t.plain(
            paper_("Registered: {registered}. Seats: {capacity}."),
            registered=len(rows),
            capacity=workshop.capacity,
        ),
        "note": t.plain(
            paper_("Staff scan the square with a telephone, or write {command} and the number of the ticket."),
            command="/checkin",
        ).replace("/checkin", isolate_code("/checkin")),
        "closing": t.plain(paper_("This list holds personal data: keep it locked away (law 09-08).")),
        "head": [t.plain(each) for each in head],
        "rows": rows + empty,
    }


def _row(number: int, guest: Guest, home: Home, t: Texts) -> dict[str, Any]:
    square = tickets.svg(tickets.says(home, guest.code))
    return {"cells": [str(number), guest.name, _needs(guest, t)], "code": guest.code, "square": square}


def _needs(guest: Guest, t: Texts) -> str:
    needs = [t.plain(NEEDS[code]) for code in guest.needs.codes if code in NEEDS]
    return t.listed([*needs, *([guest.needs.words] if guest.needs.words else [])])


def _said(t: Texts, text: Mapping[str, str]) -> str:
    wanted = ("ar", "ary", "fr") if t.direction == "rtl" else ("fr", "ar", "ary")
    return next((text[code] for code in wanted if text.get(code)), "")
