"""The attendance sheet of a workshop: a line for each guest to sign, with the square of the ticket to be checked in."""

import asyncio
from collections.abc import Mapping
from typing import Any

from locales import Texts
from locales.bidi import isolate_code
from locales.catalogues import paper_, papers
from reports import paper, tickets

EMPTY_LINES = 8  # for those who come without having registered


async def pdf(sheet: Mapping[str, Any]) -> bytes:
    """The sheet as a PDF, made in a thread: `guests` are lists of name, code, what the square says, needs."""
    texts = papers(sheet["language"])
    return await paper.pdf("attendance", texts, sheet["commune"], await asyncio.to_thread(values, sheet, texts))


def values(sheet: Mapping[str, Any], t: Texts) -> dict[str, Any]:
    """What the template shows."""
    head = [paper_("No."), paper_("Full name"), paper_("Needs"), paper_("Ticket"), paper_("Signature")]
    rows = [
        {"cells": [str(number), name, needs], "code": code, "square": tickets.svg(says)}
        for number, (name, code, says, needs) in enumerate(sheet["guests"], 1)
    ]
    empty = [{"cells": [str(len(rows) + n), "", ""], "code": "", "square": ""} for n in range(1, EMPTY_LINES + 1)]
    return {
        "title": sheet["title"],
        "heading": t.plain(paper_("Attendance sheet")),
        "when": sheet["when"],
        "place": sheet["place"],
        "counts": t.plain(
            paper_("Registered: {registered}. Seats: {capacity}."),
            registered=len(rows),
            capacity=sheet["capacity"],
        ),
        "note": t.plain(
            paper_("Staff scan the square with a telephone, or write {command} and the number of the ticket."),
            command="/checkin",
        ).replace("/checkin", isolate_code("/checkin")),
        "closing": t.plain(paper_("This list holds personal data: keep it locked away (law 09-08).")),
        "head": [t.plain(each) for each in head],
        "rows": rows + empty,
    }
