"""A human: when somebody is there, a message for the service, and its answer in the same conversation."""

from flows.chat import Chat, Stop
from flows.registry import flow, notice
from locales import _
from locales.values import Code, Day, Hour
from storage import answers, messages, service_hours
from storage.messages import TooMany
from storage.threads import OPEN, Exchange

_SENT = {"voice": _("a voice note"), "photo": _("a photo"), "document": _("a document")}


@flow(
    "human", _("Talk to a person"), command="human", word="human", intents=("human_contact",), in_menu=50, is_own=True
)
async def human(chat: Chat) -> None:
    """Say who answers and when; take a message."""
    current = await messages.current(chat.db, chat.citizen.id, chat.now)
    if current and (room := current.next_room(chat.now)):
        raise Stop(
            _("You have written a lot in this hour. Please write again from {hour}: nothing is lost."),
            hour=Hour(room),
        )
    _present(chat, current)
    given = await chat.given(
        "message",
        _(
            "Write your message here, or send a voice note, a photo or a document. "
            "Only the service sees it, for {months}. (Law 09-08)"
        ),
        "voice",
        "photo",
        "document",
        months=chat.months(chat.commune.months("messages")),
    )
    what = ": ".join(filter(None, [chat.t(_SENT[given.kind]) if given.kind in _SENT else "", given.text]))
    if not await chat.review(
        "sure",
        _("Your message: {words}\nShall we send it to the service?"),
        yes=_("Send"),
        corrections={"message": _("Write it again")},
        words=what,
    ):
        raise Stop(_("Nothing was sent."))
    try:
        exchange = await messages.leave(chat.db, chat.occasion(), given.text, given.kind, given.media)
    except TooMany:
        raise Stop(_("You have written a lot in this hour. Please write again later: nothing is lost.")) from None
    chat.say(
        _("Your message has reached the service. Number: {code}. You get an answer here by {day}."),
        code=Code(exchange.code, copyable=True),
        day=Day(exchange.answer_by),
    )


def _present(chat: Chat, current: Exchange | None) -> None:
    home = chat.commune
    if home.phone:
        chat.say(_("Participation service: {phone}, from {opens} to {closes}."), **_hours(chat))
    if service_hours.is_open(home, chat.now):
        chat.say(_("Somebody is there now, until {hour}."), hour=Hour(service_hours.closing(home, chat.now)))
    elif opening := service_hours.next_opening(home, chat.now):
        chat.say(_("The service opens on {day} at {hour}."), day=Day(opening), hour=Hour(opening))
    said = [each for each in current.said if each.is_ours] if current else []
    if said:
        chat.say(_("The last answer of the service:\n{words}"), words=said[-1].words)
    if current and current.state == OPEN:
        chat.say(
            _("Your message {code} waits for an answer, by {day}."), code=Code(current.code), day=Day(current.answer_by)
        )


def _hours(chat: Chat) -> dict[str, Code]:
    home = chat.commune
    return {"phone": Code(home.phone), "opens": Code(home.service_opens), "closes": Code(home.service_closes)}


@notice("message.answered")
async def answered(chat: Chat, about: int, occasion: str) -> None:
    """The answer, where the question was asked."""
    found = await answers.answered(chat.db, about, int(occasion))
    if found is None:
        return
    code, words = found
    chat.say(_("The service answers your message {code}:\n{words}"), code=Code(code), words=words)
    chat.offer("/human", _("Write again"))
