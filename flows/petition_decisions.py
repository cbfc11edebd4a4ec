"""What staff do to a petition: the next step, the signed count, supporters whose card they saw."""

import re
from datetime import date

from flows import petition_words
from flows.chat import Chat, Stop
from flows.questions import Refused
from flows.registry import COORDINATORS, MODERATORS, deed, flow
from locales import _, n_
from locales.values import Month, Value, Written
from locales.words import digits
from storage import codes, petition_desk, petition_moves, petition_times, petitions, supports
from storage.petition_moves import MOVES, REFUSALS, MovedAlready, Step, TooFewSigned
from storage.petitions import ACCEPTED, COUNTED, DEPOSITED, READY, REFUSED, Petition

_MOST = 1_000_000  # signatures: more than any commune has residents


async def _public(chat: Chat, id: int) -> Petition:
    found = await petitions.find(chat.db, chat.commune, id)
    if found is None:
        raise Stop(_("This petition does not exist any more."))
    return found


@flow("petition.move", roles=COORDINATORS)
async def move(chat: Chat, petition: int, state: str) -> None:
    """Bring a petition to its next step."""
    found = await _public(chat, petition)
    if state not in MOVES[found.status]:
        raise _moved()
    if state == READY and found.signed < (found.threshold or 0):
        raise _too_few(found)
    reasons = await _reasons(chat) if state == REFUSED else []
    session = await _session(chat) if state == ACCEPTED else None
    note = ""
    if state == REFUSED:
        note = await chat.text("note", _("Write the reasons of the bureau: everybody reads them."), longest=1000)
    elif await chat.confirm("more", _("Will you add a word that everybody reads?")):
        note = await chat.text("note", _("Write it: everybody reads it as it is."), longest=1000)
    values = _said(chat, found, state, reasons, session, note)
    corrections = {"reasons": _("Correct: reasons"), "session": _("Correct: session"), "note": _("Write it again")}
    if not await chat.review(
        "sure",
        _("“{title}”: {was} → {state}\n{details}\nWho started it and all who follow are told. Do it?"),
        yes=_("Do it"),
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


def _said(
    chat: Chat, petition: Petition, state: str, reasons: list[str], session: date | None, note: str
) -> dict[str, Value]:
    lines = [f"• {chat.t(petition_words.REFUSALS[code][1])}" for code in reasons]
    if session:
        lines.append(chat.t(_("Session of the council: {month}."), month=Month(session)))
    if state == DEPOSITED and petition.signed < (petition.threshold or 0):
        lines.append(
            chat.t(
                _("Careful: {signed} of {threshold} signatures are entered."),
                signed=petition.signed,
                threshold=petition.threshold or 0,
            )
        )
    if note:
        lines.append(chat.t("{note}", note=note))
    return {
        "title": chat.local(petition.title),
        "was": Written(chat.t(petition_words.STATES[petition.status])),
        "state": Written(chat.t(petition_words.STATES[state])),
        "details": Written("\n".join(lines)),
    }


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
        raise _too_few(await _public(chat, about)) from None
    chat.say(_("Recorded: {state}."), state=Written(chat.t(petition_words.STATES[state])))
    petition_words.explained(chat, done)
    chat.offer("/petition", _("Back to the list"))


def _moved() -> Stop:
    return Stop(_("A colleague has moved this petition meanwhile. Look at it again."))


def _too_few(petition: Petition) -> Stop:
    return Stop(
        _("Only {signed} of the {threshold} signatures are entered. Enter the signed list first."),
        signed=petition.signed,
        threshold=petition.threshold or 0,
    )


@flow("petition.count", roles=COORDINATORS)
async def count(chat: Chat, petition: int) -> None:
    """Enter how many have signed."""
    found = await _public(chat, petition)
    if found.status not in COUNTED:
        raise Stop(_("The signed list of this petition is closed."))
    typed = await chat.text(
        "signed",
        _("How many have signed in all, by hand and on the national portal? Until now: {signed}."),
        longest=20,
        read_as=_number,
        signed=found.signed,
    )
    if not await chat.review(
        "sure",
        _("“{title}”: {was} → {signed} signatures in all. Is it right?"),
        yes=_("Confirm"),
        corrections={"signed": _("Write it again")},
        title=chat.local(found.title),
        was=found.signed,
        signed=int(typed),
    ):
        raise Stop(_("Nothing was recorded."))
    args = {"was": found.signed, "signed": int(typed)}
    summary = _("“{title}”: {signed} signatures in all")
    await chat.do("petition.count", found.id, summary, args, title=chat.local(found.title), signed=int(typed))


def _number(typed: str) -> str:
    figures = re.sub(r"[\s.,]", "", digits(typed))
    if not figures.isdecimal() or int(figures[:9]) > _MOST:
        raise Refused(_("Write a whole number, such as 247."))
    return str(int(figures))


@deed("petition.count", COORDINATORS, notes=("was", "signed"))
async def do_count(chat: Chat, about: int, was: int, signed: int) -> None:
    """Enter it."""
    if not await petition_desk.count_signed(chat.db, chat.commune, about, was, signed):
        raise Stop(_("A colleague has entered another number meanwhile. Look at it again."))
    chat.say(n_("Recorded: {count} signature in all.", "Recorded: {count} signatures in all."), count=signed)
    chat.offer("/petition", _("Back to the list"))


@flow("petition.check", roles=MODERATORS)
async def check(chat: Chat, petition: int) -> None:
    """Note supporters whose card was seen, by their receipts."""
    found = await _public(chat, petition)
    typed = await chat.text(
        "receipts", _("Write the receipts of those whose ID card you have seen: one or several."), longest=1000
    )
    receipts = _receipts(typed, chat.commune.receipt_prefix)
    if not receipts:
        raise Stop(_("We could not read a receipt there. They look like BM-7F3K-92XQ."))
    summary = n_("Check {count} receipt of this petition?", "Check {count} receipts of this petition?")
    if not await chat.confirm("sure", summary, count=len(receipts)):
        raise Stop(_("Nothing was recorded."))
    await chat.do("petition.check", found.id, summary, {"receipts": receipts}, count=len(receipts))


def _receipts(typed: str, prefix: str) -> list[str]:
    words = [codes.read_receipt(word, prefix) for word in re.split(r"[\s,;]+", typed) if len(word) >= 8]
    return list(dict.fromkeys(words))


@deed("petition.check", MODERATORS)
async def do_check(chat: Chat, about: int, receipts: list[str]) -> None:
    """Note them."""
    done = await supports.check(chat.db, about, receipts, chat.now)
    chat.say(n_("{count} supporter is checked now.", "{count} supporters are checked now."), count=done)
    if done < len(receipts):
        chat.say(_("The others were checked before, or are not of this petition."))
    chat.offer("/petition", _("Back to the list"))
