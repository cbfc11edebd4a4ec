"""The tally: figures and a chart of any petition or vote, for coordinators."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flows.chat import Chat, Stop
from flows.registry import COUNTERS, flow
from locales import _, n_
from locales.values import Written
from storage import budgets, petitions
from storage.budgets import Budget
from storage.petitions import Petition

CHANNELS = {"web": _("web chat"), "console": _("terminal"), "telegram": "Telegram", "whatsapp": "WhatsApp"}
SMALLEST_CELL = 10  # people


@dataclass(frozen=True, slots=True)
class Process:
    """A petition or a vote, in one list."""

    id: str
    thing: Petition | Budget


@flow("tally", _("Tally"), command="tally", roles=COUNTERS, in_menu=40)
async def tally(chat: Chat) -> None:
    """Count one process."""
    votes = [Process(f"b_{each.id}", each) for each in await budgets.every(chat.db, chat.commune.id)]
    asked = [Process(f"p_{each.id}", each) for each in await petitions.every(chat.db, chat.commune.id)]
    if not votes and not asked:
        raise Stop(_("There is nothing to count yet."))
    chosen = await chat.choose(
        "process", _("The tally of what?"), [*votes, *asked], lambda each: chat.local(each.thing.title)
    )
    if isinstance(chosen.thing, Petition):
        await _of_petition(chat, chosen.thing)
    else:
        await _of_vote(chat, chosen.thing)


async def _of_petition(chat: Chat, petition: Petition) -> None:
    count = await petitions.tally(chat.db, petition)
    title = chat.local(petition.title)
    # The law asks for signatures: what was declared is not measured against it.
    bars = [
        {"label": chat.t(_("Signed")), "value": count.signed},
        {"label": chat.t(_("Declared support")), "value": count.declared},
    ]
    chat.picture(
        {"chart": _chart(chat, title, bars, count.threshold)},
        _("<b>{title}</b>\nDeclared support: {declared}\nSigned: {signed}\nAsked for by law: {threshold}"),
        title=title,
        declared=count.declared,
        signed=count.signed,
        threshold=count.threshold or "—",
    )
    places = {quarter.slug: chat.local(quarter.name) for quarter in chat.commune.quarters}
    _split(
        chat,
        (_("By neighbourhood"), {places.get(slug, chat.t(_("not said"))): n for slug, n in count.by_quarter.items()}),
        (_("By channel"), _channels(chat, count.by_channel)),
        (_("By day"), _days(count.by_day)),
    )


async def _of_vote(chat: Chat, budget: Budget) -> None:
    count = await budgets.tally(chat.db, budget, chat.commune, chat.now)
    title = chat.local(budget.title)
    if count.votes is None:
        bars = [{"label": f"{day:%d/%m}", "value": people} for day, people in count.by_day.items()]
        chat.say(_("No results while the vote is open: turnout only."))
    else:
        bars = [{"label": chat.local(project.short), "value": votes} for project, votes in count.votes]
    if bars:
        chat.picture(
            {"chart": _chart(chat, title, bars, None)},
            _("<b>{title}</b>\nBallots: {count}"),
            title=title,
            count=count.ballots,
        )
    else:
        chat.say(_("<b>{title}</b>\nBallots: {count}"), title=title, count=count.ballots)
    if count.votes:
        lines = [
            chat.t(n_("{title}: {count} vote", "{title}: {count} votes"), title=chat.local(project.short), count=votes)
            for project, votes in count.votes
        ]
        chat.say("{lines}", lines=Written("\n".join(lines)))
    _split(chat, (_("By channel"), _channels(chat, count.by_channel)), (_("By day"), _days(count.by_day)))


def _chart(chat: Chat, title: str, bars: list[dict[str, Any]], threshold: int | None) -> dict[str, Any]:
    return {
        "title": title,
        "bars": bars,
        "threshold": threshold,
        "threshold_bars": 1,
        "threshold_label": chat.t(_("Asked for by law")),
        "direction": chat.texts.direction,
    }


def _days(by_day: dict[date, int]) -> dict[str, int]:
    return {f"{day:%d/%m/%Y}": count for day, count in by_day.items()}


def _channels(chat: Chat, by_channel: dict[str, int]) -> dict[str, int]:
    return {chat.t(CHANNELS.get(channel, channel)): count for channel, count in by_channel.items()}


def _split(chat: Chat, *parts: tuple[str, dict[str, int]]) -> None:
    for title, cells in parts:
        if cells:
            lines = [chat.t(_("{cell}: {count}"), cell=cell, count=_shown(count)) for cell, count in cells.items()]
            chat.say("{title}\n{lines}", title=Written(f"<b>{chat.t(title)}</b>"), lines=Written("\n".join(lines)))


def _shown(count: int) -> str | int:
    """A cell of few people could tell who they are."""
    return count if count >= SMALLEST_CELL else f"< {SMALLEST_CELL}"
