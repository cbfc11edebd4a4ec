"""One's own registration: the ticket again, a seat that is kept taken or left, a seat given back."""

from flows import workshop_words
from flows.chat import Chat, Stop
from flows.registry import flow
from locales import _
from storage import registrations, workshops
from storage.occasions import Closed
from storage.registrations import HoldOver
from storage.seats import HELD, SEATED, WAITING
from storage.workshops import Workshop


@flow("workshop.ticket", link="wt", takes="workshop")
async def ticket(chat: Chat, workshop: int) -> None:
    """The ticket once more."""
    there = await _workshop(chat, workshop)
    mine = await registrations.own(chat.db, workshop, chat.citizen.id)
    if mine is None or mine.state != SEATED or not there.is_open(chat.now):
        raise Stop(_("You have no ticket for this workshop."))
    workshop_words.hand_out(chat, there, mine.receipt)


@flow("workshop.take", link="wy", takes="workshop")
async def take(chat: Chat, workshop: int) -> None:
    """Take the seat that is kept."""
    there = await _workshop(chat, workshop)
    try:
        mine = await registrations.take(chat.db, chat.commune, workshop, chat.citizen.id, chat.now)
    except HoldOver:
        chat.offer(f"w_{workshop}", _("See the workshop"))
        raise Stop(_("This seat has gone to the next person. You can register again.")) from None
    chat.say(
        _("You are registered for {title}: {day} at {hour}, {place}. We will remind you."),
        **workshop_words.when(chat, there),
    )
    workshop_words.hand_out(chat, there, mine.receipt)


@flow("workshop.leave", link="wn", takes="workshop")
async def leave(chat: Chat, workshop: int) -> None:
    """Leave the seat that is kept to the next in line."""
    mine = await registrations.own(chat.db, workshop, chat.citizen.id)
    if mine is None or mine.state != HELD:
        raise Stop(_("No seat is kept for you there now."))
    await _give_back(chat, workshop)
    chat.say(_("Thank you for the answer. The seat goes to the next person."))


@flow(
    "workshop.cancel",
    _("Cancel my seat"),
    word="workshop_cancel",
    intents=("workshop_cancel",),
    is_obeyed=True,
    link="wx",
    takes="workshop",
)
async def cancel(chat: Chat, workshop: int | None = None) -> None:
    """Give a seat or a place in line back."""
    mine = await registrations.active(chat.db, chat.citizen.id, chat.now)
    if not mine:
        raise Stop(_("You have no seat that could be cancelled."))
    chosen = await chat.choose(
        "workshop",
        _("Which workshop will you not come to?"),
        mine,
        label=lambda each: chat.local(each.workshop.short),
        preset=workshop or (mine[0].id if len(mine) == 1 else None),
        gone=_("You have no seat there any more."),
    )
    if not await chat.confirm(
        "sure",
        _("{title}, {day} at {hour}: leave the waiting list?")
        if chosen.mine.state == WAITING
        else _("{title}, {day} at {hour}: shall we give your seat to somebody else?"),
        yes=_("Yes, cancel it"),
        no=_("No, keep it"),
        **{key: value for key, value in workshop_words.when(chat, chosen.workshop).items() if key != "place"},
    ):
        raise Stop(_("You keep it. Nothing has changed."))
    await _give_back(chat, chosen.id)
    chat.say(_("It is cancelled. Thank you for telling us: somebody else can come."))
    chat.offer("/workshops", _("Workshops"))


async def _give_back(chat: Chat, workshop: int) -> None:
    try:
        await registrations.cancel(chat.db, chat.commune, workshop, chat.citizen.id, chat.now)
    except Closed:
        raise Stop(_("You have no seat there any more.")) from None


async def _workshop(chat: Chat, id: int) -> Workshop:
    found = await workshops.find(chat.db, chat.commune.id, id)
    if found is None:
        raise Stop(_("This link leads to nothing any more."))
    return found
