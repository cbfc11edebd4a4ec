"""Erasure by the staff, for who asked for it at the desk: what goes and what stays, then at two people's word."""

from flows.chat import Chat, Stop
from flows.registry import COORDINATORS, deed, flow, notice
from locales import _, n_, texts
from locales.values import Code, Day, Written
from storage import erasures

NAMES = {  # a table more is a line more
    "support": _("Support petitions"),
    "petition_draft": _("Start a petition"),
    "thread": _("Messages"),
    "comment": _("Comments"),
    "registration": _("Workshops"),
    "survey_response": _("Surveys"),
    "application": _("Applications"),
    "contribution": _("Opinions of the equality body"),
    "idea": _("Ideas for the budget"),
    "submission": _("Calls for projects"),
    "media": _("Photos, voice notes, files"),
}


@flow("erasure", roles=COORDINATORS)
async def erase(chat: Chat, receipt: str) -> None:
    """Say how much is kept of whoever has this receipt, and erase it."""
    person = await erasures.whose(chat.db, chat.commune.id, receipt)
    if person is None:
        raise Stop(_("We know nobody with this receipt. A ballot names nobody."))
    if person.is_staff:
        raise Stop(_("This person is of the staff: their role has to end first."))
    lines = [chat.t(_("{cell}: {count}"), cell=chat.t(NAMES[name]), count=count) for name, count in person.kept.items()]
    chat.say(
        _("Kept of the person with receipt {receipt}:\n{lines}\nThis goes, with their name, ID number and account."),
        receipt=Code(receipt),
        lines=Written("\n".join(lines)),
    )
    if person.staying:
        chat.say(
            n_(
                "{count} declaration of support was deposited or signed by hand: it stays, without a name.",
                "{count} declarations of support were deposited or signed by hand: they stay, without a name.",
            ),
            count=person.staying,
        )
    if not await chat.confirm(
        "sure",
        _("Ballots stay. It cannot be undone. Has this person asked for it, and have you seen who they are?"),
        yes=_("Yes, erase"),
        no=_("No, keep it"),
    ):
        raise Stop(_("Nothing was erased."))
    summary = _("Erase all that is kept of the person with receipt {receipt}")
    await chat.do("person.erase", person.id, summary, {}, receipt=Code(receipt))


@deed("person.erase", COORDINATORS)
async def do_erase(chat: Chat, about: int) -> None:
    """Erase it; only the person hears of it."""
    if not await erasures.erase(chat.db, chat.commune.id, about, chat.now):
        raise Stop(_("This was erased meanwhile, or the person is of the staff now."))
    chat.say(_("Erased. The person is told, if they can be reached."))


@notice(erasures.ERASED)
async def erased(chat: Chat, _about: int, occasion: str) -> None:
    """Tell the person: in the language that was theirs, which is not kept any more."""
    chat.texts = texts(occasion)
    chat.say(
        _("As you asked, the commune erased all that it kept of you, on {day}. If it was not you, write to {contact}."),
        day=Day(chat.now),
        contact=Code(chat.commune.contact),
    )
