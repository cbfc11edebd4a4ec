"""A word on the whole text of a consultation, and where those live who speak in it."""

from flows.chat import Chat, Stop
from flows.registry import flow
from flows.speaking import CLOSED, speak
from flows.stances import LABELS
from locales import _
from storage import readings
from storage.comments import STANCES


@flow("comment.whole", link="cw", takes="consultation")
async def whole(chat: Chat, consultation: int) -> None:
    """A word on the whole text, such as an article that is missing."""
    book = await readings.opened(chat.db, chat.commune.id, consultation, chat.citizen.id, chat.now)
    if book is None or not book.consultation.is_open(chat.now):
        raise Stop(CLOSED)
    if book.whole:
        chat.then("comment.own", comment=book.whole)
        return
    chat.say("<b>{title}</b>", title=chat.local(book.consultation.title))
    stance = await chat.choose(
        "stance", _("What do you think of the whole?"), STANCES, lambda each: chat.t(LABELS[each])
    )
    await speak(chat, book, None, stance)


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
