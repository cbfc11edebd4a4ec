"""Saying something about an article, or about the whole text: a stance, and words, a voice note or a photo with it."""

from flows import identity
from flows.chat import Chat, Stop
from flows.registry import flow
from flows.stances import LABELS, QUESTIONS
from locales import _
from locales.values import Code, Day, Hour
from storage import commenting, readings
from storage.commenting import Voice
from storage.comments import STANCES
from storage.occasions import Closed, CountedAlready
from storage.readings import Book

LONGEST = 2000  # characters
CLOSED = _("The consultation has closed. Nothing was recorded.")


@flow("comment.give")
async def give(chat: Chat, consultation: int, article: int | None = None, stance: str | None = None) -> None:
    """A first word on something; whoever has spoken on it changes what was said."""
    book = await readings.book(chat.db, chat.commune.id, consultation, chat.citizen.id)
    line = book.line(article) if book and article else None
    if book is None or not book.consultation.is_open(chat.now):
        raise Stop(CLOSED)
    if own := line.comment if line else book.whole:
        chat.then("comment.own", comment=own)
        return
    if line is None:
        chat.say("<b>{title}</b>", title=chat.local(book.consultation.title))
    chosen = await chat.choose(
        "stance", _("What do you think of the whole?"), STANCES, lambda each: chat.t(LABELS[each]), preset=stance
    )
    who = await identity.contributor(chat, book.consultation, book.reader)
    given = await chat.given("words", QUESTIONS[chosen], "voice", "photo", longest=LONGEST, none=_("Only my opinion"))
    if who.is_new:
        await readings.consents(chat.db, consultation, chat.citizen.id, who.person, chat.now)
    place = book.reader.quarter if book.reader else None
    voice = Voice(chosen, given.text, given.kind, given.media)
    id, version = (line.id, line.version) if line else (None, None)
    occasion = chat.occasion(place or None)
    try:
        receipt = await commenting.give(chat.db, consultation, id, version, occasion, who.person, voice)
    except Closed:
        raise Stop(CLOSED) from None
    except CountedAlready:
        raise Stop(
            _("You have spoken on this already, perhaps from another account. Each person counts once.")
        ) from None
    if line:
        await readings.has_read(chat.db, line.id, chat.citizen.id)
    _thank(chat, book, receipt)
    _go_on(chat, book, line.number if line else None)


def _thank(chat: Chat, book: Book, receipt: str) -> None:
    closes = book.consultation.closes
    chat.say(
        _("Recorded, thank you. Receipt: {receipt}. You can change it until {day}, {hour}."),
        receipt=Code(receipt, copyable=True),
        day=Day(closes),
        hour=Hour(closes),
    )


def _go_on(chat: Chat, book: Book, number: int | None) -> None:
    """To the next article; where somebody lives is asked once, after the first word and not before."""
    following = book.after(number) if number is not None else None
    to = following.id if following else None
    if chat.commune.quarters and (book.reader is None or book.reader.quarter is None):
        chat.then("comment.quarter", consultation=book.consultation.id, article=to)
    elif to:
        chat.then("article.read", article=to)
    else:
        chat.then("consultation.end", consultation=book.consultation.id)


@flow("comment.quarter")
async def quarter(chat: Chat, consultation: int, article: int | None = None) -> None:
    """Where a person lives, for the figures alone."""
    place = await chat.perhaps(
        "quarter",
        _("For the figures only: which neighbourhood do you live in?"),
        chat.commune.quarters,
        label=lambda quarter: chat.local(quarter.name),
    )
    await readings.lives(chat.db, consultation, chat.citizen.id, place.slug if place else "")
    if article:
        chat.then("article.read", article=article)
    else:
        chat.then("consultation.end", consultation=consultation)


@flow("comment.whole", link="cw", takes="consultation")
async def whole(chat: Chat, consultation: int) -> None:
    """A word on the whole text, such as an article that is missing."""
    chat.then("comment.give", consultation=consultation)
