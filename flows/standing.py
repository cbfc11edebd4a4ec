"""«فين وصلات؟»: all that a person did here, with its code, its state, the next date, and what can still be changed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flows import body_words, call_words, idea_words, opinion_states, petition_words
from flows.chat import PAGE, Chat, Stop
from flows.registry import FLOWS, flow
from locales import _
from locales.values import Code, Day, Hour, Value, Written
from storage import codes, open_now, participations
from storage.participations import BALLOT, CAST, COUNTED, Participation

STATES = {
    **{("petition", state): said for state, said in petition_words.STATES.items()},
    **{("draft", state): said for state, said in petition_words.STATES.items()},
    ("workshop", "seated"): _("you have a seat"),
    ("workshop", "waiting"): _("you are on the waiting list"),
    ("workshop", "held"): _("a seat is kept for you: answer soon"),
    ("workshop", "cancelled"): _("you cancelled"),
    ("workshop", "expired"): _("the seat went to the next person"),
    ("workshop", "off"): _("the workshop is cancelled"),
    ("workshop", "attended"): _("you were there"),
    ("comment", "waiting"): _("received, not read yet"),
    ("comment", "accepted"): _("taken into account"),
    ("comment", "refused"): _("not published, with reasons"),
    ("comment", "answered"): _("answered"),
    ("message", "open"): _("waits for an answer"),
    ("message", "answered"): _("answered"),
    ("message", "closed"): _("closed"),
    **{("idea", state): said for state, said in idea_words.STATES.items()},
    ("supported", "given"): _("you support ideas"),
    ("survey", "answered"): _("your answers are recorded"),
    **{("contribution", state): text for state, text in opinion_states.STATES.items()},
    **{("submission", state): text for state, text in call_words.STATES.items()},
    **{("application", state): text for state, text in body_words.STATES.items()},
    (BALLOT, CAST): _("your vote is recorded"),
    (BALLOT, COUNTED): _("counted"),
}
# What a receipt stands for, and that it counts.
_COUNTED = {
    "petition": _("You declared your support for “{title}” on {day}. It is counted."),
    BALLOT: _(
        "This ballot is counted in “{title}”; it was first cast on {day}. The receipt does not tell what was chosen."
    ),
}
_NOT_YET = ("draft", "submitted", CAST)  # in these states nothing is counted, or a list must not tell it
_NEXT = {  # by noun and state, else by noun: the next date that matters
    ("petition", "collecting"): _("Support can be declared until {day}."),
    ("draft", "collecting"): _("Support can be declared until {day}."),
    "workshop": _("It takes place on {day} at {hour}."),
    "comment": _("You can change it until {day}, {hour}."),
    ("message", "open"): _("The service answers by {day}."),
    ("message", "answered"): _("You can go on with it until {day}."),
    "survey": _("Open until {day}, {hour}."),
    "idea": _("Ideas are taken until {day}, {hour}."),
    "supported": _("Support can be given until {day}, {hour}."),
    "application": _("Until {day}, {hour}."),
    "contribution": _("You can change it until {day}, {hour}."),
    ("submission", "draft"): _("The deadline is {day}, {hour}."),
    ("submission", "submitted"): _("You can take it back until {day}, {hour}."),
    BALLOT: _("You can change it until {day}, {hour}."),
}


@dataclass(frozen=True, slots=True)
class Way:
    """Where a participation leads: an entrance, and in which states it makes sense (none: always)."""

    entrance: str
    text: str
    states: tuple[str, ...] = ()


_WAYS = {
    "petition": (
        Way("p_{about}", _("See the petition")),
        Way("pw_{about}", _("Withdraw my support"), ("collecting", "ready")),
    ),
    "draft": (Way("pd_{about}", _("My petition")),),
    "workshop": (
        Way("w_{about}", _("See the workshop")),
        Way("wy_{about}", _("Yes, I want it"), ("held",)),
        Way("wx_{about}", _("Cancel my seat"), ("seated", "waiting", "held")),
    ),
    "comment": (Way("cm_{about}", _("What I said")), Way("c_{about}", _("See the consultation"))),
    "message": (Way("/human", _("Write again")),),
    "contribution": (Way("v_{about}", _("Read it")), Way("vc_{about}", _("Change my words"), ("draft",))),
    "application": (
        Way("j_{about}", _("See the body")),
        Way("jw_{about}", _("Take it back"), ("applied",)),
        Way("jr_{about}", _("Answer"), ("offered",)),
    ),
    "submission": (Way("ks_{about}", _("My file")),),
    "idea": (Way("im_{about}", _("My ideas")), Way("il_{about}", _("All ideas"))),
    "supported": (Way("il_{about}", _("All ideas")),),
    "survey": (Way("sr_{about}", _("What others said")),),
    BALLOT: (Way("b_{about}", _("See the vote"), (CAST,)),),
}


@flow(
    "standing", _("Where does it stand?"), command="status", word="standing", intents=("petition_status",), in_menu=30
)
async def standing(chat: Chat, code: str | None = None) -> None:
    """One list of all that this person did; any own receipt can be typed."""
    first = await participations.page(chat.db, chat.citizen, chat.commune, chat.now, 0, PAGE + 1)
    if not first and code is None:
        raise Stop(await _lead_on(chat))

    async def page(offset: int, limit: int) -> Sequence[Participation]:
        if offset == 0:
            return first
        return await participations.page(chat.db, chat.citizen, chat.commune, chat.now, offset, limit)

    async def find(id: Any) -> Participation | None:
        return await participations.find(chat.db, chat.citizen, chat.commune, chat.now, str(id))

    chosen = await chat.browse(
        "which",
        _("Where it stands, the newest first. Choose one, or write the number of a receipt."),
        page,
        find,
        label=lambda each: f"{chat.local(each.title)} · {_state(chat, each)}",
        preset=code,
        gone=_("We know no receipt with this number among yours. Check it letter by letter."),
        named=lambda words: _as_code(words, chat.commune.receipt_prefix),
    )
    chat.is_ballot = chosen.noun == BALLOT
    _show(chat, chosen)


@flow("receipt", _("Find a receipt"), command="receipt", word="receipt")
async def look_up(chat: Chat) -> None:
    """What a receipt stands for; one's own are said, so that they can be copied."""
    own = await participations.page(chat.db, chat.citizen, chat.commune, chat.now, 0, PAGE)
    for each in own:
        if each.code and each.noun != BALLOT:
            chat.say(
                "{receipt} · {title} · {day}",
                receipt=Code(each.code, copyable=True),
                title=chat.local(each.title),
                day=Day(each.since),
            )
    typed = await chat.text(
        "code", _("Write the number of your receipt, like {example}."), longest=60, example=Code("BM-7F3K-92XQ")
    )
    found = codes.read_receipt(typed, chat.commune.receipt_prefix)
    if await participations.find(chat.db, chat.citizen, chat.commune, chat.now, found) is None:
        raise Stop(_("We know no receipt with this number among yours. Check it letter by letter."))
    chat.then("standing", code=found)


def _as_code(words: str, prefix: str) -> str:
    """A receipt in what was typed, or nothing: eight letters or figures, and the commune's before them."""
    bare = re.sub(r"[\s-]", "", words)
    longest = codes.LENGTH + len(prefix)
    is_one = bare.isascii() and bare.isalnum() and codes.LENGTH <= len(bare) <= longest
    return codes.read_receipt(words, prefix) if is_one else ""


def _show(chat: Chat, each: Participation) -> None:
    title = chat.local(each.title)
    if each.noun in _COUNTED and each.state not in _NOT_YET:
        chat.say(_COUNTED[each.noun], title=title, day=Day(each.since))
    else:
        chat.say("<b>{title}</b>", title=title)
    if (each.noun, each.state) != (BALLOT, COUNTED):
        chat.say(_("State: {state}."), state=Written(_state(chat, each)))
    if each.code and each.noun != BALLOT:
        chat.say(_("Receipt: {receipt}, {day}."), receipt=Code(each.code, copyable=True), day=Day(each.since))
    if each.until and each.until > chat.now:
        when: dict[str, Value] = {"day": Day(each.until), "hour": Hour(each.until)}
        text = _NEXT.get((each.noun, each.state)) or _NEXT.get(each.noun, "")
        if text:
            chat.say(text, **{name: value for name, value in when.items() if f"{{{name}}}" in text})
    for way in _WAYS[each.noun]:
        if (not way.states or each.state in way.states) and _leads_somewhere(way.entrance):
            chat.offer(way.entrance.format(about=each.about), way.text)
    chat.offer("/status", _("Back to the list"))


def _leads_somewhere(entrance: str) -> bool:
    """Whether a flow takes this link or this command."""
    letter, command = entrance.partition("_")[0], entrance.removeprefix("/")
    return any(letter == each.link or command == each.command for each in FLOWS.values())


def _state(chat: Chat, each: Participation) -> str:
    return chat.t(STATES[each.noun, each.state])


async def _lead_on(chat: Chat) -> str:
    """Offer what is open; what to say above it."""
    found = await open_now.open_now(chat.db, chat.commune, chat.now)
    shown = sorted((each for each in FLOWS.values() if 0 < each.in_menu < 30), key=lambda each: each.in_menu)
    for each in shown:
        if each.name.partition(".")[0] in found:
            chat.offer(f"/{each.command}", each.title)
    if {"survey", "call"} & found:
        chat.offer("/more", _("More ways to take part"))
    if chat.offers:
        return _("You have not taken part in anything yet. Here is what is open:")
    chat.offer("/topics", _("What I hear about"))
    return _("You have not taken part in anything yet, and nothing is open today.")
