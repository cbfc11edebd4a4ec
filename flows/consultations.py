"""Consultations: what is asked, until when, how many take part; three lengths to read it in."""

from dataclasses import dataclass

from flows.chat import Chat, Stop
from flows.registry import flow
from locales import _, n_
from locales.values import Day, Hour, Written
from storage import readings, turnout
from storage.readings import ALL, LENGTHS, TEN, THREE, Book
from storage.turnout import Listed

NAMES = {THREE: _("3 minutes"), TEN: _("10 minutes"), ALL: _("The whole text")}


@dataclass(frozen=True, slots=True)
class Way:
    """Somewhere to go from here."""

    id: str
    label: str


@flow(
    "consultation",
    _("Consultation"),
    command="consultation",
    word="consultation",
    intents=("charter_comment",),
    link="c",
    takes="consultation",
    in_menu=12,
)
async def enter(chat: Chat, consultation: int | None = None) -> None:
    """What is asked of the residents, and how much of it somebody wants to read."""
    listed = await turnout.listed(chat.db, chat.commune, chat.now)
    if not listed:
        raise Stop(_("No consultation is open now. We will announce the next one."))
    chosen = await chat.choose(
        "consultation",
        _("Which consultation?"),
        listed,
        label=lambda each: chat.local(each.consultation.short),
        gone=_("This consultation is not open."),
        preset=consultation or (listed[0].id if len(listed) == 1 else None),
    )
    book = await readings.book(chat.db, chat.commune.id, chosen.id, chat.citizen.id)
    if book is None:
        raise Stop(_("This consultation has no articles yet."))
    is_open = chosen.consultation.is_open(chat.now)
    _present(chat, chosen, is_open)
    way = await chat.choose(
        "way",
        _("How much time do you have? You can stop anywhere and go on later.")
        if is_open
        else _("What would you like to see?"),
        _open_ways(chat, book) if is_open else _closed_ways(chat, book),
        label=lambda way: way.label,
    )
    await _go(chat, book, way.id)


def _present(chat: Chat, chosen: Listed, is_open: bool) -> None:
    asked = chosen.consultation
    chat.say("<b>{title}</b>\n{about}", title=chat.local(asked.title), about=chat.local(asked.about))
    people = n_("{count} person takes part.", "{count} people take part.")
    took = n_("{count} person took part.", "{count} people took part.")
    chat.say(
        _("Open until {day}, {hour}. {people}") if is_open else _("Closed since {day}, {hour}. {people}"),
        day=Day(asked.closes),
        hour=Hour(asked.closes),
        people=Written(chat.t(people if is_open else took, count=chosen.people)),
    )


def _open_ways(chat: Chat, book: Book) -> list[Way]:
    begun = book.unread() if book.reader or any(line.is_read for line in book.lines) else None
    on = [Way("on", chat.t(_("Go on: article {number}"), number=begun.number))] if begun else []
    shorter = [length for length in LENGTHS if 0 < _size(book, length) < len(book.lines) or length == ALL]
    lengths = [Way(length, chat.t(NAMES[length])) for length in shorter]
    return [*on, *lengths, Way("list", chat.t(_("All articles"))), *_said(chat, book)]


def _closed_ways(chat: Chat, book: Book) -> list[Way]:
    report = [Way("report", chat.t(_("The report (PDF)")))] if book.consultation.reported else []
    is_changed = any(line.version > 1 for line in book.lines)
    changes = [Way("changes", chat.t(_("What has changed")))] if is_changed else []
    return [*_said(chat, book), *changes, *report, Way("list", chat.t(_("All articles")))]


def _said(chat: Chat, book: Book) -> list[Way]:
    mine = [Way("mine", chat.t(_("What I said")))] if book.said_something else []
    is_open = book.consultation.is_open(chat.now)
    others = is_open and any(line.has_others for line in book.lines)
    return [*mine, *([Way("others", chat.t(_("What others say")))] if others else [])]


def _size(book: Book, length: str) -> int:
    return sum(length in line.lengths for line in book.lines)


async def _go(chat: Chat, book: Book, way: str) -> None:
    id = book.consultation.id
    flows = {"list": "article.list", "mine": "comment.mine", "others": "comment.others"}
    flows |= {"changes": "article.changes", "report": "consultation.report"}
    if way in flows:
        chat.then(flows[way], consultation=id)
        return
    if way in LENGTHS:
        await readings.begins(chat.db, id, chat.citizen.id, way)
        chosen = [line for line in book.lines if way in line.lengths]
        first = next((line for line in chosen if not line.is_read), chosen[0])
    else:
        first = book.unread() or book.lines[0]
    chat.then("article.read", article=first.id)
