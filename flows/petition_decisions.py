"""The next step of a petition: what belongs to it is asked, it is shown before it is done, those concerned are told."""

from datetime import date

from flows import petition_words
from flows.chat import Chat, Stop
from flows.registry import COORDINATORS, deed, flow
from locales import _
from locales.values import Month, Value, Written
from storage import petition_moves, petition_times, petitions
from storage.petition_moves import MOVES, REFUSALS, MovedAlready, Step, TooFewSigned
from storage.petitions import ACCEPTED, DEPOSITED, READY, REFUSED, Petition


@flow("petition.move", roles=COORDINATORS)
async def move(chat: Chat, petition: int, state: str) -> None:
    """Bring a petition to its next step."""
    found = await petition_words.public(chat, petition)
    if state not in MOVES[found.status]:
        raise _moved()
    signed = found.signed_elsewhere + await petitions.listed(chat.db, found.id)
    if state == READY and signed < (found.threshold or 0):
        raise _too_few(found, signed)
    reasons = await _reasons(chat) if state == REFUSED else []
    session = await _session(chat) if state == ACCEPTED else None
    note = await _note(chat, state)
    details = _details(chat, reasons, session, note)
    if state == DEPOSITED and signed < (found.threshold or 0):
        careful = _("Careful: {signed} of {threshold} signatures are entered.")
        details.insert(0, chat.t(careful, signed=signed, threshold=found.threshold or 0))
    values: dict[str, Value] = {
        "title": chat.local(found.title),
        "was": Written(chat.t(petition_words.STATES[found.status])),
        "state": Written(chat.t(petition_words.STATES[state])),
        "details": Written("\n".join(details)),
    }
    corrections = {"reasons": _("Correct: reasons"), "session": _("Correct: session"), "note": _("Write it again")}
    if not await chat.review(
        "sure",
        _("“{title}”: {was} → {state}\n{details}\nWho started it and all who follow are told. Do it?"),
        yes=_("Yes, do it"),
        corrections=corrections,
        **values,
    ):
        raise Stop(_("Nothing was recorded."))
    args = {
        "was": found.status,
        "state": state,
        "reasons": reasons,
        "session": session.isoformat() if session else None,
        "note": {chat.texts.language: note} if note else {},
    }
    await chat.do("petition.move", found.id, _("“{title}”: {was} → {state}\n{details}"), args, **values)


async def _note(chat: Chat, state: str) -> str:
    if state == REFUSED:
        return await chat.text("note", _("Write the reasons of the bureau: everybody reads them."), longest=1000)
    if await chat.confirm("more", _("Will you add a word that everybody reads?")):
        return await chat.text("note", _("Write it: everybody reads it as it is."), longest=1000)
    return ""


async def _reasons(chat: Chat) -> list[str]:
    return await chat.several(
        "reasons",
        lambda _ticked: chat.t(_("For which reasons? Everybody reads them.")),
        REFUSALS,
        label=lambda code: chat.t(petition_words.REFUSALS[code][0]),
        least=1,
        most=len(REFUSALS),
    )


async def _session(chat: Chat) -> date:
    months = petition_times.sessions(chat.commune, chat.now)
    chosen = await chat.choose(
        "session",
        _("For which ordinary session of the council?"),
        [month.isoformat() for month in months],
        label=lambda month: chat.t("{month}", month=Month(date.fromisoformat(month))),
    )
    return date.fromisoformat(chosen)


def _details(chat: Chat, reasons: list[str], session: date | None, note: str) -> list[str]:
    lines = [f"• {chat.t(petition_words.REFUSALS[code][1])}" for code in reasons]
    if session:
        lines.append(chat.t(_("Session of the council: {month}."), month=Month(session)))
    if note:
        lines.append(chat.t("{note}", note=note))
    return lines


@deed("petition.move", COORDINATORS, notes=("was", "state", "reasons", "session"))
async def do_move(
    chat: Chat, about: int, was: str, state: str, reasons: list[str], session: str | None, note: dict[str, str]
) -> None:
    """Do it; who is concerned hears of it."""
    month = date.fromisoformat(session) if session else None
    step = Step(was, state, chat.citizen.id, tuple(reasons), note, month)
    try:
        done = await petition_moves.move(chat.db, chat.commune, about, step, chat.now)
    except MovedAlready:
        raise _moved() from None
    except TooFewSigned:
        found = await petition_words.public(chat, about)
        raise _too_few(found, found.signed_elsewhere + await petitions.listed(chat.db, about)) from None
    chat.say(_("Recorded: {state}."), state=Written(chat.t(petition_words.STATES[state])))
    petition_words.explained(chat, done)
    chat.offer("/petition", _("Back to the list"))


def _moved() -> Stop:
    return Stop(_("A colleague has moved this petition meanwhile. Look at it again."))


def _too_few(petition: Petition, signed: int) -> Stop:
    return Stop(
        _("Only {signed} of the {threshold} signatures are entered. Enter the signed list first."),
        signed=signed,
        threshold=petition.threshold or 0,
    )
