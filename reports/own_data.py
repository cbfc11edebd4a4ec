"""All that is kept of one person, to keep: as JSON for programs, as a PDF to be read."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from locales import Texts
from locales.catalogues import paper_, papers
from locales.values import Day, Hour
from reports import paper
from storage import own_data
from storage.database import Database

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*[+-]\d\d:\d\d$")
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
    "submitting": paper_("What you wrote for calls for projects"),
    "idea_proposals": paper_("Ideas you proposed"),
    "idea_supports": paper_("Ideas you support"),
    "follows": paper_("What you follow"),
    "lines": paper_("Your number on WhatsApp"),
    "media": paper_("What you sent"),
    "notices": paper_("What you were told"),
    "assisted": paper_("Whom you helped"),
}
LABELS = {
    "name": paper_("Name"),
    "id_card": paper_("ID card"),
    "language": paper_("Language"),
    "since": paper_("Since"),
    "channel": paper_("Channel"),
    "account": paper_("Account"),
    "phone": paper_("Phone"),
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
    "title": paper_("Title"),
    "request": paper_("Request"),
    "aims": paper_("Aims"),
    "mandataire": paper_("Representative"),
    "association": paper_("Association"),
    "given_back_for": paper_("Given back because"),
    "answer_of_service": paper_("Answer of the service"),
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
    "body": paper_("Council or committee"),
    "motivation": paper_("Reasons"),
    "guardian": paper_("Parent"),
    "id_number": paper_("ID card"),
    "day": paper_("On"),
    "helped_somebody_on": paper_("You helped somebody on"),
    "opinion": paper_("Opinion of the body"),
    "call": paper_("Call for projects"),
    "contact": paper_("Contact"),
    "documents": paper_("Documents"),
    "reasons": paper_("Reasons"),
    "vote": paper_("Budget"),
    "place": paper_("Place"),
    "cost": paper_("Cost, in dirhams"),
    "follows": paper_("Follows"),
    "number": paper_("Number"),
    "type": paper_("Type"),
    "bytes": paper_("Size in bytes"),
    "handed_in_with": paper_("Handed in with"),
    "gender": paper_("Gender"),
    "age": paper_("Age"),
    "disability": paper_("Disability"),
    "wants_nothing_about": paper_("Wants to hear nothing about"),
    "wants_no_messages_since": paper_("Wants no messages since"),
    "notice": paper_("Notice"),
    "due": paper_("Due"),
    "outcome": paper_("Outcome"),
}
VALUES = {  # codes that are read by people
    "woman": paper_("a woman"),
    "man": paper_("a man"),
    "unsaid": paper_("rather not said"),
    "under_18": paper_("under 18"),
    "18_24": paper_("18 to 24"),
    "25_34": paper_("25 to 34"),
    "35_59": paper_("35 to 59"),
    "60_over": paper_("60 or more"),
    "yes": paper_("yes"),
    "no": paper_("no"),
    "citizen": paper_("you"),
    "service": paper_("the service"),
    "petition": paper_("support of petitions"),
    "vote": paper_("vote"),
    "profile": paper_("who takes part"),
    "comment": paper_("consultation"),
    "photo": paper_("photo"),
    "voice": paper_("voice note"),
    "document": paper_("document"),
    "text": paper_("text"),
}


async def drawn(database: Database, what: Mapping[str, Any]) -> bytes:
    """The file that a message carries: {citizen, commune, language, format}; nothing of it is kept."""
    async with database.reading() as db:
        found = await own_data.own_data(db, what["citizen"])
    if what["format"] == "json":
        return orjson.dumps(found, option=orjson.OPT_INDENT_2)
    texts = papers(what["language"])
    return await paper.pdf("own_data", texts, what["commune"], values(found, texts))


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
        return t.listed(_shown(each, t) for each in value)
    text = str(value)
    if _MOMENT.match(text):
        moment = datetime.fromisoformat(text)
        return t.plain("{day}, {hour}", day=Day(moment), hour=Hour(moment))
    return t.plain(VALUES[text]) if text in VALUES else text
