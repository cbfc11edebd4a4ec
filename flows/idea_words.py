"""An idea in words: what it is called, where it stands, what it would cost."""

from collections.abc import Sequence

from flows import reasons
from flows.chat import Chat
from locales import _, n_
from locales.values import Day, Written
from storage import ideas
from storage.idea_calls import Call
from storage.ideas import Proposal, Seen

GONE = _("This idea is not there any more.")
NO_CALL = _("There is no call for ideas now.")
LATE = _("A colleague has decided, or the author has changed it.")
STATES = {
    ideas.WAITING: _("received, to be read"),
    ideas.PUBLISHED: _("published, looked into by the service"),
    ideas.MERGED: _("together with a like idea"),
    ideas.REFUSED: _("refused, with reasons"),
    ideas.FEASIBLE: _("it can be done"),
    ideas.NOT_FEASIBLE: _("it cannot be done, with reasons"),
    ideas.SHORTLISTED: _("on the shortlist"),
    ideas.PROJECT: _("a project of the vote"),
}
_SHOWN = 60  # characters on a button


def label(idea: Seen) -> str:
    """On a button."""
    return idea.said.title[:_SHOWN]


def show(chat: Chat, idea: Seen) -> None:
    """All of it."""
    said = idea.said
    chat.say("<b>{title}</b>", title=said.title)
    if said.media:
        chat.media("photo", said.media)
    chat.say("{words}", words=said.words)
    if where := place(chat, said):
        chat.say(_("Place: {place}."), place=where)
    if idea.estimate is not None:
        chat.say(_("Cost, as the service found: {cost} MAD."), cost=idea.estimate)
    elif said.cost is not None:
        chat.say(_("Cost, as its author guesses: {cost} MAD."), cost=said.cost)
    if idea.state in ideas.PUBLIC:
        chat.say(
            n_("Supported by {count} person.", "Supported by {count} people."),
            count=idea.supporters,
        )


def place(chat: Chat, said: Proposal) -> str:
    """Its name and its neighbourhood, as far as they are given."""
    quarter = next((each for each in chat.commune.quarters if each.slug == said.quarter), None)
    return chat.texts.listed(filter(None, [said.place, chat.local(quarter.name) if quarter else ""]))


def show_state(chat: Chat, idea: Seen) -> None:
    """Where it stands, and why."""
    chat.say(_("State: {state}."), state=Written(chat.t(STATES[idea.state])))
    show_why(chat, idea)


def show_why(chat: Chat, idea: Seen) -> None:
    """The reasons of the service; those of a refusal are its author's to know."""
    if idea.note:
        chat.say(_("Why: {reasons}"), reasons=chat.local(idea.note))
    if idea.is_mine and idea.reason:
        chat.say("{why}", why=Written(reasons.said(chat, idea.reason)))
    if idea.is_mine and idea.can_be_corrected(chat.now) and idea.decided:
        chat.say(_("You can correct it until {day}."), day=Day(idea.decided + ideas.CORRECTION))


async def chosen_call(chat: Chat, calls: Sequence[Call], budget: int | None = None, gone: str = NO_CALL) -> Call:
    """The call that a conversation is about; the only one there is without asking."""
    return await chat.choose(
        "budget",
        _("Ideas for which budget?"),
        calls,
        label=lambda each: chat.local(each.title),
        preset=budget or (calls[0].id if len(calls) == 1 else None),
        gone=gone,
    )
