"""Workshops in the hands of the staff: figures, another date or place, more seats, cancelled, minutes, the sheet."""

import re
from collections.abc import Awaitable, Callable

from flows import authoring, workshop_words
from flows.chat import Chat
from flows.questions import Refused
from flows.registry import COORDINATORS, MODERATORS, flow
from flows.workshop_words import NEEDS
from locales import _, n_
from locales.values import Day, Hour, Value, Written
from storage import attendance, registrations, waking_hours, workshops
from storage.registrations import Card
from storage.workshops import PLANNED, Workshop

_ACTS = {
    "sheet": _("Attendance sheet"),
    "list": _("List as spreadsheet"),
    "checkin": _("Check in a ticket"),
    "move": _("Another date"),
    "relocate": _("Another place"),
    "resize": _("Number of seats"),
    "off": _("Cancel it"),
    "minutes": _("Send the minutes"),
}
_MOST_SEATS = 5000
_SURE = n_("{count} person is told. Shall we do it?", "{count} people are told. Shall we do it?")


@flow("workshop.manage", _("Workshops: lists, changes"), command="workshop", roles=MODERATORS)
async def manage(chat: Chat) -> None:
    """Choose a workshop, see its figures, and what to do with it."""

    async def find(id: int) -> Workshop | None:
        return await workshops.find(chat.db, chat.commune.id, id)

    workshop = await chat.browse(
        "workshop",
        _("Which workshop?"),
        lambda offset, limit: workshops.latest(chat.db, chat.commune.id, offset, limit),
        find,
        lambda each: chat.local(each.short),
        none=_("There is no workshop yet."),
    )
    card = await registrations.card(chat.db, workshop, chat.citizen.id)
    await _show(chat, card)
    act = await chat.choose(
        "act",
        _("What shall we do?"),
        _acts(chat, workshop),
        label=lambda act: chat.t(_ACTS[act]),
        gone=_("This workshop has changed meanwhile. Choose again."),
    )
    await _DO[act](chat, card)


def _acts(chat: Chat, workshop: Workshop) -> list[str]:
    """What this person can do with it as it is now."""
    if workshop.state != PLANNED:
        return ["sheet", "list"]
    acts = ["sheet", "list", "checkin"]
    if chat.citizen.role in COORDINATORS:
        acts += ["move", "relocate", "resize", "off"] if workshop.is_open(chat.now) else ["minutes"]
    return acts


async def _show(chat: Chat, card: Card) -> None:
    figures = await attendance.figures(chat.db, card.workshop)
    chat.say("{card}", card=workshop_words.lines(chat, card))
    said = [
        chat.t(
            _("Seats: {taken} of {capacity}. Waiting: {waiting}. Were there: {came}."),
            taken=card.room.taken,
            capacity=card.room.capacity,
            waiting=card.room.waiting,
            came=figures.came,
        )
    ]
    if figures.needs:
        needs = (f"{chat.t(NEEDS[need])} {count}" for need, count in figures.needs.items())
        said.append(chat.t(_("Needs: {needs}"), needs=Written(" · ".join(needs))))
    if figures.ratings:
        said.append(
            chat.t(
                n_("Useful: {mean} of 5 ({count} answer).", "Useful: {mean} of 5 ({count} answers)."),
                mean=f"{figures.mean:.1f}",
                count=sum(figures.ratings.values()),
            )
        )
    if card.workshop.state != PLANNED:
        said.append(chat.t(_("This workshop is cancelled.")))
    chat.say("{lines}", lines=Written("\n".join(said)))


async def _sheet(chat: Chat, card: Card) -> None:
    await chat.do("workshop.sheet", card.workshop.id, _("Attendance sheet"), {})


async def _list(chat: Chat, card: Card) -> None:
    await chat.do("workshop.list", card.workshop.id, _("List as spreadsheet"), {})


@flow("workshop.guests", roles=MODERATORS, link="wl", takes="workshop")
async def guests(chat: Chat, workshop: int) -> None:
    """The list of one, as the tally leads to it."""
    await chat.do("workshop.list", workshop, _("List as spreadsheet"), {})


async def _check_in(chat: Chat, _card: Card) -> None:
    chat.then("workshop.checkin")


async def _move(chat: Chat, card: Card) -> None:
    typed = await authoring.moment(chat, "begins", _("When does it begin now? For example {example}."))
    begins = waking_hours.at_the_hour_of(card.workshop.begins, typed)
    values: dict[str, Value] = {
        "title": chat.local(card.workshop.short),
        "day": Day(begins, weekday=True),
        "hour": Hour(begins),
    }
    chat.say(_("{title}: now on {day} at {hour}, as long as before."), **values)
    await authoring.sure(chat, _SURE, count=card.room.taken + card.room.waiting)
    summary = _("Move {title} to {day}, {hour}")
    await chat.do("workshop.move", card.workshop.id, summary, {"begins": begins.isoformat()}, **values)


async def _relocate(chat: Chat, card: Card) -> None:
    place = await authoring.both(chat, "place", _("The new place, in French:"), _("The same in Arabic or Darija:"))
    link = await chat.text("map", _("A link to a map?"), longest=200, read_as=_link, skip=_("Skip this question"))
    title = chat.local(card.workshop.short)
    chat.say(_("{title}: now at {place}."), title=title, place=chat.local(place))
    await authoring.sure(chat, _SURE, count=card.room.taken + card.room.waiting)
    args = {"place": place, "map": link or None}
    await chat.do("workshop.relocate", card.workshop.id, _("Move {title} to another place"), args, title=title)


def _link(typed: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"]+", typed):
        raise Refused(_("A link begins with https:// and has no spaces."))
    return typed


async def _resize(chat: Chat, card: Card) -> None:
    least = max(1, card.room.taken)
    seats = await authoring.amount(chat, "seats", _("How many seats are there now?"), least, _MOST_SEATS)
    title = chat.local(card.workshop.short)
    text = _("{title}: {seats} seats in place of {before}. Those next in line are told. Shall we do it?")
    await authoring.sure(chat, text, title=title, seats=seats, before=card.room.capacity)
    summary = _("{title}: {seats} seats")
    await chat.do("workshop.resize", card.workshop.id, summary, {"seats": seats}, title=title, seats=seats)


async def _off(chat: Chat, card: Card) -> None:
    title = chat.local(card.workshop.short)
    chat.say(_("{title} does not take place. This cannot be undone."), title=title)
    await authoring.sure(chat, _SURE, count=card.room.taken + card.room.waiting)
    await chat.do("workshop.off", card.workshop.id, _("Cancel the workshop {title}"), {}, title=title)


async def _minutes(chat: Chat, card: Card) -> None:
    sent = await chat.given(
        "minutes",
        _("Write the minutes, or send a document or a photo. Everybody can read them: no names, please."),
        "document",
        "photo",
        longest=3000,
    )
    await authoring.sure(chat, _SURE, count=card.room.taken)
    args = {"words": sent.text, "kind": sent.kind, "media": sent.media, "by": chat.citizen.id}
    args["language"] = chat.texts.language
    title = chat.local(card.workshop.short)
    await chat.do("workshop.minutes", card.workshop.id, _("Send the minutes of {title}"), args, title=title)


_DO: dict[str, Callable[[Chat, Card], Awaitable[None]]] = {
    "sheet": _sheet,
    "list": _list,
    "checkin": _check_in,
    "move": _move,
    "relocate": _relocate,
    "resize": _resize,
    "off": _off,
    "minutes": _minutes,
}
