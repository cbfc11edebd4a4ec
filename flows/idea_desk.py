"""Ideas in the hands of the staff: can it be done and for what cost, the shortlist, a project of a vote."""

from collections.abc import Awaitable
from typing import Any

from flows import authoring, idea_words
from flows.chat import Chat, Stop
from flows.idea_words import LATE
from flows.registry import MODERATORS, deed, flow
from locales import _
from storage import idea_calls, idea_moves, ideas
from storage.budget_desk import NotPossible
from storage.idea_moves import MOVES, NotNow
from storage.ideas import FEASIBLE, MERGED, NOT_FEASIBLE, PROJECT, SHORTLISTED, Seen

_ACTS = {
    FEASIBLE: _("It can be done"),
    NOT_FEASIBLE: _("It cannot be done"),
    SHORTLISTED: _("On the shortlist"),
    PROJECT: _("Make it a project"),
    MERGED: _("Same as another idea"),
}
WHY = {
    "unknown": _("There is no such vote."),
    "open": _("This vote is open already. Nothing was changed."),
    "cost": _("That costs more than the envelope."),
}


@flow("idea.desk", _("Ideas: look into, shortlist"), command="idea", roles=MODERATORS)
async def desk(chat: Chat) -> None:
    """The public ideas of a call, the most supported first."""
    calls = await idea_calls.every(chat.db, chat.commune.id)
    if not calls:
        raise Stop(_("There is no call for ideas yet."))
    call = await idea_words.chosen_call(chat, calls)

    async def find(id: int) -> Seen | None:
        return await ideas.find(chat.db, chat.commune.id, id, chat.citizen.id)

    chosen = await chat.browse(
        "idea",
        _("The most supported first. Which one?"),
        lambda offset, limit: ideas.most_supported(chat.db, call.id, chat.citizen.id, offset, limit),
        find,
        _label,
        gone=idea_words.GONE,
        none=_("No idea is public yet."),
    )
    chat.then("idea.decide", idea=chosen.id)


def _label(idea: Seen) -> str:
    return f"{idea.supporters} · {idea_words.label(idea)}"


@flow("idea.decide", roles=MODERATORS, link="io", takes="idea")
async def decide(chat: Chat, idea: int) -> None:
    """One idea, and what to do with it."""
    found = await ideas.find(chat.db, chat.commune.id, idea, chat.citizen.id)
    acts = [act for act in _ACTS if found and act in MOVES.get(found.state, ())]
    if found is None or found.state not in ideas.PUBLIC:
        raise Stop(idea_words.GONE)
    idea_words.show(chat, found)
    idea_words.show_state(chat, found)
    if not acts:
        chat.offer("/idea", _("Back to the ideas"))
        return
    act = await chat.choose("act", _("What shall we do?"), acts, lambda act: chat.t(_ACTS[act]), gone=LATE)
    if act in (FEASIBLE, NOT_FEASIBLE):
        await _assess(chat, found, act)
    elif act == SHORTLISTED:
        await authoring.sure(chat, _("Put “{title}” on the shortlist? Who is for it is told."), title=found.said.title)
        await chat.do("idea.shortlist", idea, _("Put {title} on the shortlist"), {}, title=found.said.title)
    else:
        chat.then("idea.merge" if act == MERGED else "idea.project", about=idea)


async def _assess(chat: Chat, found: Seen, act: str) -> None:
    estimate = None
    if act == FEASIBLE:
        estimate = await authoring.amount(chat, "cost", _("What does it cost, in dirhams?"))
    note = await authoring.both(chat, "note", _("The reasons, in French:"), _("The same in Arabic or Darija:"), 600)
    await authoring.sure(
        chat,
        _("“{title}”: {act}.\n{french}\n{arabic}\nEverybody sees it; who is for it is told. Do it?"),
        title=found.said.title,
        act=chat.t(_ACTS[act]),
        french=note["fr"],
        arabic=note["ar"],
    )
    summary = _("Idea {title}: {act}")
    args = {"estimate": estimate, "note": note}
    await chat.do("idea.assess", found.id, summary, args, title=found.said.title, act=chat.t(_ACTS[act]))


@deed("idea.assess", MODERATORS, notes=("estimate",))
async def do_assess(chat: Chat, about: int, estimate: int | None, note: dict[str, str]) -> None:
    """Say whether it can be done, and why."""
    await _possible(idea_moves.assess(chat.db, chat.commune.id, about, estimate, note, chat.now))
    _done(chat, about)


@deed("idea.shortlist")
async def do_shortlist(chat: Chat, about: int) -> None:
    """Put it on the shortlist."""
    await _possible(idea_moves.shortlist(chat.db, chat.commune.id, about, chat.now))
    _done(chat, about)


@flow("idea.project", roles=MODERATORS)
async def project(chat: Chat, about: int) -> None:
    """Make a project of an idea: its words in both languages, and the vote it goes into."""
    found = await ideas.find(chat.db, chat.commune.id, about, chat.citizen.id)
    votes = await idea_moves.votes_to_come(chat.db, chat.commune.id, chat.now)
    if found is None or PROJECT not in MOVES.get(found.state, ()):
        raise Stop(LATE)
    if not votes:
        raise Stop(_("There is no vote to come. Begin one with /new."))
    vote = await chat.choose("vote", _("A project of which vote?"), votes, lambda each: chat.local(each.title))
    idea_words.show(chat, found)
    title = await authoring.both(chat, "title", _("The project in French:"), _("The project in Arabic or Darija:"))
    short = await authoring.brief(chat, title)
    said = await authoring.both(
        chat, "said", _("What is it about, in French?"), _("The same in Arabic or Darija:"), longest=1000
    )
    await authoring.sure(
        chat,
        _("{title}: {cost} MAD\n{said}\nAdd this project?"),
        title=chat.local(title),
        cost=found.estimate or 0,
        said=chat.local(said),
    )
    args = {"vote": vote.id, "values": {"title": title, "short": short, "description": said}}
    await chat.do("idea.project", about, _("Add the project {title}"), args, title=chat.local(title))


@deed("idea.project", MODERATORS, notes=("vote",))
async def do_project(chat: Chat, about: int, vote: int, values: dict[str, Any]) -> None:
    """Put it into a vote."""
    await _possible(idea_moves.make_project(chat.db, chat.commune.id, about, vote, values, chat.now))
    _done(chat, about)


def _done(chat: Chat, about: int) -> None:
    chat.say(_("Done. Its author, those who support it and those who follow it are told."))
    chat.offer(f"io_{about}", _("See the idea"))
    chat.offer("/idea", _("Back to the ideas"))


async def _possible(doing: Awaitable[None]) -> None:
    try:
        await doing
    except NotNow:
        raise Stop(LATE) from None
    except NotPossible as not_possible:
        raise Stop(WHY[not_possible.why]) from None
