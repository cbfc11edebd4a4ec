"""The tally: figures, a chart and spreadsheets of anything that people take part in, for coordinators."""

from datetime import datetime
from typing import Any

from flows.chat import Chat, Stop
from flows.registry import COORDINATORS, COUNTERS, MODERATORS, flow
from locales import _, n_
from locales.values import Day, Hour, Value, Written
from locales.words import normalise
from reports import tallies as figures
from storage import tallies
from storage.budgets import POINTS
from storage.counts import Option, Tally
from storage.tallies import Process

ALL = "all"  # communes
_DAYS = 7  # the newest; all of them are in the spreadsheet


@flow("tally", _("Tally"), command="tally", roles=COUNTERS, in_menu=40)
async def tally(chat: Chat) -> None:
    """Count one process, or for the programme all of them."""
    process = await _process(chat, _("The tally of what?"))
    if process is None:
        await _of_all(chat)
        return
    count = await process.tally(chat.db, chat.commune, chat.now)
    _show(chat, process, count)
    chat.offer(f"/spreadsheet {process.id}", _("As a spreadsheet"))
    if process.noun == "workshop" and chat.citizen.role in MODERATORS:
        chat.offer(f"wl_{process.about}", _("List as spreadsheet"))
    if chat.citizen.role in COORDINATORS:
        chat.offer(f"/watch {process.id}", _("What is worth a look"))


async def _process(chat: Chat, question: str) -> Process | None:
    """The one that is meant; None: all of every commune."""
    every = await tallies.every(chat.db, chat.commune.id)
    counts_all = chat.citizen.role == "programme"
    if not every and not counts_all:
        raise Stop(_("There is nothing to count yet."))
    things: list[Process | str] = [ALL, *every] if counts_all else [*every]
    known = {_id(each): each for each in things}

    async def page(offset: int, limit: int) -> list[Process | str]:
        return things[offset : offset + limit]

    async def find(id: Any) -> Process | str | None:
        return known.get(str(id))

    def label(each: Process | str) -> str:
        return chat.t(_("All communes")) if isinstance(each, str) else figures.title(chat.texts, each)

    def named(words: str) -> str:
        wanted = normalise(words)
        found = [id for id, each in known.items() if wanted and wanted in normalise(label(each))]
        return words if words in known else found[0] if len(found) == 1 else ""

    chosen = await chat.browse("process", question, page, find, label, named=named)
    return None if isinstance(chosen, str) else chosen


def _id(each: Process | str) -> str:
    return each if isinstance(each, str) else each.id


def _show(chat: Chat, process: Process, count: Tally) -> None:
    title, lines = (
        figures.title(chat.texts, process),
        [_line(chat, *total) for total in figures.totals(chat.texts, count)],
    )
    if count.threshold:
        lines.append(chat.t(_("Asked for by law: {threshold}"), threshold=count.threshold))
    said = "<b>{title}</b>\n{lines}"
    if bars := _bars(chat, count):
        chart = {
            "title": title,
            "bars": bars,
            "threshold": count.threshold,
            "threshold_bars": 1,
            "threshold_label": chat.t(_("Asked for by law")),
            "direction": chat.texts.direction,
        }
        chat.picture({"chart": chart}, said, title=title, lines=Written("\n".join(lines)))
    else:
        chat.say(said, title=title, lines=Written("\n".join(lines)))
    if count.choices is None:
        chat.say(_("No results while the vote is open: turnout only."))
    options = [_option(chat, process, *option) for option in figures.options(count)]
    if options:
        chat.say("{lines}", lines=Written("\n".join(options)))
    _split(chat, count)


def _option(chat: Chat, process: Process, option: Option, people: int | None) -> str:
    """How many chose it, and how that divides."""
    title = chat.local(option.title)
    if process.noun == "budget":
        votes = n_("{title}: {count} vote", "{title}: {count} votes")
        points = n_("{title}: {count} point", "{title}: {count} points")
        return chat.t(points if process.row.ballot == POINTS else votes, title=title, count=option.count)
    ways = [f"{chat.t(figures.CELLS.get(way, way))} {number}" for way, number in option.parts.items() if number]
    line = _line(chat, title, people)
    return f"{line} ({', '.join(ways)})" if ways else line


def _bars(chat: Chat, count: Tally) -> list[dict[str, Any]]:
    if count.choices:
        chosen = [(chat.local(option.title), people) for option, people in figures.options(count)]
        return [{"label": title, "value": people} for title, people in chosen if people is not None]
    if count.choices is None:
        days = figures.cells(count).get("day", {})
        return [{"label": figures.day(day), "value": people} for day, people in days.items() if people is not None]
    return [{"label": name, "value": number} for name, number in figures.totals(chat.texts, count)]


def _split(chat: Chat, count: Tally) -> None:
    """How it divides; a cell of few people could tell who they are."""
    divided = figures.parts(chat.texts, chat.commune, count)
    for name, cells in divided.items():
        newest = list(cells)[-_DAYS:] if name == "day" else list(cells)
        lines = [_line(chat, cell, cells[cell]) for cell in newest]
        title = Written(f"<b>{chat.t(figures.PARTS[name])}</b>")
        chat.say("{title}\n{lines}", title=title, lines=Written("\n".join(lines)))
    every = [*figures.options(count), *(cell for cells in divided.values() for cell in cells.items())]
    if any(people is None for _what, people in every):
        chat.say(_("Figures of few people are hidden, and those that would reveal them."))


def _line(chat: Chat, name: str, count: int | None) -> str:
    return chat.t(_("{cell}: {count}"), cell=name, count=figures.number(chat.texts, count))


async def _of_all(chat: Chat) -> None:
    """The totals of every process of every commune: as lines for each commune, and as a spreadsheet."""
    rows: list[list[Any]] = [[chat.t(_("Commune")), chat.t(_("Title")), chat.t(_("Counted")), chat.t(_("Number"))]]
    for home, processes in await tallies.across(chat.db):
        commune, people = chat.local(home.name), 0
        for process in processes:
            count = await process.tally(chat.db, home, chat.now)
            totals = figures.totals(chat.texts, count)
            people += sum(next(iter(count.parts.values()), {}).values())
            rows += [[commune, figures.title(chat.texts, process), name, number] for name, number in totals]
        chat.say(
            _("<b>{commune}</b>\nProcesses: {processes}\nTimes that people took part: {count}"),
            commune=commune,
            processes=len(processes),
            count=people,
        )
    _hand_out(chat, "communes", [{"title": chat.t(_("All communes")), "rows": rows}])


@flow("spreadsheet", command="spreadsheet", roles=COUNTERS)
async def spreadsheet(chat: Chat) -> None:
    """The tally of one process as files."""
    process = await _process(chat, _("The spreadsheet of what?"))
    if process is None:
        await _of_all(chat)
        return
    count = await process.tally(chat.db, chat.commune, chat.now)
    _hand_out(chat, f"{process.noun}-{process.about}", figures.tables(chat.texts, chat.commune, process, count))


def _hand_out(chat: Chat, name: str, tables: list[dict[str, Any]]) -> None:
    book = {"direction": chat.texts.direction, "tables": tables}
    chat.document(f"{name}.xlsx", {"xlsx": book}, _("For Excel and LibreOffice."))
    chat.document(f"{name}.csv", {"csv": book}, _("For other programs."))


@flow("watch", command="watch", roles=COORDINATORS)
async def watch(chat: Chat) -> None:
    """What a coordinator may want to look at."""
    process = await _process(chat, _("To look at what?"))
    found = await process.watch(chat.db, chat.commune) if process else []
    if not found:
        raise Stop(_("Nothing stands out."))
    chat.say(_("This may be worth a look. It proves nothing: a stand on a market looks the same."))
    for each in found:
        text = {
            "minute": _("{count} in one minute, on {day} at {hour}"),
            "account": _("{count} through one account or one helper"),
            "ballot": _("{count} ballots that say the same, on {day}, on one channel"),
        }[each.kind]
        when: dict[str, Value] = {"day": Day(each.when)} if each.when else {}
        if isinstance(each.when, datetime):
            when["hour"] = Hour(each.when)
        chat.say(text, count=each.count, **when)
