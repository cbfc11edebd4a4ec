"""My neighbourhood: what is open, planned and done near me, and the way to each."""

from collections.abc import Sequence
from typing import Any

from flows.chat import Chat, Stop
from flows.registry import flow
from locales import _
from locales.values import Day, Written
from storage import neighbourhood, profiles
from storage.communes import Quarter
from storage.neighbourhood import COMING, DONE, OPEN, Nearby

_LEADS = {  # a noun more is a line more: the flow, what it takes, and what it takes of a part
    "project": ("budget.projects", "budget", "project"),
    "petition": ("petition.support", "petition", ""),
    "result": ("budget.results", "budget", ""),
    "works": ("budget.results", "budget", ""),
    "ideas": ("idea.list", "budget", ""),
    "workshop": ("workshop.register", "workshop", ""),
    "body": ("body.apply", "body", ""),
}
_STATES = {
    ("project", OPEN): _("vote until {day}"),
    ("petition", OPEN): _("declare support until {day}"),
    ("petition", COMING): _("the council has it"),
    ("petition", DONE): _("closed on {day}"),
    ("result", DONE): _("result of the vote"),
    ("works", COMING): _("works are planned"),
    ("works", OPEN): _("works since {day}"),
    ("works", DONE): _("finished on {day}"),
    ("ideas", OPEN): _("ideas of the quarter: {count}, until {day}"),
    ("ideas", DONE): _("ideas of the quarter: {count}"),
    ("workshop", COMING): _("on {day}"),
    ("workshop", DONE): _("took place on {day}"),
    ("body", OPEN): _("apply until {day}"),
    ("body", COMING): _("applications from {day}"),
    ("body", DONE): _("applications are over"),
}
_SIGNS = {OPEN: "🟢", COMING: "🗓", DONE: "✅"}


@flow("neighbourhood", _("My neighbourhood"), command="quartier", word="neighbourhood", in_more=45)
async def mine(chat: Chat) -> None:
    """The quarter where this person lives; it is asked, and kept if they wish."""
    _there_are_quarters(chat)
    known = {each.slug: each for each in chat.commune.quarters}
    own, _answers = await profiles.of(chat.db, chat.citizen.id)
    if own not in known:
        own = (await _asked(chat)).slug
        if await chat.confirm("keep", _("Shall we remember it, so that we need not ask again? “Me” forgets it.")):
            await profiles.lives_in(chat.db, chat.citizen.id, own)
    chat.then("neighbourhood.list", quarter=own)


@flow("neighbourhood.named", command="neighbourhood")
async def named(chat: Chat) -> None:
    """The same, under the name that other programs give it."""
    chat.then("neighbourhood")


@flow("neighbourhood.other", command="other_quarter")
async def other(chat: Chat) -> None:
    """Look at another quarter; nothing is kept."""
    _there_are_quarters(chat)
    chat.then("neighbourhood.list", quarter=(await _asked(chat)).slug)


@flow("neighbourhood.list")
async def nearby(chat: Chat, quarter: str) -> None:
    """One list, what is open first."""
    here = next((each for each in chat.commune.quarters if each.slug == quarter), None)
    if here is None:  # the commune has drawn its quarters anew
        raise Stop(_("We do not know this quarter any more."))

    async def page(offset: int, limit: int) -> Sequence[Nearby]:
        found = await neighbourhood.page(chat.db, chat.commune, here.slug, chat.now, offset, limit)
        if not found and offset == 0:
            chat.offer("/other_quarter", _("Another quarter"))
            raise Stop(_("Nothing is open, planned or done in {quarter} just now."), quarter=chat.local(here.name))
        return found

    async def find(id: Any) -> Nearby | None:
        return _named(str(id), chat)

    chosen = await chat.browse(
        "which",
        lambda shown: _listed(chat, here, shown),
        page,
        find,
        label=lambda each: f"{_SIGNS[each.state]} {chat.local(each.title)}",
        named=lambda words: words if _named(words, chat) else "",
        ways={"/other_quarter": _("Another quarter")},
    )
    to, takes, takes_part = _LEADS[chosen.noun]
    chat.then(to, **{takes: chosen.within}, **({takes_part: chosen.number} if takes_part else {}))


def _there_are_quarters(chat: Chat) -> None:
    if not chat.commune.quarters:
        raise Stop(_("The commune has not named its quarters here yet."))


async def _asked(chat: Chat) -> Quarter:
    return await chat.choose("quarter", _("Which quarter?"), chat.commune.quarters, lambda each: chat.local(each.name))


def _named(id: str, chat: Chat) -> Nearby | None:
    """What a button stands for; whether it is there still is for the flow to say that it leads to."""
    noun, _first, numbers = id.partition("_")
    within, _second, number = numbers.partition("_")
    if noun not in _LEADS or not (within.isdecimal() and number.isdecimal()):
        return None
    return Nearby(noun, int(number[:9]), int(within[:9]), {}, OPEN, chat.now)


def _listed(chat: Chat, here: Quarter, shown: Sequence[Nearby]) -> str:
    lines = [
        chat.t(
            "{sign} {title} · {state}",
            sign=Written(_SIGNS[each.state]),
            title=chat.local(each.title),
            state=Written(chat.t(_STATES[each.noun, each.state], day=Day(each.when), count=each.number)),
        )
        for each in shown
    ]
    return chat.t(
        _("<b>{quarter}</b>\n{lines}\n🟢 open, 🗓 planned, ✅ done. What do you want to see?"),
        quarter=chat.local(here.name),
        lines=Written("\n".join(lines)),
    )
