"""The file of one submission as a PDF: who, for which call, every answer, the list of its documents."""

import re
from collections.abc import Mapping
from typing import Any

from locales import Texts
from locales.catalogues import paper_, papers
from locales.values import Day, Hour
from reports import paper
from storage import communes, submissions
from storage.communes import Home
from storage.database import Database
from storage.submissions import CONTACT, OpenedSubmission, Submission

_ARABIC = re.compile("[\u0600-\u06ff]")


async def drawn(database: Database, what: Mapping[str, Any]) -> bytes:
    """The file that a message carries: {commune, id, language, contact}; it is read and made when it is delivered."""
    async with database.reading() as db:
        home = await communes.get(db, what["commune"])
        found = await submissions.opened(db, Submission.id == what["id"])
    if not found:
        raise LookupError(what["id"])
    texts = papers(what["language"])
    return await paper.pdf("submission", texts, texts.local(home.name), values(found[0], home, texts, what["contact"]))


def values(written: OpenedSubmission, home: Home, t: Texts, with_contact: bool = True) -> dict[str, Any]:
    """What the template shows."""
    facts = [
        (paper_("Association"), written.name),
        *([(paper_("Contact"), written.words.get(CONTACT, ""))] if with_contact else []),
        (paper_("Receipt"), written.receipt),
        (paper_("Submitted on"), _when(written, t)),
    ]
    return {
        "title": t.local(written.call.title),
        "lead": t.plain(paper_("File submitted to the call for projects of {commune}"), commune=t.local(home.name)),
        "facts": [[t.plain(label), value or "—"] for label, value in facts],
        "note": {
            "heading": t.plain(paper_("Concept note")),
            "answers": [_answer(written, each, t) for each in written.call.asks],
        },
        "documents": {
            "heading": t.plain(paper_("Documents")),
            "head": [t.plain(paper_("Document")), t.plain(paper_("Files"))],
            "rows": [[t.local(each.name), str(len(written.files.get(each.id, [])))] for each in written.call.papers],
        },
    }


def _when(written: OpenedSubmission, t: Texts) -> str:
    if written.submitted is None:
        return t.plain(paper_("not submitted yet"))
    return t.plain("{day}, {hour}", day=Day(written.submitted), hour=Hour(written.submitted))


def _answer(written: OpenedSubmission, ask: Any, t: Texts) -> dict[str, Any]:
    words = written.words.get(ask.id, "") or "—"
    return {"question": t.local(ask.text), "words": words, "rtl": bool(_ARABIC.search(words))}
