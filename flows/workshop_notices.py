"""What those registered for a workshop are told: a seat is free, a reminder, a change, that it is off, its minutes."""

from flows import workshop_words
from flows.chat import Chat
from flows.registry import notice
from locales import _
from locales.values import Day, Hour
from storage import attendance, registrations, workshops
from storage.seats import ACTIVE, ATTENDED, EXPIRED, HELD, SEATED, Registration
from storage.waking_hours import CASABLANCA
from storage.workshops import CALLED_OFF, PLANNED, Workshop


async def _here(chat: Chat, about: int, *states: str) -> tuple[Workshop, Registration] | None:
    """The workshop and one's own registration, if it is in one of these states still."""
    workshop = await workshops.find(chat.db, chat.commune.id, about)
    mine = await registrations.own(chat.db, about, chat.citizen.id)
    return (workshop, mine) if workshop and mine and mine.state in states else None


@notice("workshop.freed")
async def freed(chat: Chat, about: int, occasion: str) -> None:
    """A seat is kept for this person."""
    here = await _here(chat, about, HELD)
    if here is None:
        return
    workshop, mine = here
    until = mine.held_until
    if until is None or until <= chat.now or not occasion.startswith(f"{mine.position} "):
        return
    is_today = until.astimezone(CASABLANCA).date() == chat.now.astimezone(CASABLANCA).date()
    title, day = chat.local(workshop.short), Day(workshop.begins, weekday=True)
    if is_today:
        chat.say(
            _("A seat is free in {title}, {day}. Do you want it? Answer before {until}."),
            title=title,
            day=day,
            until=Hour(until),
        )
    else:
        chat.say(
            _("A seat is free in {title}, {day}. Do you want it? Answer before {until_day}, {until}."),
            title=title,
            day=day,
            until_day=Day(until),
            until=Hour(until),
        )
    chat.offer(f"wy_{about}", _("Yes, I want it"))
    chat.offer(f"wn_{about}", _("No, thank you"))


@notice("workshop.expired")
async def expired(chat: Chat, about: int, occasion: str) -> None:
    """The seat was kept long enough."""
    here = await _here(chat, about, EXPIRED)
    if here is None or str(here[1].position) != occasion:
        return
    chat.say(
        _("We had no answer about {title}: the seat went to the next person. You can register again."),
        title=chat.local(here[0].short),
    )
    chat.offer(f"w_{about}", _("See the workshop"))


@notice("workshop.reminder")
async def reminder(chat: Chat, about: int, occasion: str) -> None:
    """It takes place soon."""
    here = await _here(chat, about, SEATED)
    if here is None or not _is_of_the_date(here[0], occasion) or here[0].begins <= chat.now:
        return
    chat.say(
        _(
            "Reminder: {title}, {day} at {hour}, {place}.\n"
            "You cannot come? Write “cancel workshop”, so that somebody else has the seat."
        ),
        **workshop_words.when(chat, here[0]),
    )
    chat.offer(f"wt_{about}", _("My ticket"))
    chat.offer(f"wx_{about}", _("Cancel my seat"))


def _is_of_the_date(workshop: Workshop, occasion: str) -> bool:
    """Whether it was planned for the date as it is now."""
    return workshop.state == PLANNED and occasion.endswith(workshop.date)


@notice("workshop.changed")
async def changed(chat: Chat, about: int, occasion: str) -> None:
    """Another date or place; of two changes the later says all."""
    here = await _here(chat, about, *ACTIVE)
    if here is None or here[0].state != PLANNED or str(here[0].changes) != occasion:
        return
    chat.say(
        _("Changed: {title} is now on {day} at {hour}, {place}. If you cannot come, cancel your seat."),
        **workshop_words.when(chat, here[0]),
    )
    chat.offer(f"w_{about}", _("See the workshop"))
    chat.offer(f"wx_{about}", _("Cancel my seat"))


@notice("workshop.off")
async def off(chat: Chat, about: int, _occasion: str) -> None:
    """It does not take place."""
    here = await _here(chat, about, *ACTIVE)
    if here is None or here[0].state != CALLED_OFF:
        return
    chat.say(
        _("{title}, {day}, is cancelled. We are sorry. You need not do anything."),
        title=chat.local(here[0].short),
        day=Day(here[0].begins, weekday=True),
    )
    chat.offer("/workshops", _("Workshops"))


@notice("workshop.ended", is_asked=False)
async def ended(chat: Chat, about: int, occasion: str) -> None:
    """It is over: how was it?"""
    here = await _here(chat, about, SEATED, ATTENDED)
    if here is None or not _is_of_the_date(here[0], occasion) or here[1].rating is not None:
        return
    if await attendance.was_there(chat.db, here[1]):
        chat.say(_("Thank you for coming to {title}. How was it?"), title=chat.local(here[0].short))
        chat.offer(f"we_{about}", _("Say how it was"))


@notice("workshop.minutes")
async def minutes(chat: Chat, about: int, _occasion: str) -> None:
    """Its minutes are there."""
    here = await _here(chat, about, SEATED, ATTENDED)
    if here is None or not here[0].has_minutes:
        return
    chat.say(_("The minutes of {title} are here."), title=chat.local(here[0].short))
    chat.offer(f"wm_{about}", _("Read the minutes"))
