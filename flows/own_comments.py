"""What somebody said in a consultation: to be read again, changed or withdrawn; and what the commune answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flows import reasons
from flows.chat import PAGE, Chat, Stop
from flows.registry import flow
from flows.stances import LABELS, QUESTIONS
from flows.verdicts import VERDICTS
from locales import _
from locales.values import Code, Day, Hour, Written
from storage import commenting, comments, verdicts
from storage.commenting import Voice
from storage.comments import STANCES, Said
from storage.occasions import Closed

LONGEST = 2000  # characters
STATES = {
    "waiting": _("received, not read yet"),
    "accepted": _("taken into account"),
    "refused": _("not published, with reasons"),
    "answered": _("answered"),
}
_SENT = {"voice": _("a voice note"), "photo": _("a photo")}
_GONE = _("We do not find this among what you said.")


@dataclass(frozen=True, slots=True)
class Way:
    """What can be done with it."""

    id: str
    label: str


@flow("comment.mine", link="cm", takes="consultation")
async def mine(chat: Chat, consultation: int) -> None:
    """All that somebody said in a consultation."""
    first = await comments.mine(chat.db, chat.citizen.id, consultation, 0, PAGE + 1)
    if not first:
        chat.offer(f"c_{consultation}", _("See the consultation"))
        chat.say(_("You have said nothing in this consultation yet."))
        return

    async def page(offset: int, limit: int) -> Sequence[Said]:
        return first if offset == 0 else await comments.mine(chat.db, chat.citizen.id, consultation, offset, limit)

    async def find(id: Any) -> Said | None:
        return await comments.own(chat.db, chat.citizen.id, int(id))

    chosen = await chat.browse(
        "which", _("What you said, article by article. Which one?"), page, find, label=lambda each: _label(chat, each)
    )
    chat.then("comment.own", comment=chosen.id)


def _label(chat: Chat, each: Said) -> str:
    about = f"{each.number}. {chat.t(LABELS[each.stance])}" if each.number else chat.t(LABELS[each.stance])
    return f"{about} · {chat.t(STATES[each.state])}"


@flow("comment.own", link="cc", takes="comment")
async def own(chat: Chat, comment: int) -> None:
    """One of them, and what can be done with it."""
    said = await comments.own(chat.db, chat.citizen.id, comment)
    if said is None:
        raise Stop(_GONE)
    _show(chat, said)
    if said.answer_id and (given := await verdicts.answer_to(chat.db, said.answer_id)):
        chat.say(
            _("The commune answers: {verdict}.\n{reasons}"),
            verdict=Written(chat.t(VERDICTS[given.verdict])),
            reasons=chat.local(given.reasons),
        )
    ways = _ways(chat, said)
    way = await chat.choose("way", _("What would you like to do?"), ways, label=lambda way: way.label)
    _go(chat, said, way.id)


def _show(chat: Chat, said: Said) -> None:
    title = f"{said.number}. {chat.local(said.title)}" if said.number else chat.local(said.title)
    chat.say("<b>{title}</b>", title=title)
    words = said.words or chat.t(_SENT.get(said.kind, "—"))
    chat.say(_("{stance}: {words}"), stance=Written(chat.t(LABELS[said.stance])), words=words)
    if said.media:
        chat.media(said.kind, said.media)
    chat.say(
        _("State: {state}. Receipt: {receipt}."),
        state=Written(chat.t(STATES[said.state])),
        receipt=Code(said.receipt, copyable=True),
    )
    if said.reason:
        chat.say("{why}", why=Written(reasons.said(chat, said.reason)))
    if said.opens <= chat.now < said.closes:
        chat.say(_("You can change it until {day}, {hour}."), day=Day(said.closes), hour=Hour(said.closes))


def _ways(chat: Chat, said: Said) -> list[Way]:
    ways: list[tuple[str, str]] = []
    if said.can_change(chat.now):
        ways += [("change", _("Change it")), ("withdraw", _("Withdraw"))]
    if said.newest and said.version and said.newest > said.version:
        ways += [("changes", _("Before and after"))]
    if said.article_id:
        ways += [("article", _("See the article"))]
    return [Way(id, chat.t(label)) for id, label in [*ways, ("mine", _("What I said"))]]


def _go(chat: Chat, said: Said, way: str) -> None:
    match way:
        case "change" | "withdraw":
            chat.then(f"comment.{way}", comment=said.id)
        case "changes":
            chat.then("article.change", article=said.article_id, version=said.version)
        case "article":
            chat.then("article.read", article=said.article_id)
        case _:
            chat.then("comment.mine", consultation=said.consultation_id)


@flow("comment.change")
async def change(chat: Chat, comment: int) -> None:
    """Say it otherwise."""
    said = await comments.own(chat.db, chat.citizen.id, comment)
    if said is None or not said.can_change(chat.now):
        raise Stop(_("The consultation has closed. Nothing was changed."))
    stance = await chat.choose("stance", _("What do you think now?"), STANCES, lambda each: chat.t(LABELS[each]))
    given = await chat.given("words", QUESTIONS[stance], "voice", "photo", longest=LONGEST, none=_("Only my opinion"))
    try:
        await commenting.change(chat.db, comment, chat.occasion(), Voice(stance, given.text, given.kind, given.media))
    except Closed:
        raise Stop(_("The consultation has closed. Nothing was changed.")) from None
    chat.say(_("It is changed. Only this counts now. Receipt: {receipt}."), receipt=Code(said.receipt, copyable=True))
    _lead_on(chat, said)


@flow("comment.withdraw")
async def withdraw(chat: Chat, comment: int) -> None:
    """Take it back."""
    said = await comments.own(chat.db, chat.citizen.id, comment)
    if said is None or not said.can_change(chat.now):
        raise Stop(_("The consultation has closed. Nothing was changed."))
    if not await chat.confirm(
        "sure", _("Withdraw what you said? It is erased at once."), yes=_("Withdraw"), no=_("Keep it")
    ):
        _lead_on(chat, said)
        raise Stop(_("It stays as it is."))
    try:
        await commenting.withdraw(chat.db, comment, chat.occasion())
    except Closed:
        raise Stop(_("The consultation has closed. Nothing was changed.")) from None
    chat.say(_("It is withdrawn and erased."))
    _lead_on(chat, said)


def _lead_on(chat: Chat, said: Said) -> None:
    if said.article_id:
        chat.offer(f"ca_{said.article_id}", _("See the article"))
    chat.offer(f"cm_{said.consultation_id}", _("What I said"))
    chat.offer(f"c_{said.consultation_id}", _("See the consultation"))
