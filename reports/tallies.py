"""A tally in words: each figure under its name, small cells hidden, as lines and as tables."""

from datetime import date
from typing import Any

from locales import NAMES, Texts, _
from reports.cells import Shown, shown, shown_together
from storage.communes import Home
from storage.counts import Option, Tally
from storage.tallies import Process

TOTALS = {
    "signed": _("Signed"),
    "checked": _("Checked"),
    "declared": _("Declared support"),
    "ballots": _("Ballots"),
    "answers": _("People who answered"),
    "applied": _("Applications"),
    "submissions": _("Submissions"),
    "contributions": _("Contributions"),
    "comments": _("Comments"),
    "ideas": _("Ideas"),
    "authors": _("People who took part"),
    "supports": _("Times supported"),
    "seated": _("With a seat"),
    "waiting": _("On the waiting list"),
    "attended": _("Were there"),
}
PARTS = {
    "quarter": _("By neighbourhood"),
    "gender": _("By gender"),
    "age": _("By age"),
    "channel": _("By channel"),
    "language": _("By language"),
    "assurance": _("By how the person is known"),
    "assisted": _("With the help of somebody"),
    "paper": _("On paper"),
    "day": _("By day"),
}
CELLS = {
    "web": _("web chat"),
    "console": _("terminal"),
    "telegram": "Telegram",
    "whatsapp": "WhatsApp",
    "paper": _("on paper"),
    **NAMES,
    "yes": _("yes"),
    "no": _("no"),
    "woman": _("women"),
    "man": _("men"),
    "women": _("women"),
    "men": _("men"),
    "unsaid": _("not said"),
    "under_18": _("Under 18"),
    "18_24": _("18 to 24"),
    "25_34": _("25 to 34"),
    "35_59": _("35 to 59"),
    "60_over": _("60 or more"),
    "account": _("by the account"),
    "phone": _("by the phone"),
    "declared": _("by the ID number"),
    "support": _("agree"),
    "amend": _("to be changed"),
    "add": _("to be completed"),
    "oppose": _("oppose"),
    "checked": _("seen by the staff"),
    "": _("not said"),
}


def title(own: Texts, process: Process) -> str:
    """What it is called, told apart from the vote that ideas are for."""
    return (
        own.plain(_("Ideas: {title}"), title=own.local(process.title))
        if process.noun == "idea"
        else own.local(process.title)
    )


def totals(own: Texts, count: Tally) -> list[tuple[str, int]]:
    """Each total under its name; what the law asks for first."""
    return [(own(TOTALS[name]), count.totals[name]) for name in TOTALS if name in count.totals]


def cells(count: Tally) -> dict[str, Shown]:
    """By which dimension, and its cells; None where a figure is not shown."""
    noted = {name: count.parts[name] for name in PARTS if set(count.parts.get(name, ())) - {""}}
    return shown_together(noted, count.people)


def parts(own: Texts, home: Home, count: Tally) -> dict[str, Shown]:
    """The same, the cells under their names."""
    return {
        name: {_cell(own, home, name, cell): number for cell, number in of.items()} for name, of in cells(count).items()
    }


def options(count: Tally) -> list[tuple[Option, int | None]]:
    """What could be chosen, and how many did: votes and stances are public; of answers few are not shown."""
    every = count.choices or ()
    wholes: dict[str, dict[str, int]] = {}
    for each in every:
        wholes.setdefault(each.whole, {})[each.slug] = each.count
    known = {whole: shown(of) if whole else of for whole, of in wholes.items()}
    return [(each, known[each.whole][each.slug]) for each in every]


def _cell(own: Texts, home: Home, part: str, cell: str) -> str:
    places = {quarter.slug: own.local(quarter.name) for quarter in home.quarters} if part == "quarter" else {}
    return day(cell) if part == "day" else places.get(cell) or own(CELLS.get(cell, cell))


def day(written: str) -> str:
    """A day as figures are headed."""
    return f"{date.fromisoformat(written):%d/%m/%Y}"


def number(own: Texts, count: int | None) -> str | int:
    """A figure, or that it is hidden."""
    return own(_("hidden")) if count is None else count


def tables(own: Texts, home: Home, process: Process, count: Tally) -> list[dict[str, Any]]:
    """All figures of a process, as `reports/spreadsheets.py` takes them."""
    head = [own(_("Counted")), own(_("Number"))]
    found = [{"title": title(own, process), "rows": [head, *([*total] for total in totals(own, count))]}]
    if count.choices:
        found.append({"title": own(_("Results")), "rows": _options(own, head, count)})
    for name, of in parts(own, home, count).items():
        rows = [[cell, number(own, people)] for cell, people in of.items()]
        found.append({"title": own(PARTS[name]), "rows": [head, *rows]})
    return found


def _options(own: Texts, head: list[str], count: Tally) -> list[list[Any]]:
    """What could be chosen, and how each divides."""
    ways = sorted({way for option in count.choices or () for way in option.parts})
    rows = [
        [own.local(option.title), number(own, people), *(option.parts.get(way, 0) for way in ways)]
        for option, people in options(count)
    ]
    return [[*head, *(own(CELLS.get(way, way)) for way in ways)], *rows]
