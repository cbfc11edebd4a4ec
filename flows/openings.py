"""When a survey, a council or a call is open, in the hands of the staff: open it now, close it later, close it now."""

from collections.abc import Awaitable
from datetime import datetime

from flows import authoring
from flows.chat import Chat, Stop
from flows.registry import COORDINATORS, deed, flow, notice
from locales import _
from locales.values import Day, Hour, Value
from storage import openings, responses, surveys
from storage.budget_desk import NotPossible
from storage.openings import TABLES, Opening

_ACTS = {"open": _("Open it now"), "extend": _("Close it later"), "end": _("Close it now")}
_LINKS = {"survey": "s", "body": "j", "call": "k"}
_CHANGED = _("This has changed meanwhile. Nothing was changed: look again.")


@flow("survey.manage", _("Surveys: dates"), command="survey", roles=COORDINATORS)
async def manage(chat: Chat) -> None:
    """Choose a survey, see how many have answered, and change its dates."""
    every = await surveys.every(chat.db, chat.commune.id)
    if not every:
        raise Stop(_("There is no survey yet."))
    chosen = await chat.choose("survey", _("Which one?"), every, lambda each: chat.local(each.short))
    await _change(chat, "survey", chosen, await responses.count(chat.db, chosen.id))


@flow("opening.change", roles=COORDINATORS)
async def change(chat: Chat, noun: str, about: int) -> None:
    """Change when something is open."""
    found = await openings.find(chat.db, chat.commune.id, noun, about)
    if found is None:
        raise Stop(_("This link leads to nothing any more."))
    await _change(chat, noun, found)


async def _change(chat: Chat, noun: str, found: Opening, answers: int | None = None) -> None:
    chat.say("<b>{title}</b>", title=chat.local(found.title))
    if answers is not None:
        chat.say(_("Answers: {count}. Figures: /tally."), count=answers)
    when: dict[str, Value] = {"opens": Day(found.opens), "from_hour": Hour(found.opens)}
    when |= {"closes": Day(found.closes), "to_hour": Hour(found.closes)}
    chat.say(_("Opens: {opens}, {from_hour}. Closes: {closes}, {to_hour}."), **when)
    if found.closes <= chat.now:
        return
    acts = ["open", "extend"] if found.opens > chat.now else ["extend", "end"]
    act = await chat.choose("act", _("What shall we do?"), acts, lambda each: chat.t(_ACTS[each]), gone=_CHANGED)
    title: dict[str, Value] = {"title": chat.local(found.title)}
    if act == "extend":
        closes = await authoring.moment(chat, "closes", _("Until when is it open? For example {example}."), last=True)
        if closes <= found.closes:
            raise Stop(_("It is open until then already. Nothing was changed."))
        until: dict[str, Value] = {"day": Day(closes), "hour": Hour(closes)}
        await authoring.sure(chat, _("It closes on {day}, {hour}. Those concerned are told. Do it?"), **until)
        args = {"noun": noun, "closes": closes.isoformat()}
        await chat.do(f"{noun}.extend", found.id, _("{title}: open until {day}, {hour}"), args, **title, **until)
    elif act == "end":
        await authoring.sure(
            chat, _("Nobody can take part any more, for good. Those concerned are told. Close it now?")
        )
        await chat.do(f"{noun}.end", found.id, _("Close {title} now"), {"noun": noun}, **title)
    else:
        await authoring.sure(chat, _("People can take part at once. Open it now?"))
        await chat.do(f"{noun}.open", found.id, _("Open {title} now"), {"noun": noun}, **title)


async def _open(chat: Chat, about: int, noun: str) -> None:
    await _possible(openings.open_now(chat.db, chat.commune.id, noun, about, chat.now))
    chat.say(_("It is open."))


async def _extend(chat: Chat, about: int, noun: str, closes: str) -> None:
    until = datetime.fromisoformat(closes)
    await _possible(openings.extend(chat.db, chat.commune.id, noun, about, until, chat.now))
    chat.say(_("Done: it is open until {day}, {hour}."), day=Day(until), hour=Hour(until))


async def _end(chat: Chat, about: int, noun: str) -> None:
    await _possible(openings.end(chat.db, chat.commune.id, noun, about, chat.now))
    chat.say(_("It is closed."))


async def _possible(doing: Awaitable[None]) -> None:
    try:
        await doing
    except NotPossible:
        raise Stop(_CHANGED) from None


async def _moved(chat: Chat, noun: str, about: int, occasion: str) -> None:
    """Tell those concerned when it closes now; nothing if that has changed again."""
    found = await openings.find(chat.db, chat.commune.id, noun, about)
    if found is None or found.closes != datetime.fromisoformat(occasion):
        return
    if found.closes <= chat.now:
        chat.say(_("{title} has closed."), title=chat.local(found.title))
        return
    until: dict[str, Value] = {"day": Day(found.closes), "hour": Hour(found.closes)}
    chat.say(_("{title} is open longer: until {day}, {hour}."), title=chat.local(found.title), **until)
    chat.offer(f"{_LINKS[noun]}_{about}", _("Read it"))


@notice("survey.moved")
async def survey_moved(chat: Chat, about: int, occasion: str) -> None:
    """Tell who follows a survey."""
    await _moved(chat, "survey", about, occasion)


@notice("body.moved")
async def body_moved(chat: Chat, about: int, occasion: str) -> None:
    """Tell who applied."""
    await _moved(chat, "body", about, occasion)


@notice("call.moved")
async def call_moved(chat: Chat, about: int, occasion: str) -> None:
    """Tell the associations that write for a call."""
    await _moved(chat, "call", about, occasion)


for _noun in TABLES:
    deed(f"{_noun}.open")(_open)
    deed(f"{_noun}.extend", notes=("closes",))(_extend)
    deed(f"{_noun}.end")(_end)
