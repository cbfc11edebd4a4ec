"""Questions about a call, which all can read with their answers; the staff answer or refuse each."""

from collections.abc import Awaitable

from flows import authoring, reasons
from flows.chat import Chat, Stop
from flows.registry import MODERATORS, deed, flow, notice
from locales import _
from locales.bidi import clean
from storage import calls, enquiries
from storage.calls import Call
from storage.enquiries import ANSWERED, REFUSED, WAITING, Asked, DecidedAlready, TooMany
from storage.occasions import Closed
from storage.schema import Localised

_LONGEST = 500  # characters
_SHOWN = 60  # of a question on a button
_CLOSED = _("This call is closed: it takes no questions any more.")
_LATE = _("A colleague has decided on it meanwhile.")
_ANSWER, _REFUSE = "answer", "refuse"
_ACTS = {_ANSWER: _("Answer"), _REFUSE: _("Refuse")}


@flow("enquiry.read", link="kq", takes="call")
async def read(chat: Chat, call: int) -> None:
    """What was asked about a call, and what was answered."""
    found = await _call(chat, call)

    async def find(id: int) -> Asked | None:
        asked = await enquiries.get(chat.db, chat.commune.id, id)
        return asked if asked and asked.state == ANSWERED and asked.call_id == found.id else None

    asked = await chat.browse(
        "asked",
        _("Which question?"),
        lambda offset, limit: enquiries.answered(chat.db, found.id, offset, limit),
        find,
        label=lambda each: each.words[:_SHOWN],
        none=_("Nothing was asked and answered yet."),
    )
    _show(chat, asked)
    chat.offer(f"kq_{found.id}", _("Other questions"))
    if found.is_open(chat.now):
        chat.offer(f"ka_{found.id}", _("Ask a question"))
    chat.offer(f"k_{found.id}", _("See the call"))


def _show(chat: Chat, asked: Asked) -> None:
    chat.say(_("<b>Question</b>\n{words}"), words=asked.words)
    chat.say(_("<b>Answer</b>\n{words}"), words=chat.local(asked.answer))


@flow("enquiry.ask", link="ka", takes="call")
async def ask(chat: Chat, call: int) -> None:
    """Ask something about a call."""
    found = await _call(chat, call)
    if not found.is_open(chat.now):
        raise Stop(_CLOSED)
    chat.say("<b>{title}</b>", title=chat.local(found.title))
    words = await chat.text(
        "words",
        _("What would you like to know? All can read it with the answer, without your name. Name nobody. (Law 09-08)"),
        longest=_LONGEST,
        read_as=clean,
    )
    if not await chat.review(
        "sure",
        _("Your question: {words}\nShall we send it?"),
        yes=_("Send"),
        corrections={"words": _("Write it again")},
        words=words,
    ):
        raise Stop(_("Nothing was sent."))
    try:
        await enquiries.ask(chat.db, found.id, chat.occasion(), words)
    except Closed:
        raise Stop(_CLOSED) from None
    except TooMany:
        raise Stop(_("Several of your questions wait for an answer. Please wait for them first.")) from None
    chat.say(_("Your question has reached the service. The answer comes here."))
    chat.offer(f"k_{found.id}", _("See the call"))


async def _call(chat: Chat, call: int) -> Call:
    found = await calls.get(chat.db, chat.commune.id, call)
    if found is None or found.opens > chat.now:
        raise Stop(_("This link leads to nothing any more."))
    return found


@notice("enquiry.answered")
async def answered(chat: Chat, about: int, state: str) -> None:
    """The answer, or why there is none."""
    asked = await enquiries.get(chat.db, chat.commune.id, about)
    if asked is None or asked.state != state:
        return
    chat.say("<b>{title}</b>", title=chat.local(asked.title))
    if asked.state == REFUSED:
        chat.say(_("Your question was not taken: {words}"), words=asked.words)
        chat.say(_("Why: {reason}"), reason=reasons.said(chat, asked.reason or ""))
    else:
        _show(chat, asked)
    chat.offer(f"k_{asked.call_id}", _("See the call"))


@flow("enquiry.moderate", roles=MODERATORS)
async def moderate(chat: Chat, about: int) -> None:
    """Read a question, then answer it for all, or refuse it."""
    asked = await enquiries.get(chat.db, chat.commune.id, about)
    if asked is None or asked.state != WAITING:
        raise Stop(_LATE)
    await chat.take_in_hand("enquiry", about)
    await chat.looked("enquiry", about)
    chat.say("<b>{title}</b>\n{words}", title=chat.local(asked.title), words=asked.words)
    act = await chat.choose("act", _("What shall we do?"), list(_ACTS), lambda each: chat.t(_ACTS[each]))
    if act == _REFUSE:
        reason = await reasons.chosen(chat)
        await chat.do("enquiry.refuse", about, _("Refuse a question about a call"), {"reason": reason.slug})
        return
    answer = await authoring.both(
        chat,
        "answer",
        _("The answer in French. Everybody will read it:"),
        _("The same in Arabic or Darija:"),
        longest=1000,
    )
    if not await chat.review(
        "sure",
        _("{question}\n\n{fr}\n\n{ar}\n\nAll will read it. Publish it?"),
        yes=_("Publish"),
        corrections={"answer_fr": _("Correct: French"), "answer_ar": _("Correct: Arabic")},
        question=asked.words,
        **answer,
    ):
        raise Stop(_("Nothing was changed."))
    await chat.do("enquiry.answer", about, _("Answer a question about a call"), {"answer": answer})


@deed("enquiry.answer", MODERATORS)
async def do_answer(chat: Chat, about: int, answer: Localised) -> None:
    """Publish the answer; who asked is told."""
    await _decide(chat, about, enquiries.answer(chat.db, about, answer, chat.now))
    chat.say(_("It is published. Who asked is told now."))
    chat.offer("/queue", _("The next one"))


@deed("enquiry.refuse", MODERATORS, notes=("reason",))
async def do_refuse(chat: Chat, about: int, reason: str) -> None:
    """Refuse it; who asked is told why."""
    await _decide(chat, about, enquiries.refuse(chat.db, about, reason, chat.now))
    chat.say(_("It is refused; the author is told why."))
    chat.offer("/queue", _("The next one"))


async def _decide(chat: Chat, about: int, deciding: Awaitable[None]) -> None:
    try:
        await deciding
    except DecidedAlready:
        raise Stop(_LATE) from None
    await chat.let_go("enquiry", about)
