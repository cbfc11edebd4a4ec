"""Reading a consultation: one article a message, then the next, with what somebody says about it on the way."""

from dataclasses import dataclass
from typing import Any

from flows import identity
from flows.chat import Chat, Stop
from flows.questions import GONE
from flows.registry import flow
from flows.speaking import CLOSED, speak
from flows.stances import LABELS
from locales import _
from locales.values import Day, Hour
from locales.words import normalise
from storage import readings
from storage.comments import STANCES
from storage.readings import ALL, Book, Line

_SHORTEST = 2  # letters of a word to find


@dataclass(frozen=True, slots=True)
class Move:
    """What can be done with the article that is shown."""

    id: str
    label: str


@flow("article.read", link="ca", takes="article")
async def read(chat: Chat, article: int) -> None:
    """One article, and what comes next."""
    book = await readings.opened_of(chat.db, chat.commune.id, article, chat.citizen.id, chat.now)
    line = book.line(article) if book else None
    if book is None or line is None:
        raise Stop(_("We do not find this article. Choose the consultation in the menu."))
    is_open = book.consultation.is_open(chat.now)
    chat.say(
        "<b>{number}. {title}</b>\n{wording}",
        number=line.number,
        title=chat.local(line.title),
        wording=chat.local(line.text),
    )
    if line.version > 1:
        chat.say(_("This is a new version of the article."))
    move = await chat.choose(
        "move",
        _question(chat, line, is_open),
        _moves(chat, book, line, is_open),
        label=lambda move: move.label,
        gone=GONE if is_open else CLOSED,
    )
    if move.id in STANCES:
        await speak(chat, book, line, move.id)
        return
    await readings.has_read(chat.db, line.id, chat.citizen.id)
    _go(chat, book, line, move.id)


def _question(chat: Chat, line: Line, is_open: bool) -> str:
    if line.stance:
        return chat.t(_("You have said: {stance}."), stance=chat.t(LABELS[line.stance]))
    return _("What do you think of it?") if is_open else _("The consultation has closed.")


def _moves(chat: Chat, book: Book, line: Line, is_open: bool) -> list[Move]:
    """At most eight: with the way out they fit the list of any channel."""
    moves: list[tuple[str, str]] = []
    if line.stance:
        moves += [("own", _("See what I said"))]
    elif is_open:
        moves += [(stance, LABELS[stance]) for stance in STANCES]
    if line.has_others and is_open:
        moves += [("others", _("What others say"))]
    if line.version > 1:
        moves += [("change", _("Before and after"))]
    moves += [("next", _("Next article") if book.after(line.number) else _("Finish"))]
    if book.before(line.number):
        moves += [("before", _("Article before"))]
    return [Move(id, chat.t(label)) for id, label in [*moves, ("list", _("All articles"))]]


def _go(chat: Chat, book: Book, line: Line, move: str) -> None:
    id = book.consultation.id
    if move == "own":
        chat.then("comment.own", comment=line.comment)
    elif move == "others":
        chat.then("comment.others", consultation=id, article=line.id)
    elif move == "change":
        chat.then("article.change", article=line.id)
    elif move == "list":
        chat.then("article.list", consultation=id)
    elif to := book.before(line.number) if move == "before" else book.after(line.number):
        chat.then("article.read", article=to.id)
    else:
        chat.then("consultation.end", consultation=id)


@flow("consultation.end")
async def end(chat: Chat, consultation: int) -> None:
    """All of the length that was chosen is read."""
    book = await readings.opened(chat.db, chat.commune.id, consultation, chat.citizen.id, chat.now)
    if book is None:
        raise Stop(_("This consultation is not open."))
    said = sum(line.stance is not None for line in book.lines)
    chat.say(_("Thank you. You have spoken on {said} of {count} articles."), said=said, count=len(book.lines))
    if book.consultation.is_open(chat.now):
        closes = book.consultation.closes
        chat.say(_("You can come back until {day}, {hour}."), day=Day(closes), hour=Hour(closes))
        if any(line.has_others for line in book.lines):
            chat.offer(f"co_{consultation}", _("What others say"))
        if book.whole is None:
            chat.offer(f"cw_{consultation}", _("Speak on the whole"))
    if book.said_something:
        chat.offer(f"cm_{consultation}", _("What I said"))
        await identity.offer_profile(chat)
    if book.length != ALL:
        chat.offer(f"c_{consultation}", _("Read more of it"))


@flow("article.list", link="cl", takes="consultation")
async def all_articles(chat: Chat, consultation: int) -> None:
    """All articles, and a word to find."""
    book = await readings.opened(chat.db, chat.commune.id, consultation, chat.citizen.id, chat.now)
    if book is None:
        raise Stop(_("This consultation is not open."))
    chosen = await _choose(chat, book.lines, _("Which article? ✓ stands for those you have read."))
    if chosen is None:
        chat.then("article.find", consultation=consultation)
    else:
        chat.then("article.read", article=chosen.id)


async def _choose(chat: Chat, lines: Any, question: str) -> Line | Move | None:
    """One of these articles, a page at a time; none: a word is to be found."""
    finding = Move("find", chat.t(_("Find a word")))
    shown: list[Line | Move] = [finding, *lines]

    async def page(offset: int, limit: int) -> list[Line | Move]:
        return shown[offset : offset + limit]

    async def find(id: Any) -> Line | Move | None:
        return next((each for each in shown if str(each.id) == str(id)), None)

    chosen = await chat.browse(
        "article", question, page, find, label=lambda each: _label(chat, each), named=lambda _words: ""
    )
    return None if chosen is finding else chosen


def _label(chat: Chat, each: Line | Move) -> str:
    if isinstance(each, Move):
        return each.label
    return f"{'✓ ' if each.is_read else ''}{each.number}. {chat.local(each.title)}"


@flow("article.find", link="cf", takes="consultation")
async def find_word(chat: Chat, consultation: int) -> None:
    """The articles that hold a word, however it is written."""
    book = await readings.opened(chat.db, chat.commune.id, consultation, chat.citizen.id, chat.now)
    if book is None:
        raise Stop(_("This consultation is not open."))
    word = await chat.text("word", _("Write the word that you look for."), longest=60)
    found = [line for line in book.lines if _holds(line, word)]
    if not found:
        chat.offer(f"cf_{consultation}", _("Another word"))
        chat.offer(f"cl_{consultation}", _("All articles"))
        chat.say(_("No article holds “{word}”. Try a shorter word."), word=word)
        return
    chosen = await _choose(chat, found, chat.t(_("These articles hold “{word}”."), word=word))
    if chosen is None:
        chat.then("article.find", consultation=consultation)
    else:
        chat.then("article.read", article=chosen.id)


def _holds(line: Line, word: str) -> bool:
    """In any language: accents, vowel signs and forms of a letter make no difference."""
    wanted = normalise(word)
    texts = (*line.title.values(), *line.text.values())
    return len(wanted) >= _SHORTEST and any(wanted in normalise(text) for text in texts)
