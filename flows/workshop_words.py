"""A workshop as it is written: when and where, how one gets in, what is left, one's own ticket."""

from typing import Any

from flows.chat import Chat
from locales import _, n_
from locales.values import Code, Day, Hour, Value, Written
from reports import tickets
from storage import waking_hours
from storage.registrations import Card
from storage.seats import ATTENDED, HELD, SEATED, WAITING, Registration
from storage.workshops import PLANNED, Workshop

KINDS = {
    "training": _("Training"),
    "consultation": _("Consultation meeting"),
    "meeting": _("Meeting"),
    "visit": _("Visit"),
}
NEEDS = {
    "step_free": _("Step-free access"),
    "child_care": _("Child care"),
    "sign_language": _("Sign language"),
    "other": _("Something else"),
}

IN_LINE = n_("You are number {count} on the waiting list.", "You are number {count} on the waiting list.")


def when(chat: Chat, workshop: Workshop) -> dict[str, Value]:
    """What a text about it may name: title, day, hour, place."""
    return {
        "title": chat.local(workshop.short),
        "day": Day(workshop.begins, weekday=True),
        "hour": Hour(workshop.begins),
        "place": chat.local(workshop.place),
    }


def lines(chat: Chat, card: Card) -> Written:
    """All that the card says."""
    workshop = card.workshop
    kind, audience = chat.t(KINDS[workshop.kind]), chat.local(workshop.audience)
    parts = [
        chat.t("<b>{title}</b>", title=chat.local(workshop.title)),
        chat.t(_("{kind}, for: {audience}"), kind=kind, audience=audience) if audience else kind,
        _hours(chat, workshop),
        chat.t(_("Place: {place}"), place=chat.local(workshop.place)),
        *([chat.t(_("Map: {link}"), link=Code(workshop.map))] if workshop.map else []),
        *access(chat, workshop),
        *_left(chat, card),
    ]
    return Written("\n".join(parts))


def _hours(chat: Chat, workshop: Workshop) -> str:
    first, last = (moment.astimezone(waking_hours.CASABLANCA).date() for moment in (workshop.begins, workshop.ends))
    says = _("{day}, from {hour} to {end}") if first == last else _("From {day}, {hour}, to {last}, {end}")
    values: dict[str, Value] = {"day": Day(first, weekday=True), "hour": Hour(workshop.begins)}
    values |= {"end": Hour(workshop.ends)} | ({} if first == last else {"last": Day(last, weekday=True)})
    return chat.t(says, **values)


def access(chat: Chat, workshop: Workshop) -> list[str]:
    """A line that says how one gets in, or none."""
    there = [chat.t(NEEDS[name]) for name in ("step_free", "child_care", "sign_language") if getattr(workshop, name)]
    return [chat.t(_("There is: {access}"), access=Written(" · ".join(there)))] if there else []


def _left(chat: Chat, card: Card) -> list[str]:
    room = card.room
    if not card.workshop.is_open(chat.now):
        return []
    if not room.free and not room.waiting:
        return [chat.t(_("Full."))]
    if room.free:
        return [chat.t(n_("{count} seat is left.", "{count} seats are left."), count=room.free)]
    return [
        chat.t(
            n_("Full. {count} person is on the waiting list.", "Full. {count} people are on the waiting list."),
            count=room.waiting,
        )
    ]


def standing(chat: Chat, card: Card) -> str:
    """Where this citizen's registration stands, or why there can be none; nothing where one can register."""
    workshop, mine = card.workshop, card.mine
    if workshop.state != PLANNED:
        return chat.t(_("This workshop is cancelled."))
    if mine and mine.state == ATTENDED:
        return chat.t(_("You were there. Thank you."))
    if not workshop.is_open(chat.now):
        return chat.t(_("This workshop has begun or is over: registration is closed."))
    return _own(chat, mine, card.ahead) if mine else ""


def _own(chat: Chat, mine: Registration, ahead: int) -> str:
    if mine.state == SEATED:
        return chat.t(_("You are registered. Your ticket: {receipt}"), receipt=Code(mine.receipt, copyable=True))
    if mine.state == WAITING:
        return chat.t(IN_LINE, count=ahead + 1)
    until = mine.held_until
    if mine.state != HELD or until is None or until <= chat.now:
        return ""
    return chat.t(_("A seat is kept for you until {day}, {hour}. Do you want it?"), day=Day(until), hour=Hour(until))


def hand_out(chat: Chat, workshop: Workshop, receipt: str) -> None:
    """The date for one's calendar, and the ticket."""
    event: dict[str, Any] = {
        "uid": f"{chat.commune.slug}-{workshop.id}",
        "title": chat.local(workshop.title),
        "begins": workshop.begins.isoformat(),
        "ends": workshop.ends.isoformat(),
        "place": chat.local(workshop.place),
        "map": workshop.map,
        "version": workshop.changes,
        "written": chat.now.isoformat(),
        "commune": chat.local(chat.commune.name),
    }
    chat.document(f"{workshop.slug}.ics", {"calendar": event}, _("For your calendar."))
    chat.picture(
        {"ticket": {"says": tickets.says(chat.commune, receipt)}},
        _("Your ticket: {receipt}. Show this picture or this number at the entrance."),
        receipt=Code(receipt, copyable=True),
    )
