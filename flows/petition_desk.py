"""The petitions of the commune, for its staff: drafts that wait, then those in progress, and all that can be done."""

from typing import Any

from flows import petition_words
from flows.chat import Chat
from flows.registry import COORDINATORS, MODERATORS, flow
from locales import _
from locales.values import Day, Written
from storage import petition_desk, petition_moves, petition_times, petitions
from storage.petition_desk import Paper
from storage.petition_moves import MOVES
from storage.petitions import COLLECTING, COUNTED, DEPOSITED, UNDER_REVIEW, Card

_COUNT, _CHECK, _DOSSIER, _DAY = "count", "check", "dossier", "day"
_OTHER = {
    _COUNT: _("Enter signatures"),
    _CHECK: _("Check supporters"),
    _DAY: _("Another last day"),
    _DOSSIER: _("The dossier (PDF)"),
}
_ONLY = {_COUNT: COUNTED, _DAY: (COLLECTING,)}  # in which states; the others in all
_FLOWS = {_COUNT: "petition.count", _CHECK: "petition.check", _DAY: "petition.extend", _DOSSIER: "dossier"}


@flow("petition.desk", _("Petitions of the staff"), command="petition", roles=MODERATORS)
async def desk(chat: Chat) -> None:
    """What waits and what is in progress; agents decide on drafts, coordinators on all."""
    sees_all = chat.citizen.role in COORDINATORS

    async def find(id: Any) -> Paper | None:
        noun, _mark, about = str(id).rpartition("_")
        only = {"noun": noun, "about": int(about)} if about.isdecimal() else {"noun": ""}
        found = await petition_desk.papers(chat.db, chat.commune.id, sees_all, 0, 1, **only)
        return found[0] if found else None

    paper = await chat.browse(
        "paper",
        _("Which petition? Those that wait for you come first."),
        lambda offset, limit: petition_desk.papers(chat.db, chat.commune.id, sees_all, offset, limit),
        find,
        label=lambda each: f"{chat.local(each.title)} · {chat.t(petition_words.STATES[each.state])}",
        gone=_("A colleague has decided on it meanwhile."),
        named=lambda _words: "",
        none=_("No petition waits for you."),
    )
    if paper.noun == "draft":
        chat.then("petition.moderate", about=paper.about)
    else:
        chat.then("petition.steps", petition=paper.about)


@flow("petition.steps", roles=COORDINATORS)
async def steps(chat: Chat, petition: int) -> None:
    """Where a petition stands, and what can be done with it."""
    found = await petition_words.public(chat, petition)
    card = await petitions.card(chat.db, found, chat.citizen)
    _show(chat, card)
    petition_words.outcome(chat, found, await petition_moves.history(chat.db, found.id))
    ways = {f"to-{state}": petition_words.STEPS[state] for state in MOVES[found.status]}
    ways |= {each: said for each, said in _OTHER.items() if found.status in _ONLY.get(each, (found.status,))}
    what = await chat.choose("what", _("What would you like to do?"), list(ways), label=lambda each: chat.t(ways[each]))
    if what in _FLOWS:
        chat.then(_FLOWS[what], petition=found.id)
    else:
        chat.then("petition.move", petition=found.id, state=what.removeprefix("to-"))


def _show(chat: Chat, card: Card) -> None:
    petition = card.petition
    chat.say("<b>{title}</b>", title=chat.local(petition.title))
    chat.say("{lines}", lines=Written(petition_words.counters(chat, card)))
    if petition.deposited and petition.status in (DEPOSITED, UNDER_REVIEW):
        due = petition_times.refusal_due(chat.commune, petition.deposited)
        chat.say(_("A refusal has to be notified by {day}."), day=Day(due))
