"""Votes in the hands of the staff: open, extend, close, publish the result, record what the council decided."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from flows import authoring
from flows.chat import Chat, Stop
from flows.registry import COORDINATORS, deed, flow, notice
from locales import _, n_
from locales.values import Day, Hour, Value, Written
from storage import budget_desk, budget_tally, budgets, results
from storage.budget_desk import NotPossible
from storage.budgets import Budget

WHY = {
    "unknown": _("There is no such vote."),
    "draft": _("This vote is a draft still: finish it with /new."),
    "few": _("A vote needs two projects at least. Add them first."),
    "open": _("This vote is open already. Nothing was changed."),
    "over": _("This vote has closed already. Nothing was changed."),
    "past": _("The vote would close earlier than now said. Nothing was changed."),
    "early": _("It is too early for that. Nothing was changed."),
    "published": _("This was published already. Nothing was changed."),
}
_GONE = _("This vote has changed meanwhile. Choose again.")
_ACTS = {
    "open": _("Open it now"),
    "extend": _("Close it later"),
    "close": _("Close it now"),
    "publish": _("Publish the result"),
    "decide": _("Council's decision"),
    "works": _("The works"),
}
_COUNTED = {
    False: n_("{title}: {count} vote", "{title}: {count} votes"),
    True: n_("{title}: {count} point", "{title}: {count} points"),
}
DECISIONS = {
    results.ADOPTED: _("Adopted"),
    results.PARTLY: _("Adopted in part"),
    results.REJECTED: _("Not adopted"),
}


@flow("budget.manage", _("Votes: open, close, publish"), command="budget", roles=COORDINATORS)
async def manage(chat: Chat) -> None:
    """Choose a vote, and what to do with it."""
    every = await budgets.every(chat.db, chat.commune.id)
    if not every:
        raise Stop(_("There is no vote yet. Begin one with /new."))
    budget = await chat.choose("budget", _("Which vote?"), every, lambda each: chat.local(each.title))
    acts = _acts(budget, chat.now)
    _show(chat, budget)
    act = await chat.choose("act", _("What shall we do?"), acts, lambda act: chat.t(_ACTS[act]), gone=_GONE)
    await _DO[act](chat, budget)


def _acts(budget: Budget, now: datetime) -> list[str]:
    """What can be done with a vote as it is now."""
    if budget.closes <= now:
        return ["decide", "works"] if budget.published else ["publish"]
    return ["extend", "close"] if budget.opens <= now else ["open", "extend"]


def _show(chat: Chat, budget: Budget) -> None:
    chat.say("<b>{title}</b>", title=chat.local(budget.title))
    chat.say(
        _("Opens: {opens}, {from_hour}. Closes: {closes}, {to_hour}."),
        opens=Day(budget.opens),
        from_hour=Hour(budget.opens),
        closes=Day(budget.closes),
        to_hour=Hour(budget.closes),
    )
    if budget.published:
        chat.say(_("The result was published on {day}."), day=Day(budget.published))


async def _open(chat: Chat, budget: Budget) -> None:
    await authoring.sure(chat, _("People can vote at once. Open it now?"))
    await chat.do("budget.open", budget.id, _("Open the vote {title} now"), {}, title=chat.local(budget.title))


async def _extend(chat: Chat, budget: Budget) -> None:
    closes = await authoring.moment(chat, "closes", _("Until when can people vote? For example {example}."), last=True)
    if closes <= budget.closes:
        raise Stop(WHY["past"])
    when: dict[str, Value] = {"day": Day(closes), "hour": Hour(closes)}
    await authoring.sure(chat, _("The vote closes on {day}, {hour}. Those who follow it are told. Do it?"), **when)
    summary = _("Close the vote {title} later: {day}, {hour}")
    args = {"closes": closes.isoformat()}
    await chat.do("budget.extend", budget.id, summary, args, title=chat.local(budget.title), **when)


async def _close(chat: Chat, budget: Budget) -> None:
    await authoring.sure(chat, _("Nobody can vote any more, and it cannot be opened again. Close it now?"))
    await chat.do("budget.close", budget.id, _("Close the vote {title} now"), {}, title=chat.local(budget.title))


async def _publish(chat: Chat, budget: Budget) -> None:
    count = await budget_tally.tally(chat.db, budget, chat.commune, chat.now)
    lines = (
        chat.t(_COUNTED[budget.ballot == budgets.POINTS], title=chat.local(project.short), count=votes)
        for project, votes in await budget_tally.votes(chat.db, budget)
    )
    chat.say("{lines}", lines=Written("\n".join(lines)))
    await authoring.sure(
        chat,
        _("{count} ballots. Everybody sees the result; those who follow it are told. Publish?"),
        count=count.totals["ballots"],
    )
    summary = _("Publish the result of {title}")
    await chat.do("budget.publish", budget.id, summary, {}, title=chat.local(budget.title))


async def _decide(chat: Chat, budget: Budget) -> None:
    decision = await chat.choose(
        "decision", _("What did the council decide?"), results.DECISIONS, lambda each: chat.t(DECISIONS[each])
    )
    note = await authoring.both(
        chat,
        "note",
        _("The decision in French, with its session and its reasons:"),
        _("The same in Arabic or Darija:"),
        longest=800,
    )
    said = chat.t(DECISIONS[decision])
    await authoring.sure(
        chat,
        _("{decision}.\n{french}\n{arabic}\nEverybody sees it; those who follow it are told. Publish?"),
        decision=said,
        french=note["fr"],
        arabic=note["ar"],
    )
    summary = _("Decision of the council on {title}: {decision}")
    args = {"decision": decision, "note": note}
    await chat.do("budget.decide", budget.id, summary, args, title=chat.local(budget.title), decision=said)


async def _works(chat: Chat, budget: Budget) -> None:
    chat.then("works.enter", budget=budget.id)


_DO: dict[str, Callable[[Chat, Budget], Awaitable[None]]] = {
    "open": _open,
    "extend": _extend,
    "close": _close,
    "publish": _publish,
    "decide": _decide,
    "works": _works,
}


@deed("budget.open")
async def do_open(chat: Chat, about: int) -> None:
    """Open a vote before its day."""
    await _possible(budget_desk.open_now(chat.db, chat.commune.id, about, chat.now))
    chat.say(_("The vote is open."))


@deed("budget.extend", notes=("closes",))
async def do_extend(chat: Chat, about: int, closes: str) -> None:
    """Close a vote later."""
    until = datetime.fromisoformat(closes)
    await _possible(budget_desk.extend(chat.db, chat.commune.id, about, until, chat.now))
    chat.say(_("Done: people can vote until {day}, {hour}."), day=Day(until), hour=Hour(until))


@deed("budget.close")
async def do_close(chat: Chat, about: int) -> None:
    """Close a vote at once."""
    await _possible(budget_desk.close(chat.db, chat.commune.id, about, chat.now))
    chat.say(_("The vote is closed. Its result can be published: /budget."))


@deed("budget.publish")
async def do_publish(chat: Chat, about: int) -> None:
    """Publish a result."""
    await _possible(results.publish(chat.db, chat.commune.id, about, chat.now))
    chat.say(_("The result is published: everybody sees it under /results."))
    chat.offer(f"r_{about}", _("See the result"))


@deed("budget.decide", notes=("decision",))
async def do_decide(chat: Chat, about: int, decision: str, note: dict[str, str]) -> None:
    """Record what the council decided."""
    await _possible(results.decide(chat.db, chat.commune.id, about, decision, note, chat.now))
    chat.say(_("The decision is published."))
    chat.offer(f"r_{about}", _("See the result"))


async def _possible(doing: Awaitable[None]) -> None:
    try:
        await doing
    except NotPossible as not_possible:
        raise Stop(WHY[not_possible.why]) from None


@notice("budget.moved")
async def moved(chat: Chat, about: int, occasion: str) -> None:
    """Tell those who follow a vote when it closes now."""
    budget = await budgets.get(chat.db, about)
    if budget is None or budget.closes != datetime.fromisoformat(occasion):
        return
    said = _("The vote {title} has closed.") if budget.closes <= chat.now else _("The vote {title} is open longer.")
    chat.say(said, title=chat.local(budget.title))
    if budget.closes > chat.now:
        chat.say(_("You can vote until {day}, {hour}."), day=Day(budget.closes), hour=Hour(budget.closes))
        chat.offer(f"b_{about}", _("See the vote"))
