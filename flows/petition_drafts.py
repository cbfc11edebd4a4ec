"""Drafts of petitions: written over weeks, read back, sent, corrected where staff ask for it, sent again."""

from collections.abc import Sequence

from flows import petition_parts
from flows.chat import Chat, Stop
from flows.petition_words import STATES
from flows.registry import flow, notice
from locales import _
from locales.values import Code, Written
from storage import petition_drafts
from storage.petition_drafts import NotNow, OpenedDraft
from storage.petitions import DRAFT

_SEND, _DROP = "send", "drop"


@flow("petition.draft", link="pd", takes="draft")
async def draft(chat: Chat, draft: int) -> None:
    """Go on with a draft: the next part that is missing, or all of it to be read, corrected and sent."""
    own = await _own(chat, draft)
    if own.petition_id:
        chat.then("petition.progress", petition=own.petition_id)
        return
    if own.state == DRAFT and own.missing:
        chat.then("petition.write", draft=own.id, part=own.missing[0])
        return
    petition_parts.read_back(chat, own)
    if own.state != DRAFT:
        raise Stop(_("Your petition {code} has been sent: you hear from the service here."), code=Code(own.code))
    what = await chat.choose(
        "what",
        _("Read it once more. What would you like to do?"),
        [_SEND, *petition_parts.of(own), _DROP],
        label=lambda each: _what(chat, each),
    )
    if what == _SEND:
        await _send(chat, own)
    elif what == _DROP:
        await _drop(chat, own)
    else:
        chat.then("petition.write", draft=own.id, part=what)


def _what(chat: Chat, each: str) -> str:
    if each in petition_parts.PARTS:
        return chat.t(_("Correct: {part}"), part=Written(chat.t(petition_parts.PARTS[each][2])))
    return chat.t(_("Send to the service") if each == _SEND else _("Delete the draft"))


async def _send(chat: Chat, own: OpenedDraft) -> None:
    try:
        await petition_drafts.submit(chat.db, chat.occasion(), own.id)
    except NotNow:
        raise _changed() from None
    chat.say(_("Your petition {code} has reached the service. It reads it and answers you here."), code=Code(own.code))


async def _drop(chat: Chat, own: OpenedDraft) -> None:
    if not await chat.confirm("sure", _("Delete this draft for good?"), yes=_("Delete it"), no=_("No, keep it")):
        raise Stop(_("Your draft stays."))
    try:
        await petition_drafts.drop(chat.db, chat.occasion(), own.id)
    except NotNow:
        raise _changed() from None
    chat.say(_("Your draft is deleted."))


@flow("petition.write")
async def write(chat: Chat, draft: int, part: str) -> None:
    """One part of a draft; it is kept at once."""
    own = await _own(chat, draft)
    if own.state != DRAFT:
        raise _changed()
    if words := own.words.get(part):
        chat.say(_("Until now: {words}"), words=words)
    elif own.missing:
        parts = petition_drafts.PARTS
        chat.say(
            _("Draft {code}, part {number} of {count}. It is kept: go on at any time."),
            code=Code(own.code),
            number=parts.index(part) + 1,
            count=len(parts),
        )
    said = await petition_parts.asked(chat, part)
    try:
        await petition_drafts.write(chat.db, chat.occasion(), own.id, part, said)
    except NotNow:
        raise _changed() from None
    chat.then("petition.draft", draft=own.id)


def _changed() -> Stop:
    return Stop(_("This draft cannot be changed any more: it was sent or deleted."))


async def _own(chat: Chat, draft: int) -> OpenedDraft:
    own = await petition_drafts.own(chat.db, chat.citizen, draft)
    if own is None:
        raise Stop(_("This draft does not exist any more."))
    return own


@flow("petition.own", _("My petitions"), command="my_petitions", word="my_petitions")
async def all_own(chat: Chat) -> None:
    """The petitions that one has started."""

    async def page(offset: int, limit: int) -> Sequence[OpenedDraft]:
        found = await petition_drafts.all_own(chat.db, chat.citizen, offset, limit)
        if not found and offset == 0:
            chat.offer("/petition_new", _("Start a petition"))
            raise Stop(_("You have not started a petition yet."))
        return found

    async def find(id: int) -> OpenedDraft | None:
        return await petition_drafts.own(chat.db, chat.citizen, id)

    chosen = await chat.browse(
        "draft",
        _("Your petitions, the newest first. Which one?"),
        page,
        find,
        label=lambda own: chat.local(own.title),
        ways={"/petition_new": _("Start a petition")},
    )
    chat.then("petition.draft", draft=chosen.id)


@notice("petition.returned")
async def returned(chat: Chat, about: int, occasion: str) -> None:
    """It came back with remarks; nothing if it was sent again meanwhile."""
    own = await petition_drafts.own(chat.db, chat.citizen, about)
    if own is None or own.state != DRAFT or str(own.rounds) != occasion:
        return
    state = Written(chat.t(STATES["returned"]))
    chat.say(_("Petition {code}: {state}."), code=Code(own.code), state=state)
    petition_parts.remarks(chat, own)
    chat.offer(f"pd_{own.id}", _("Correct it"))
