"""One person on several channels: a code shown on one and typed on the other, or the phone of both; and apart again."""

from flows.chat import Chat, Stop
from flows.questions import Refused
from flows.registry import flow
from locales import _, texts
from locales.values import Code
from storage import codes, links, staff
from storage.links import Joined, Place

_NAMES = {"telegram": "Telegram", "whatsapp": "WhatsApp", "web": _("the web chat"), "console": _("the terminal")}
_NOUNS = {
    "support": _("a petition"),
    "registration": _("a workshop"),
    "comment": _("a consultation"),
    "application": _("a council or a committee"),
    "submission": _("a call for projects"),
    "survey_response": _("a survey"),
    "ballot": _("a vote"),
}
_OTHERS = _("These two accounts have given different ID numbers. They are not one person, so they stay apart.")


@flow("links", _("My channels"), command="link", word="link", is_own=True)
async def mine(chat: Chat) -> None:
    """Which channels are this person's, and what can be done about it."""
    named = await links.channels(chat.db, chat.citizen.id)
    ways = {"links.show": _("Show a code"), "links.type": _("I have a code")}
    if chat.situation.shares_phone:
        ways["links.phone"] = _("With my phone")
    if await links.linked(chat.db, chat.citizen.id):
        ways["links.part"] = _("Separate a channel")
    to = await chat.choose(
        "way",
        _("You write to us from: {channels}. Another account of yours can be joined to this one. How?"),
        list(ways),
        lambda way: chat.t(ways[way]),
        channels=_listed(chat, named),
    )
    chat.then(to)


@flow("links.show")
async def show(chat: Chat) -> None:
    """A code to type on the other channel."""
    code = await links.show(chat.db, chat.citizen, chat.now)
    chat.say(_("Your code: {code}"), code=Code(code, copyable=True))
    chat.say(_("Write “link” to us on the other channel, then this code. It is good once, for ten minutes."))
    chat.say(_("Give it to nobody: whoever has it takes part in your name."))


@flow("links.type")
async def type_it(chat: Chat) -> None:
    """The code that the other channel shows."""
    typed = await chat.secret(
        "code",
        _("Write the code that the other channel shows you. What you did on both becomes one."),
        read_as=_as_code,
    )
    try:
        joined = await links.join_by_code(chat.db, chat.citizen, typed, chat.now)
    except links.TooMany:
        raise Stop(_("That were many codes that are not good. Please try again in an hour.")) from None
    except links.SomebodyElse:
        raise Stop(_OTHERS) from None
    if joined is None:
        chat.say(_("This code is not good, or not any more. Ask the other channel for a new one."))
        chat.offer("/link", _("Try again"))
        return
    await _tell(chat, joined)


@flow("links.phone")
async def by_phone(chat: Chat) -> None:
    """The phone number that both channels know."""
    number = await chat.contact("phone", _("Share your number with the button. We keep it sealed."))
    other = await links.same_phone(chat.db, chat.citizen, number, chat.now)
    if other is None:
        await links.keep_phone(chat.db, chat.citizen, chat.situation.channel, number)
        chat.say(_("No other account here has this number yet. Write to us from it, then come back here."))
        return
    named = _listed(chat, await links.channels(chat.db, other))
    if not await chat.confirm(
        "sure",
        _("The same number writes to us from {channels}. Is it you? What you did on both becomes one."),
        channels=named,
    ):
        raise Stop(_("Nothing was recorded."))
    await links.keep_phone(chat.db, chat.citizen, chat.situation.channel, number)
    try:
        await _tell(chat, await links.join(chat.db, chat.citizen, other, chat.now))
    except links.SomebodyElse:
        raise Stop(_OTHERS) from None


@flow("links.part")
async def part(chat: Chat) -> None:
    """Take a channel off again."""
    linked = await links.linked(chat.db, chat.citizen.id)
    if not linked:
        raise Stop(_("No channel is joined to this account."))
    chosen: Place | None = await chat.perhaps(
        "channel",
        _("Which channel do you want to separate? What you did stays with the others."),
        linked,
        lambda each: _name(chat, each.channel),
        skip=_("Cancel"),
    )
    if chosen is None or not await links.part(chat.db, chat.citizen, chosen.id):
        raise Stop(_("Nothing was recorded."))
    chat.say(_("{channel} is an account of its own again."), channel=_name(chat, chosen.channel))


async def _tell(chat: Chat, joined: Joined) -> None:
    """What became one, and which of two of a kind stays."""
    if chat.citizen.language:
        chat.speak(texts(chat.citizen.language))
    if number := await staff.number(chat.db, chat.citizen.id):
        chat.note("account.link", number)
    if joined.was_helped:
        chat.say(_("What you did with help is yours now. Nobody else sees it any more."))
    else:
        chat.say(_("Your accounts are one now: {channels}."), channels=_listed(chat, joined.channels))
    for twice in joined.twice:
        if twice.receipt:
            chat.say(
                _("You had taken part twice in {noun}: once counts, receipt {receipt}."),
                noun=chat.t(_NOUNS[twice.noun]),
                receipt=Code(twice.receipt),
            )
        else:
            chat.say(_("You had taken part twice in {noun}: once counts."), noun=chat.t(_NOUNS[twice.noun]))
    chat.offer("/status", _("See what I did"))


def _listed(chat: Chat, channels: list[str]) -> str:
    return chat.texts.listed(_name(chat, channel) for channel in dict.fromkeys(channels))


def _name(chat: Chat, channel: str) -> str:
    return chat.t(_NAMES.get(channel, channel))


def _as_code(typed: str) -> str:
    code = codes.read(typed)
    if not 4 <= len(code) <= 16:
        raise Refused(_("This code is not good, or not any more. Ask the other channel for a new one."))
    return code
