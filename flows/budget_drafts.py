"""A vote written in chat: its rules, its projects one by one, a look at it as people see it; then it is announced."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Any

from flows import authoring
from flows.chat import Chat, Stop
from flows.registry import COORDINATORS, MODERATORS, deed, flow
from locales import _
from locales.values import Day, Hour, Value, Written
from storage import budget_drafts
from storage.budget_desk import NotPossible
from storage.budgets import APPROVAL, KNAPSACK, ONE, POINTS, Budget

WHY = {
    "unknown": _("There is no such draft."),
    "announced": _("This vote is announced already: it is no draft any more."),
    "cost": _("That costs more than the envelope."),
    "few": _("A vote needs two projects at least. Add them first."),
    "most": _("There are fewer projects than one may choose. Add some first."),
    "past": _("The closing has passed. Drop this draft and begin again."),
}
_BALLOTS = {
    ONE: _("One project each"),
    APPROVAL: _("Several projects"),
    KNAPSACK: _("Up to the envelope"),
    POINTS: _("Points"),
}
_ACTS = {
    "see": _("See it as people do"),
    "add": _("Add a project"),
    "remove": _("Take a project out"),
    "announce": _("Announce it"),
    "drop": _("Drop the draft"),
}


@flow("budget.new", creates=_("A vote on a budget"), roles=MODERATORS)
async def begin(chat: Chat) -> None:
    """Begin a vote, or go on with a draft."""
    drafts = {str(each.id): each for each in await budget_drafts.every(chat.db, chat.commune.id)}
    which = "new"
    if drafts:
        which = await chat.choose(
            "which",
            _("Go on with a draft, or begin another?"),
            ["new", *drafts],
            lambda id: chat.t(_("Begin another")) if id == "new" else chat.local(drafts[id].title),
        )
    if which != "new":
        chat.then("budget.draft", budget=int(which))
        return
    await _rules(chat)


async def _rules(chat: Chat) -> None:
    title = await authoring.both(chat, "title", _("The title in French:"), _("The title in Arabic or Darija:"))
    envelope = await authoring.amount(chat, "envelope", _("The envelope, in dirhams?"))
    ballot = await chat.choose(
        "ballot", _("How does each person vote?"), list(_BALLOTS), lambda each: chat.t(_BALLOTS[each])
    )
    most = 1 if ballot == ONE else await authoring.amount(chat, "most", _("At most how many projects each?"), 2, 50)
    points = None
    if ballot == POINTS:
        points = await authoring.amount(chat, "points", _("How many points has each person?"), 2, 100)
    asks_cin = await chat.confirm("cin", _("Ask for the ID number, so that each person votes once?"))
    age = await authoring.amount(chat, "age", _("From which age? Write 0 for everybody."), 0, 99)
    opens = await authoring.moment(chat, "opens", _("When does it open? For example {example}."))
    until = _("When does it close? For example {example}.")
    closes = await authoring.moment(chat, "closes", until, last=True, after=opens)
    if not await chat.review(
        "sure",
        _("{title}\n{envelope} MAD · {ballot}\nFrom {opens}, {from_hour} to {closes}, {to_hour}.\nKeep this draft?"),
        yes=_("Keep the draft"),
        corrections={
            "title_fr": _("Correct the title"),
            "title_ar": _("The Arabic title"),
            "opens": _("Correct opening"),
            "closes": _("Correct closing"),
        },
        title=chat.local(title),
        envelope=envelope,
        ballot=chat.t(_BALLOTS[ballot]),
        opens=Day(opens),
        from_hour=Hour(opens),
        closes=Day(closes),
        to_hour=Hour(closes),
    ):
        raise Stop(_("Nothing was recorded."))
    values = {"title": title, "envelope": envelope, "ballot": ballot, "most": most, "asks_cin": asks_cin}
    dates = {"opens": opens.isoformat(), "closes": closes.isoformat()}
    args = {**values, **dates, "min_age": age or None, "points": points, "most_points": points}
    await chat.do("budget.begin", 0, _("Begin the vote {title}"), args, title=chat.local(title))


@deed("budget.begin", MODERATORS, notes=("envelope", "ballot", "opens", "closes"))
async def do_begin(chat: Chat, _about: int, opens: str, closes: str, **values: Any) -> None:
    """Keep the draft, and go on to its projects."""
    moments = {"opens": datetime.fromisoformat(opens), "closes": datetime.fromisoformat(closes)}
    id = await budget_drafts.begin(chat.db, chat.commune.id, **values, **moments, least=1)
    chat.say(_("The draft is kept. Nobody sees it yet."))
    chat.then("budget.draft", budget=id)


@flow("budget.draft", roles=MODERATORS, link="bd", takes="budget")
async def draft(chat: Chat, budget: int) -> None:
    """What to do with a draft."""
    found = await _draft(chat, budget)
    listed = await budget_drafts.projects(chat.db, found.id)
    lines = (chat.t("{n}. {title}", n=n, title=chat.local(each.short)) for n, each in enumerate(listed, 1))
    chat.say(_("Draft: {title}\n{projects}"), title=chat.local(found.title), projects=Written("\n".join(lines)))
    acts = [act for act in _ACTS if act != "announce" or chat.citizen.role in COORDINATORS]
    acts = [act for act in acts if listed or act not in ("see", "remove", "announce")]
    act = await chat.choose("act", _("What next?"), acts, lambda act: chat.t(_ACTS[act]))
    if act in ("see", "add"):
        chat.then(f"budget.{'preview' if act == 'see' else 'add'}", budget=found.id)
    elif act == "remove":
        project = await chat.choose("project", _("Which one?"), listed, lambda each: chat.local(each.short))
        args = {"project": project.id}
        summary = _("Take {project} out of the draft")
        await chat.do("budget.remove", found.id, summary, args, project=chat.local(project.short))
    elif act == "announce":
        await _announce(chat, found)
    else:
        await authoring.sure(chat, _("The draft and its projects are lost. Drop it?"))
        await chat.do("budget.drop", found.id, _("Drop the draft {title}"), {}, title=chat.local(found.title))


async def _announce(chat: Chat, found: Budget) -> None:
    when: dict[str, Value] = {"day": Day(found.opens), "hour": Hour(found.opens)}
    await authoring.sure(
        chat, _("People can vote from {day}, {hour}. Its rules cannot be changed then. Announce it?"), **when
    )
    summary = _("Announce the vote {title}, from {day}, {hour}")
    await chat.do("budget.announce", found.id, summary, {}, title=chat.local(found.title), **when)


@flow("budget.add", roles=MODERATORS)
async def add(chat: Chat, budget: int) -> None:
    """One project more."""
    found = await _draft(chat, budget)
    title = await authoring.both(chat, "title", _("The project in French:"), _("The project in Arabic or Darija:"))
    short = await authoring.brief(chat, title)
    said = await authoring.both(
        chat, "said", _("What is it about, in French?"), _("The same in Arabic or Darija:"), longest=1000
    )
    place = await chat.perhaps(
        "place", _("In which neighbourhood?"), chat.commune.quarters, lambda each: chat.local(each.name)
    )
    cost = await authoring.amount(chat, "cost", _("What does it cost, in dirhams?"), 1, found.envelope)
    if not await chat.review(
        "sure",
        _("{title}: {cost} MAD\n{said}\nAdd this project?"),
        yes=_("Add it"),
        corrections={
            "title_fr": _("Correct the title"),
            "title_ar": _("The Arabic title"),
            "said_fr": _("Correct the text"),
            "said_ar": _("The Arabic text"),
            "cost": _("Correct cost"),
        },
        title=chat.local(title),
        cost=cost,
        said=chat.local(said),
    ):
        raise Stop(_("Nothing was recorded."))
    args = {"title": title, "short": short, "description": said, "place": place.slug if place else None, "cost": cost}
    await chat.do("budget.add", found.id, _("Add the project {title}"), args, title=chat.local(title))


@deed("budget.add", MODERATORS, notes=("cost",))
async def do_add(chat: Chat, about: int, **values: Any) -> None:
    """Add a project to a draft."""
    await _possible(budget_drafts.add(chat.db, chat.commune.id, about, **values))
    chat.say(_("The project is added."))
    chat.then("budget.draft", budget=about)


@deed("budget.remove", MODERATORS, notes=("project",))
async def do_remove(chat: Chat, about: int, project: int) -> None:
    """Take a project out of a draft."""
    await _possible(budget_drafts.remove(chat.db, chat.commune.id, about, project))
    chat.say(_("The project is out."))
    chat.then("budget.draft", budget=about)


@deed("budget.announce")
async def do_announce(chat: Chat, about: int) -> None:
    """Let everybody see a vote."""
    await _possible(budget_drafts.announce(chat.db, chat.commune.id, about, chat.now))
    chat.say(_("The vote is announced. It opens by itself; /budget opens it before."))


@deed("budget.drop", MODERATORS)
async def do_drop(chat: Chat, about: int) -> None:
    """Throw a draft away."""
    await _possible(budget_drafts.drop(chat.db, chat.commune.id, about))
    chat.say(_("The draft is dropped."))


async def _draft(chat: Chat, id: int) -> Budget:
    found = await budget_drafts.find(chat.db, chat.commune.id, id)
    if found is None:
        raise Stop(WHY["unknown"])
    return found


async def _possible(doing: Awaitable[None]) -> None:
    try:
        await doing
    except NotPossible as not_possible:
        raise Stop(WHY[not_possible.why]) from None
