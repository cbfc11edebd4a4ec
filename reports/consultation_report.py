"""The report on a consultation: figures, then article by article what was said, what was answered, what has changed.

No name stands in it.  It is read and made when it is delivered.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from locales import NAMES, Texts
from locales.catalogues import paper_, papers
from locales.values import Day
from reports import paper
from reports.cells import shown
from storage import communes, consultation_contents, consultation_tally
from storage.comments import ADD, AMEND, OPPOSE, SUPPORT
from storage.communes import Home
from storage.consultation_contents import Opinion
from storage.consultations import Consultation
from storage.database import Database, Db
from storage.readings import Line
from storage.schema import Localised
from storage.verdicts import ACCEPTS, NOT, OUT_OF_SCOPE, PARTLY, Answer
from storage.wordings import Change

STANCES = {
    SUPPORT: paper_("Support"),
    AMEND: paper_("To be changed"),
    ADD: paper_("To be completed"),
    OPPOSE: paper_("Opposition"),
}
VERDICTS = {
    ACCEPTS: paper_("Taken up"),
    PARTLY: paper_("Taken up in part"),
    NOT: paper_("Not taken up"),
    OUT_OF_SCOPE: paper_("Outside this text"),
}
PARTS = {
    "quarter": paper_("Comments by neighbourhood"),
    "channel": paper_("Comments by channel"),
    "language": paper_("Comments by language"),
    "day": paper_("Comments by day"),
}
CELLS = {
    "web": paper_("web chat"),
    "console": paper_("terminal"),
    "telegram": "Telegram",
    "whatsapp": "WhatsApp",
    "paper": paper_("on paper"),
    **NAMES,
    "": paper_("not said"),
}
_ARABIC = re.compile("[\u0600-\u06ff]")
_SENT = {"voice": paper_("(a voice note)"), "photo": paper_("(a photo)")}


async def drawn(database: Database, what: Mapping[str, Any]) -> bytes:
    """The file that a message carries: {commune, about, language}."""
    t = papers(what["language"])
    async with database.reading() as db:
        [home] = [each for each in await communes.every(db) if each.id == what["commune"]]
        asked = await db.get_one(Consultation, what["about"])
        says = await values(db, asked, home, t)
    return await paper.pdf("consultation", t, t.local(home.name), says)


async def values(db: Db, asked: Consultation, home: Home, t: Texts) -> dict[str, Any]:
    """What the template shows."""
    contents = await consultation_contents.read(db, asked)
    count = await consultation_tally.tally(db, asked, home, asked.closes)
    stances = Counter(each.stance for each in contents.opinions)
    articles = [_article(line, contents, t) for line in contents.lines]
    return {
        "title": t.local(asked.title),
        "about": t.local(asked.about),
        "period": t.plain(paper_("From {opens} to {closes}."), opens=Day(asked.opens), closes=Day(asked.closes)),
        "figures": {
            "heading": t.plain(paper_("Figures")),
            "rows": [
                [t.plain(paper_("People who took part")), str(contents.people)],
                [t.plain(paper_("Comments")), str(count.totals["comments"])],
                [t.plain(paper_("Comments that are answered")), str(contents.answered)],
                [t.plain(paper_("Comments not published, under the rules")), str(contents.refused)],
                [t.plain(paper_("Articles that have changed")), str(len(contents.changes))],
            ],
            "note": t.plain(paper_("No name is published. Figures of few people are hidden.")),
            "charts": [
                {"heading": t.plain(paper_("What was said, by stance")), "bars": _bars(stances, STANCES, t)},
                *_charts(count.parts, home, t),
            ],
        },
        "articles": [*articles, *_whole(contents, t)],
        "by_article": t.plain(paper_("Article by article")),
    }


def _bars(counts: Mapping[str, int], names: Mapping[str, str], t: Texts) -> list[dict[str, Any]]:
    return _scaled([(t.plain(name), counts.get(key, 0)) for key, name in names.items()])


def _scaled(cells: Sequence[tuple[str, int | None]], hidden: str = "") -> list[dict[str, Any]]:
    """Bars by their share of the longest; a figure that is hidden has none."""
    most = max((number or 0 for _name, number in cells), default=0) or 1
    return [
        {"label": name, "value": hidden if number is None else str(number), "share": 100 * (number or 0) / most}
        for name, number in cells
    ]


def _charts(parts: Mapping[str, Mapping[str, int]], home: Home, t: Texts) -> list[dict[str, Any]]:
    charts = []
    for part, heading in PARTS.items():
        cells = shown(dict(parts.get(part, {})))
        if set(cells) - {""} and any(number is not None for number in cells.values()):
            named = [(_cell(part, cell, home, t), number) for cell, number in cells.items()]
            charts.append({"heading": t.plain(heading), "bars": _scaled(named, t.plain(paper_("hidden")))})
    return charts


def _cell(part: str, cell: str, home: Home, t: Texts) -> str:
    if part == "day":
        return f"{datetime.fromisoformat(cell):%d/%m/%Y}"
    places = {quarter.slug: t.local(quarter.name) for quarter in home.quarters} if part == "quarter" else {}
    return places.get(cell) or t.plain(CELLS.get(cell, cell))


def _article(line: Line, contents: Any, t: Texts) -> dict[str, Any]:
    its = [each for each in contents.opinions if each.article_id == line.id]
    change = contents.changes.get(line.id)
    return {
        "heading": t.plain(paper_("Article {number}. {title}"), number=line.number, title=t.local(line.title)),
        **_wordings(line.text, change, t),
        "bars": _bars(Counter(each.stance for each in its), STANCES, t),
        **_opinions(its, contents.answers, t),
    }


def _wordings(text: Localised, change: Change | None, t: Texts) -> dict[str, Any]:
    if change is None:
        return {"text": t.local(text), "change": None}
    return {
        "text": None,
        "change": {
            "before": [t.plain(paper_("Before")), t.local(change.before)],
            "after": [t.plain(paper_("After")), t.local(change.after)],
            "why": [t.plain(paper_("Why")), t.local(change.why or {})],
        },
    }


def _whole(contents: Any, t: Texts) -> list[dict[str, Any]]:
    its = [each for each in contents.opinions if each.article_id is None]
    if not its:
        return []
    heading = t.plain(paper_("The text as a whole"))
    bars = _bars(Counter(each.stance for each in its), STANCES, t)
    return [{"heading": heading, "text": None, "change": None, "bars": bars, **_opinions(its, contents.answers, t)}]


def _opinions(its: Sequence[Opinion], answers: Mapping[int, Answer], t: Texts) -> dict[str, Any]:
    """What was said in words, together under each answer, then what has none."""
    groups = []
    for id in dict.fromkeys(each.answer_id for each in its if each.answer_id):
        given = answers[id]
        groups.append(
            {
                "verdict": t.plain(paper_("Answer: {verdict}"), verdict=t.plain(VERDICTS[given.verdict])),
                "reasons": t.local(given.reasons),
                "comments": [_opinion(each, t) for each in its if each.answer_id == id],
            }
        )
    rest = [_opinion(each, t) for each in its if not each.answer_id and (each.words or each.kind in _SENT)]
    if rest:
        groups.append({"verdict": t.plain(paper_("Without an answer so far")), "reasons": "", "comments": rest})
    return {"groups": groups, "none": "" if its else t.plain(paper_("Nothing was said on this."))}


def _opinion(each: Opinion, t: Texts) -> dict[str, Any]:
    agree = t.plain(paper_("{agree} agree, {disagree} disagree"), agree=each.agree, disagree=each.disagree)
    words = each.words or t.plain(_SENT.get(each.kind, ""))
    return {
        "stance": t.plain(STANCES[each.stance]),
        "words": words,
        "rtl": bool(_ARABIC.search(words)),
        "reactions": agree if each.weighed else "",
    }
