"""Receipts: look up what a code stands for."""

from flows.chat import Chat, Stop
from flows.registry import flow
from locales import _
from locales.values import Code, Day
from storage import codes, receipts
from storage.receipts import OfBallot, OfSupport


@flow("receipt", _("My receipts"), command="receipt", word="receipt", in_menu=30)
async def look_up(chat: Chat) -> None:
    """What a receipt stands for; one's own declarations of support can be chosen from a list."""
    mine = await receipts.of_supports(chat.db, chat.citizen)
    for each in mine[:10]:
        chat.say(
            "{receipt} · {title} · {day}",
            receipt=Code(each.support.receipt, copyable=True),
            title=chat.local(each.petition.short),
            day=Day(each.support.declared),
        )
    typed = await chat.text(
        "code", _("Write the number of your receipt, like {example}."), longest=60, example=Code("BM-7F3K-92XQ")
    )
    match await receipts.find(chat.db, chat.citizen, codes.read_receipt(typed, chat.commune.receipt_prefix)):
        case OfSupport(support, petition):
            chat.say(
                _(
                    "You declared your support for “{title}” on {day}. It is counted. "
                    "Last day of the petition: {closes}."
                ),
                title=chat.local(petition.title),
                day=Day(support.declared),
                closes=Day(petition.closes),
            )
        case OfBallot(budget, day):
            chat.say(
                _(
                    "This ballot is counted in “{title}”; it was first cast on {day}. "
                    "The receipt does not tell what was chosen."
                ),
                title=chat.local(budget.title),
                day=Day(day),
            )
        case None:
            raise Stop(_("We know no receipt with this number among yours. Check it letter by letter."))
