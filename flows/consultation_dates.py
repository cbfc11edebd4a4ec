"""Consultations in the hands of the staff: open, close later, close; from here to the answers, versions and report."""

from collections.abc import Awaitable
from datetime import datetime

from flows import authoring
from flows.chat import Chat, Stop
from flows.registry import COORDINATORS, deed, flow
from locales import _
from locales.values import Day, Hour, Value
from storage import consultation_dates, consultations
from storage.consultations import Consultation
from storage.occasions import Closed

_ACTS = {
    "open": _("Open it now"),
    "extend": _("Close it later"),
    "close": _("Close it now"),
    "answer": _("Answer comments"),
    "publish": _("New version"),
    "report": _("The report (PDF)"),
}
_FLOWS = {"answer": "comment.answer", "publish": "article.publish", "report": "consultation.draft"}
_LATE = _("The consultation is not as it was. Nothing was changed.")


@flow("consultation.manage", _("Consultations: manage"), command="consultations", roles=COORDINATORS)
async def manage(chat: Chat) -> None:
    """Choose a consultation, and what to do with it."""
    every = await consultations.every(chat.db, chat.commune.id)
    if not every:
        raise Stop(_("There is no consultation yet."))
    only = every[0].id if len(every) == 1 else None
    asked = await chat.choose(
        "consultation", _("Which consultation?"), every, lambda each: chat.local(each.short), preset=only
    )
    chat.say("<b>{title}</b>", title=chat.local(asked.title))
    chat.say(
        _("Opens: {opens}, {from_hour}. Closes: {closes}, {to_hour}."),
        opens=Day(asked.opens),
        from_hour=Hour(asked.opens),
        closes=Day(asked.closes),
        to_hour=Hour(asked.closes),
    )
    act = await chat.choose(
        "act", _("What shall we do?"), _acts(asked, chat.now), lambda act: chat.t(_ACTS[act]), gone=_LATE
    )
    if act in _FLOWS:
        chat.then(_FLOWS[act], consultation=asked.id)
        return
    await _move(chat, asked, act)


def _acts(asked: Consultation, now: datetime) -> list[str]:
    """What can be done with it as it is now."""
    if asked.reported:
        return ["answer", "report"]
    dates = ["open", "extend"] if asked.opens > now else ["extend", *(["close"] if asked.is_open(now) else [])]
    return [*dates, "answer", "publish", "report"]


async def _move(chat: Chat, asked: Consultation, act: str) -> None:
    title: dict[str, Value] = {"title": chat.local(asked.title)}
    if act == "extend":
        closes = await authoring.moment(chat, "closes", _("Until when is it open? For example {example}."), last=True)
        if closes <= max(asked.closes, chat.now):
            raise Stop(_("It is open until then already. Nothing was changed."))
        when: dict[str, Value] = {"day": Day(closes), "hour": Hour(closes)}
        await authoring.sure(chat, _("It closes on {day}, {hour}. Those who took part are told. Do it?"), **when)
        summary, args = _("Close the consultation {title} later: {day}, {hour}"), {"closes": closes.isoformat()}
        await chat.do("consultation.extend", asked.id, summary, args, **title, **when)
    elif act == "close":
        await authoring.sure(chat, _("Nobody can comment any more. Those who took part are told. Close it now?"))
        await chat.do("consultation.close", asked.id, _("Close the consultation {title} now"), {}, **title)
    else:
        await authoring.sure(chat, _("Residents can comment at once. Open it now?"))
        await chat.do("consultation.open", asked.id, _("Open the consultation {title} now"), {}, **title)


async def _possible(deed: Awaitable[Consultation]) -> Consultation:
    try:
        return await deed
    except Closed:
        raise Stop(_LATE) from None


@deed("consultation.open")
async def do_open(chat: Chat, about: int) -> None:
    """Open it before its day."""
    await _possible(consultation_dates.begin(chat.db, chat.commune.id, about, chat.now))
    chat.say(_("The consultation is open."))


@deed("consultation.extend", notes=("closes",))
async def do_extend(chat: Chat, about: int, closes: str) -> None:
    """Let it close later."""
    until = datetime.fromisoformat(closes)
    await _possible(consultation_dates.move_end(chat.db, chat.commune.id, about, until, chat.now))
    chat.say(_("The consultation closes on {day}, {hour}."), day=Day(until), hour=Hour(until))


@deed("consultation.close")
async def do_close(chat: Chat, about: int) -> None:
    """Close it before its day."""
    await _possible(consultation_dates.end(chat.db, chat.commune.id, about, chat.now))
    chat.say(_("The consultation is closed."))
