"""Me: what this person chose, and where to see, change or erase what is kept of them."""

from flows.chat import Chat
from flows.registry import flow
from locales import _
from storage import citizens, profiles
from storage.communes import Quarter

_OF_THE_ACCOUNT = ("links", "help.other", "news", "stop")  # and not of somebody who is helped on it


@flow("me", _("Me"), command="me", word="me", in_menu=55)
async def me(chat: Chat) -> None:
    """Language, quarter, news; and the ways to the rest."""
    quarter, _answers = await profiles.of(chat.db, chat.citizen.id)
    stopped = await citizens.has_stopped(chat.db, chat.citizen.id)
    chat.say(
        _("Language: {language}\nQuarter: {quarter}\nNews of the commune: {news}"),
        language=chat.t(_("English")),
        quarter=_named(chat, quarter),
        news=chat.t(_("not received") if stopped else _("received")),
    )
    ways = {
        "@language": _("Language"),
        "me.quarter": _("My quarter"),
        "me.topics": _("What I hear about"),
        "news" if stopped else "stop": _("Get news again") if stopped else _("Stop the news"),
        "links": _("My channels"),
        "help.other": _("I help somebody"),
        "me.profile": _("About me"),
        "me.consents": _("What I agreed to"),
        "me.data": _("My data"),
        "me.erase": _("Erase everything"),
    }
    if chat.citizen.is_helped:
        ways = {way: title for way, title in ways.items() if way not in _OF_THE_ACCOUNT}
    to = await chat.choose("to", _("What do you want to see or change?"), list(ways), lambda way: chat.t(ways[way]))
    chat.then(to)


@flow("me.quarter")
async def quarter(chat: Chat) -> None:
    """Where this person lives, if they wish to say."""
    chosen = await chat.perhaps(
        "quarter",
        _("In which quarter do you live? We tell you what concerns it. It also counts in figures, without your name."),
        chat.commune.quarters,
        lambda each: chat.local(each.name),
        skip=_("I prefer not to say"),
    )
    await profiles.lives_in(chat.db, chat.citizen.id, chosen.slug if chosen else None)
    chat.say(_("Noted: {quarter}."), quarter=_named(chat, chosen.slug if chosen else None))
    chat.offer("/me", _("Back to “Me”"))


def _named(chat: Chat, slug: str | None) -> str:
    found: Quarter | None = next((each for each in chat.commune.quarters if each.slug == slug), None)
    return chat.local(found.name) if found else chat.t(_("not said"))
