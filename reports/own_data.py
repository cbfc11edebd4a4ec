"""All that is kept of one person, to keep: as JSON for programs, as a PDF to be read."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from locales import Texts
from locales.catalogues import paper_, papers
from reports import paper
from storage import own_data
from storage.database import Database

SECTIONS = {  # a noun more is a line more; what has none stands under its own name
    "citizens": paper_("Who you are"),
    "profiles": paper_("What you said about yourself"),
    "supports": paper_("Petitions you support"),
    "petition_drafts": paper_("Petitions you started"),
    "past_workshops": paper_("Workshops you registered for"),
    "messages": paper_("What you and the service wrote"),
    "commenting": paper_("What you said in consultations"),
    "responses": paper_("Your answers to surveys"),
    "applications": paper_("Where you applied"),
    "contributions": paper_("What you sent to the equality body"),
    "follows": paper_("What you follow"),
    "media": paper_("What you sent"),
    "notices": paper_("What you were told"),
}
LABELS = {
    "name": paper_("Name"),
    "id_card": paper_("ID card"),
    "language": paper_("Language"),
    "since": paper_("Since"),
    "channel": paper_("Channel"),
    "account": paper_("Account"),
    "consent": paper_("You agreed to"),
    "given": paper_("On"),
    "withdrawn": paper_("Withdrawn on"),
    "quarter": paper_("Quarter"),
    "supports": paper_("Petition"),
    "receipt": paper_("Receipt"),
    "declared": paper_("Declared on"),
    "state": paper_("State"),
    "from": paper_("Written by"),
    "written": paper_("Written on"),
    "words": paper_("Words"),
    "begun": paper_("Begun on"),
    "kind": paper_("Kind"),
    "workshop": paper_("Workshop"),
    "begins": paper_("Begins"),
    "needs": paper_("Needs"),
    "came": paper_("Checked in"),
    "rating": paper_("Rating, of 5"),
    "received": paper_("Received on"),
    "kept_until": paper_("Kept until"),
    "consultation": paper_("Consultation"),
    "article": paper_("Article"),
    "stance": paper_("Opinion"),
    "reaction": paper_("To what others say"),
    "to": paper_("Their receipt"),
    "survey": paper_("Survey"),
    "question": paper_("Question"),
    "answer": paper_("Answer"),
    "body": paper_("Council or committee"),
    "motivation": paper_("Reasons"),
    "guardian": paper_("Parent"),
    "id_number": paper_("ID card"),
    "day": paper_("On"),
    "opinion": paper_("Opinion of the body"),
}


async def drawn(database: Database, what: Mapping[str, Any]) -> bytes:
    """The file that a message carries: {citizen, language, format}; nothing of it is kept."""
    async with database.reading() as db:
        found = await own_data.own_data(db, what["citizen"])
    if what["format"] == "json":
        return orjson.dumps(found, option=orjson.OPT_INDENT_2)
    texts = papers(what["language"])
    return await paper.pdf("own_data", texts, "Sawt", values(found, texts))


def values(found: Mapping[str, Sequence[Mapping[str, Any]]], t: Texts) -> dict[str, Any]:
    """What the template shows."""
    return {
        "title": t.plain(paper_("All that we keep of you")),
        "note": t.plain(
            paper_("Your ballots are not here: they hold no name, and nobody can tell whose they are. (Law 09-08)")
        ),
        "sections": [
            {"heading": t.plain(SECTIONS.get(noun, noun)), "entries": [_lines(row, t) for row in rows]}
            for noun, rows in found.items()
        ],
    }


def _lines(row: Mapping[str, Any], t: Texts) -> list[list[str]]:
    shown = {key: _shown(value, t) for key, value in row.items() if value not in (None, "", [])}
    return [[t.plain(LABELS[key]) if key in LABELS else key.replace("_", " "), value] for key, value in shown.items()]


def _shown(value: Any, t: Texts) -> str:
    if isinstance(value, Mapping):  # the commune's own text, in several languages
        return str(value.get("ar" if t.direction == "rtl" else "fr") or next(iter(value.values()), ""))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    text = str(value)
    return text[:16].replace("T", " ") + " UTC" if text[4:5] == "-" and text[10:11] == "T" else text
