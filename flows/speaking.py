"""Saying something in a consultation: who speaks, then words, a voice note or a photo, on an article or the whole."""

from flows import identity
from flows.chat import Chat, Stop
from flows.stances import QUESTIONS
from locales import _
from locales.values import Code, Day, Hour
from storage import commenting, readings
from storage.commenting import Voice
from storage.occasions import Closed, CountedAlready
from storage.readings import Book, Line

LONGEST = 2000  # characters
CLOSED = _("The consultation has closed. Nothing was recorded.")


async def speak(chat: Chat, book: Book, line: Line | None, stance: str) -> None:
    """A first word on something, recorded; then to the next article."""
    id = book.consultation.id
    who = await identity.contributor(chat, book.consultation, book.reader)
    given = await chat.given("words", QUESTIONS[stance], "voice", "photo", longest=LONGEST, none=_("Only my opinion"))
    if who.is_new:
        await readings.consents(chat.db, id, chat.citizen.id, who.person, chat.now)
    place = book.reader.quarter if book.reader else None
    voice = Voice(stance, given.text, given.kind, given.media)
    article, version = (line.id, line.version) if line else (None, None)
    occasion = chat.occasion(place or None)
    try:
        receipt = await commenting.give(chat.db, id, article, version, occasion, who.person, voice)
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
