"""At the door: tickets checked in, by their number or by the square that a telephone reads."""

from flows.chat import Chat, Stop
from flows.registry import MODERATORS, deed, flow
from locales import _
from locales.values import Code, Day, Hour
from storage import attendance, codes
from storage.attendance import CameAlready, NoSeat, NotNow, Ticket


@flow(
    "workshop.checkin",
    _("Check in a ticket"),
    command="checkin",
    roles=MODERATORS,
    link="ci",
    takes="code",
    is_coded=True,
)
async def check_in(chat: Chat, code: str | None = None) -> None:
    """Whose ticket it is, and that this person is here."""
    typed = code or await chat.text("code", _("The number of the ticket?"), longest=60)
    chat.offer("/checkin", _("The next ticket"))
    ticket = await attendance.ticket(chat.db, chat.commune.id, codes.read_receipt(typed, chat.commune.receipt_prefix))
    if ticket is None:
        raise Stop(_("We know no such ticket. Read its number again, letter by letter."))
    await chat.do(
        "workshop.checkin",
        ticket.workshop.id,
        _("Check in a ticket"),
        {"receipt": ticket.registration.receipt},
    )


@deed("workshop.checkin", MODERATORS)
async def do_check_in(chat: Chat, _about: int, receipt: str) -> None:
    """This person is here."""
    ticket = await attendance.ticket(chat.db, chat.commune.id, receipt)
    if ticket is None:
        raise Stop(_("We know no such ticket. Read its number again, letter by letter."))
    try:
        count = await attendance.check_in(chat.db, chat.commune, ticket.registration.id, chat.now)
    except NotNow:
        raise Stop(
            _("This ticket is for {title}, {day} at {hour}: not for now."),
            title=chat.local(ticket.workshop.short),
            day=Day(ticket.workshop.begins, weekday=True),
            hour=Hour(ticket.workshop.begins),
        ) from None
    except NoSeat:
        raise Stop(_("{name} has no seat: on the waiting list, or cancelled."), name=ticket.name) from None
    except CameAlready:
        raise _twice(chat, ticket) from None
    chat.say(
        _("{name} is here: {title}, ticket {code}. There are now: {count}."),
        name=ticket.name,
        title=chat.local(ticket.workshop.short),
        code=Code(receipt),
        count=count,
    )


def _twice(chat: Chat, ticket: Ticket) -> Stop:
    came = ticket.registration.came or chat.now
    return Stop(
        _("This ticket was checked in already, on {day} at {hour}: {name}."),
        day=Day(came),
        hour=Hour(came),
        name=ticket.name,
    )
