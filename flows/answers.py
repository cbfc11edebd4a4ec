"""Answers of the service to messages of citizens, the oldest first."""

from flows.chat import Chat, Stop
from flows.registry import MODERATORS, deed, flow
from locales import _
from locales.values import Code, Day
from storage import answers, staff
from storage.answers import AnsweredAlready, Waiting
from storage.threads import Exchange


@flow("message.answer", _("Messages"), command="messages", roles=MODERATORS)
async def answer(chat: Chat, message: int | None = None) -> None:
    """Take a message that waits, read it, answer in words."""
    chosen = await chat.browse(
        "message",
        _("Messages that wait, the oldest first. Which one?"),
        lambda offset, limit: answers.waiting(chat.db, chat.commune.id, offset, limit),
        lambda id: answers.still_waiting(chat.db, chat.commune.id, id),
        label=lambda each: f"{each.code} · {_age(chat, each)}",
        preset=message,
        gone=_("A colleague has answered it meanwhile."),
        none=_("No message waits for an answer."),
    )
    exchange = await answers.to_answer(chat.db, chat.commune.id, chosen.id)
    if exchange is None:
        raise Stop(_("A colleague has answered it meanwhile."))
    await chat.take_in_hand("message", exchange.id)
    await chat.looked("message", exchange.id)
    _show(chat, exchange)
    words = await chat.text("words", _("Write the answer. The person gets it as it is."), longest=2000)
    if not await chat.review(
        "sure",
        _("To {code}:\n{words}\nSend this answer?"),
        yes=_("Send"),
        corrections={"words": _("Write it again")},
        code=Code(exchange.code),
        words=words,
    ):
        raise Stop(_("Nothing was sent."))
    await chat.do(
        "message.answer", exchange.id, _("Answer {code}"), {"up_to": chosen.id, "words": words}, code=exchange.code
    )


@flow("message.moderate", roles=MODERATORS)
async def from_queue(chat: Chat, about: int) -> None:
    """One exchange, chosen in the queue."""
    newest = await answers.newest(chat.db, chat.commune.id, about)
    if newest is None:
        raise Stop(_("A colleague has answered it meanwhile."))
    chat.then("message.answer", message=newest)


def _show(chat: Chat, exchange: Exchange) -> None:
    for each in exchange.said:
        who = _("Service") if each.is_ours else _("Citizen")
        chat.say(_("{who}, {day}:\n{words}"), who=chat.t(who), day=Day(each.written), words=each.words or "—")
        if each.media is not None:
            chat.media(each.kind, each.media)


@deed("message.answer", MODERATORS)
async def do_answer(chat: Chat, about: int, up_to: int, words: str) -> None:
    """Keep the answer and have it told."""
    member = await staff.number(chat.db, chat.citizen.id)
    try:
        await answers.answer(chat.db, chat.commune, about, up_to, member or 0, words, chat.now)
    except AnsweredAlready:
        raise Stop(_("A colleague has answered it meanwhile.")) from None
    await chat.let_go("message", about)
    chat.say(_("Sent. The person gets the answer in a moment."))
    chat.offer("/queue", _("The next one"))


def _age(chat: Chat, each: Waiting) -> str:
    days = (chat.now - each.asked).days
    return chat.days(days)
