"""A workshop or a meeting planned in chat, seen as people will see it before it is announced."""

from datetime import datetime, timedelta
from typing import Any

from flows import authoring, workshop_words
from flows.chat import Chat, Stop
from flows.registry import MODERATORS, deed, flow
from flows.workshop_words import KINDS, NEEDS
from locales import _
from locales.values import Day, Hour, Value
from storage import workshops
from storage.registrations import Card
from storage.seats import Room
from storage.workshops import PLANNED, Workshop

_ACCESS = ("step_free", "child_care", "sign_language")
_MOST_SEATS, _MOST_HOURS = 5000, 12


@flow("workshop.plan", creates=_("A workshop or a meeting"), roles=MODERATORS)
async def plan(chat: Chat) -> None:
    """Its kind, when, where, for how many; then a look at it, and its announcement."""
    kind = await chat.choose("kind", _("What is it?"), list(KINDS), lambda each: chat.t(KINDS[each]))
    title = await authoring.both(chat, "title", _("The title in French:"), _("The title in Arabic or Darija:"))
    short = await authoring.brief(chat, title)
    begins = await authoring.moment(chat, "begins", _("When does it begin? For example {example}."))
    hours = await authoring.amount(chat, "hours", _("How many hours does it last?"), 1, _MOST_HOURS)
    place = await authoring.both(chat, "place", _("Where, in French?"), _("The same in Arabic or Darija:"))
    seats = await authoring.amount(chat, "seats", _("How many seats are there?"), 1, _MOST_SEATS)
    access = await chat.several(
        "access", lambda _ticked: chat.t(_("What is there? Tick it.")), _ACCESS, lambda n: chat.t(NEEDS[n]), 0, 3
    )
    texts = {"kind": kind, "title": title, "short": short, "place": place, "audience": {}, "capacity": seats}
    args: dict[str, Any] = {**texts, **{name: name in access for name in _ACCESS}}
    moments = {"begins": begins, "ends": begins + timedelta(hours=hours)}
    chat.say("{card}", card=_seen(chat, args, moments))
    if not await chat.review(
        "sure",
        _("People will see it so. Announce it?"),
        yes=_("Announce it"),
        corrections={
            "title_fr": _("Correct the title"),
            "title_ar": _("The Arabic title"),
            "begins": _("Correct the day"),
            "place_fr": _("Correct the place"),
            "seats": _("Correct the seats"),
        },
    ):
        raise Stop(_("Nothing was recorded."))
    args |= {name: moment.isoformat() for name, moment in moments.items()}
    when: dict[str, Value] = {"day": Day(begins), "hour": Hour(begins)}
    await chat.do("workshop.plan", 0, _("Announce {title}: {day}, {hour}"), args, title=chat.local(short), **when)


def _seen(chat: Chat, args: dict[str, Any], moments: dict[str, datetime]) -> Any:
    """As the card will be: of a row that is not kept."""
    planned = Workshop(**args, **moments, map=None, state=PLANNED)
    return workshop_words.lines(chat, Card(planned, Room(args["capacity"], 0, 0), None))


@deed("workshop.plan", MODERATORS, notes=("begins", "capacity"))
async def do_plan(chat: Chat, _about: int, begins: str, ends: str, **values: Any) -> None:
    """Announce it."""
    moments = {"begins": datetime.fromisoformat(begins), "ends": datetime.fromisoformat(ends)}
    if moments["begins"] <= chat.now:
        raise Stop(_("It would have begun already. Nothing was recorded."))
    id = await workshops.plan(chat.db, chat.commune.id, **values, **moments)
    chat.say(_("It is announced. People can register; /workshop shows who comes."))
    chat.offer(f"w_{id}", _("See it as people do"))
