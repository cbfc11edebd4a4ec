"""What an association submits to a call: begun, gone on with for weeks, read back, submitted, taken back."""

from flows import call_words, identity
from flows.chat import Chat, Stop
from flows.registry import flow
from locales import _
from locales.values import Code, Day, Hour, Written
from storage import calls, citizens, submission_steps, submissions
from storage.occasions import Closed, CountedAlready
from storage.submission_steps import NotNow
from storage.submissions import ASSOCIATION, DECLINED, DRAFT, PAPER, SELECTED, SUBMITTED, OpenedSubmission

_SEND, _READ, _DROP, _BACK = "send", "read", "drop", "take-back"
_WAYS = {
    _SEND: _("Submit"),
    _READ: _("Read it all"),
    _DROP: _("Delete the draft"),
    _BACK: _("Make it a draft again"),
}
_CLOSED = _("This call is closed: nothing can be changed any more.")
_CHANGED = _("It has changed meanwhile. Look at it again, please.")


@flow("submission.begin", link="kb", takes="call")
async def begin(chat: Chat, call: int) -> None:
    """Say for which association; from then on a draft is kept."""
    found = await calls.get(chat.db, chat.commune.id, call)
    if found is None or not found.is_open(chat.now):
        raise Stop(_CLOSED)
    if own := await submissions.mine(chat.db, found.id, chat.citizen.id):
        chat.then("submission.open", submission=own.id)
        return
    if not await chat.confirm(
        "consent",
        _(
            "We keep your file until {months} months after the deadline. Only the service and the panel read it. If "
            "it is selected, the name of the association is published. (Law 09-08) Do you agree?"
        ),
        yes=_("I agree"),
        no=_("I refuse"),
        months=chat.commune.keep_months,
    ):
        raise Stop(_("Nothing was recorded."))
    name = await chat.text(
        ASSOCIATION, _("What is the full name of the association?"), longest=100, read_as=identity.person_name
    )
    try:
        draft = await submission_steps.begin(chat.db, found.id, chat.occasion(), name)
    except Closed:
        raise Stop(_CLOSED) from None
    citizens.agrees(chat.db, chat.citizen.id, "call", chat.now)
    if chat.citizen.is_helped:
        chat.say(_("Your file is kept. To go on another day, here or on your phone, you need your code."))
    chat.then("submission.open", submission=draft)


@flow("submission.open", link="ks", takes="submission")
async def open_it(chat: Chat, submission: int, shows_all: bool = False) -> None:
    """Go on with a draft: the next question, or the list of what is there and what is missing."""
    own = await submissions.own(chat.db, chat.citizen.id, submission)
    if own is None:
        raise Stop(_("This file does not exist any more."))
    if own.state == DRAFT and own.call.is_open(chat.now):
        if own.unasked and not shows_all:
            chat.then("submission.write", submission=own.id, part=own.unasked[0])
            return
        if not shows_all and own.missing and own.missing[0].startswith(PAPER):
            chat.then("submission.attach", submission=own.id, paper=own.missing[0].removeprefix(PAPER))
            return
        await _choose(chat, own)
        return
    _stands(chat, own)
    if own.state == SUBMITTED and own.call.is_open(chat.now):
        chat.offer(f"kt_{own.id}", _WAYS[_BACK])


def _stands(chat: Chat, own: OpenedSubmission) -> None:
    """What was submitted, and what became of it."""
    chat.say("<b>{title}</b>\n{association}", title=chat.local(own.call.title), association=own.name)
    chat.say(_("State: {state}."), state=Written(chat.t(call_words.STATES[own.state])))
    if own.state == DRAFT:
        chat.say(_("It closed on {day}."), day=Day(own.call.closes))
    if own.submitted:
        said = _("Submitted on {day} at {hour}. Receipt: {receipt}.")
        chat.say(said, day=Day(own.submitted), hour=Hour(own.submitted), receipt=Code(own.receipt, copyable=True))
    if own.state in (SELECTED, DECLINED) and own.reasons:
        chat.say(_("The commune says: {words}"), words=chat.local(own.reasons))
    chat.document(
        f"{own.receipt}.pdf",
        {"submission": {"commune": chat.commune.id, "id": own.id, "language": chat.texts.language, "contact": True}},
        _("Your file, as a PDF."),
    )


async def _choose(chat: Chat, own: OpenedSubmission) -> None:
    """What is there, what is missing, and what to do next."""
    chat.say("<b>{title}</b>\n{association}", title=chat.local(own.call.title), association=own.name)
    call_words.say_files(chat, own)
    call_words.say_missing(chat, own)
    chat.say(_("The deadline is {day}, {hour}."), day=Day(own.call.closes), hour=Hour(own.call.closes))
    send = [] if own.missing else [_SEND]
    what = await chat.choose(
        "what",
        _("Your draft is kept. What would you like to do?") if own.missing else _("It is complete. What now?"),
        [*send, *call_words.every(own), _READ, _DROP],
        label=lambda each: _label(chat, own, each),
        gone=_CHANGED,
    )
    if what in _WAYS:
        chat.then(f"submission.{what}", submission=own.id)
    elif what.startswith(PAPER):
        chat.then("submission.attach", submission=own.id, paper=what.removeprefix(PAPER))
    else:
        chat.then("submission.write", submission=own.id, part=what)


def _label(chat: Chat, own: OpenedSubmission, each: str) -> str:
    if each in _WAYS:
        return chat.t(_WAYS[each])
    return f"{'✓' if call_words.is_there(own, each) else '–'} {call_words.part(chat, own, each)}"


@flow("submission.read")
async def read(chat: Chat, submission: int) -> None:
    """All that is written so far."""
    own = await _draft(chat, submission)
    call_words.say_words(chat, own)
    call_words.say_files(chat, own)
    chat.offer(f"ks_{own.id}", _("Go on"))


@flow("submission.send")
async def send(chat: Chat, submission: int) -> None:
    """Read it back, then submit it, once."""
    own = await _draft(chat, submission)
    call_words.say_words(chat, own)
    call_words.say_files(chat, own)
    if own.missing:
        chat.then("submission.open", submission=own.id, shows_all=True)
        return
    if not await chat.confirm(
        "sure",
        _("Submit it? Until the deadline you can still take it back."),
        yes=_("Submit"),
        no=_("Not now"),
    ):
        chat.offer(f"ks_{own.id}", _("Go on"))
        raise Stop(_("Your draft stays."))
    try:
        receipt = await submission_steps.submit(chat.db, chat.occasion(), own.id)
    except Closed:
        raise Stop(_CLOSED) from None
    except NotNow:
        raise Stop(_CHANGED) from None
    except CountedAlready:
        raise Stop(
            _("An association of this name has submitted already. If it was not you, tell us: {contact}."),
            contact=Code(chat.commune.contact),
        ) from None
    chat.say(
        _("It is submitted, thank you. Receipt: {receipt} ({day}, {hour})."),
        receipt=Code(receipt, copyable=True),
        day=Day(chat.now),
        hour=Hour(chat.now),
    )
    chat.say(
        _("The service calls your contact with the result. With your code you read it on your phone.")
        if chat.citizen.is_helped
        else _("You hear the result here, with its reasons.")
    )
    chat.offer(f"ks_{own.id}", _("My file"))


@flow("submission.drop")
async def drop(chat: Chat, submission: int) -> None:
    """Throw a draft away."""
    own = await _draft(chat, submission)
    if not await chat.confirm(
        "sure", _("Delete this draft for good, with its documents?"), yes=_("Delete it"), no=_("No, keep it")
    ):
        raise Stop(_("Your draft stays."))
    try:
        await submission_steps.drop(chat.db, chat.occasion(), own.id)
    except Closed:
        raise Stop(_CLOSED) from None
    except NotNow:
        raise Stop(_CHANGED) from None
    chat.say(_("Your draft is deleted."))


@flow("submission.take-back", link="kt", takes="submission")
async def take_back(chat: Chat, submission: int) -> None:
    """Make it a draft again, while the call is open."""
    own = await submissions.own(chat.db, chat.citizen.id, submission)
    if own is None or own.state != SUBMITTED:
        raise Stop(_CHANGED)
    if not await chat.confirm(
        "sure",
        _("Take it back? It is a draft again, and counts only if you submit it anew."),
        yes=_WAYS[_BACK],
        no=_("No, keep it"),
    ):
        raise Stop(_("Nothing was changed."))
    try:
        await submission_steps.take_back(chat.db, chat.occasion(), own.id)
    except Closed:
        raise Stop(_CLOSED) from None
    except NotNow:
        raise Stop(_CHANGED) from None
    closes = own.call.closes
    chat.say(_("It is a draft again. Submit it anew before {day}, {hour}."), day=Day(closes), hour=Hour(closes))
    chat.offer(f"ks_{own.id}", _("Go on"))


async def _draft(chat: Chat, submission: int) -> OpenedSubmission:
    own = await submissions.own(chat.db, chat.citizen.id, submission)
    if own is None or own.state != DRAFT:
        raise Stop(_CHANGED)
    if not own.call.is_open(chat.now):
        raise Stop(_CLOSED)
    return own
