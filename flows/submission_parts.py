"""The parts of a submission, one short conversation each: what is said or sent is kept at once."""

from flows import identity
from flows.chat import Chat, Stop
from flows.registry import flow
from locales import _, n_
from locales.bidi import clean
from storage import submission_steps, submissions
from storage.occasions import Closed
from storage.submission_steps import MOST_FILES, NotNow
from storage.submissions import ASSOCIATION, CONTACT, DRAFT, OpenedSubmission

_CLOSED = _("This call is closed: nothing can be changed any more.")
_CHANGED = _("It has changed meanwhile. Look at it again, please.")
_ADD, _ANEW, _LEAVE = "add", "anew", "leave"
_ACTS = {_ADD: _("Add a page"), _ANEW: _("Take them out"), _LEAVE: _("Leave it so")}


@flow("submission.write")
async def write(chat: Chat, submission: int, part: str) -> None:
    """One question of the concept note."""
    own = await _draft(chat, submission, with_files=False)
    if part not in own.parts:
        raise Stop(_CHANGED)
    if words := own.words.get(part):
        chat.say(_("Until now: {words}"), words=words)
    elif part in own.unasked:
        chat.say(
            _("Question {number} of {count}. It is kept: go on at any time."),
            number=own.parts.index(part) + 1,
            count=len(own.parts),
        )
    said = await _asked(chat, own, part)
    is_correction = not own.unasked
    try:
        await submission_steps.write(chat.db, chat.occasion(), own.id, part, said)
    except Closed:
        raise Stop(_CLOSED) from None
    except NotNow:
        raise Stop(_CHANGED) from None
    chat.then("submission.open", submission=own.id, shows_all=is_correction)


async def _asked(chat: Chat, own: OpenedSubmission, part: str) -> str:
    if part == ASSOCIATION:
        question = _("What is the full name of the association?")
        return await chat.text(part, question, longest=100, read_as=identity.person_name)
    if part == CONTACT:
        question = _("Who speaks for it? A name and a telephone number. Only the service sees it.")
        return await chat.text(part, question, longest=150, read_as=_tidy)
    ask = next(each for each in own.call.asks if each.id == part)
    return await chat.text(
        part,
        _("{question}\n{count} characters at most."),
        longest=ask.longest,
        read_as=_tidy,
        skip=_("Skip this question") if ask.is_optional else "",
        question=chat.local(ask.text),
        count=ask.longest,
    )


def _tidy(typed: str) -> str:
    return "\n".join(" ".join(line.split()) for line in clean(typed).splitlines() if line.strip())


@flow("submission.attach")
async def attach(chat: Chat, submission: int, paper: str, adds: bool = False) -> None:
    """One file of one document: a PDF, or a page photographed."""
    own = await _draft(chat, submission)
    if paper not in {each.id for each in own.call.papers}:
        raise Stop(_CHANGED)
    count = len(own.files.get(paper, []))
    name = next(chat.local(each.name) for each in own.call.papers if each.id == paper)
    if count and not adds:
        act = await _act(chat, name, count)
        if act == _ANEW:
            await _take_out(chat, own, paper)
        _go_on(chat, own, paper, adds=act != _LEAVE)
        return
    if count >= MOST_FILES:
        _go_on(chat, own, paper, adds=False)
        return
    given = await chat.file(
        "file",
        _("{name}: page {number} is received. Send the next one.")
        if count
        else _("{name}: send it as a PDF, or as photos, one by one."),
        "photo",
        "document",
        none=_("That is all") if count else _("Later"),
        name=name,
        number=count,
    )
    if given.media is None:
        chat.then("submission.open", submission=own.id, shows_all=not count)
        return
    try:
        await submission_steps.attach(chat.db, chat.occasion(), own.id, paper, given.kind, given.media)
    except Closed:
        raise Stop(_CLOSED) from None
    except NotNow:
        raise Stop(_CHANGED) from None
    _go_on(chat, own, paper, adds=True)


async def _act(chat: Chat, name: str, count: int) -> str:
    chat.say(n_("{name}: {count} file is there.", "{name}: {count} files are there."), name=name, count=count)
    return await chat.choose("act", _("What shall we do?"), list(_ACTS), lambda each: chat.t(_ACTS[each]))


async def _take_out(chat: Chat, own: OpenedSubmission, paper: str) -> None:
    try:
        await submission_steps.detach(chat.db, chat.occasion(), own.id, paper)
    except Closed:
        raise Stop(_CLOSED) from None
    except NotNow:
        raise Stop(_CHANGED) from None


def _go_on(chat: Chat, own: OpenedSubmission, paper: str, adds: bool) -> None:
    if adds:
        chat.then("submission.attach", submission=own.id, paper=paper, adds=True)
    else:
        chat.then("submission.open", submission=own.id, shows_all=True)


async def _draft(chat: Chat, submission: int, with_files: bool = True) -> OpenedSubmission:
    own = await submissions.own(chat.db, chat.citizen.id, submission, with_files)
    if own is None or own.state != DRAFT:
        raise Stop(_CHANGED)
    if not own.call.is_open(chat.now):
        raise Stop(_CLOSED)
    return own
