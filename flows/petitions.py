"""Petitions: the list, the card, a declaration of support."""

from flows import identity
from flows.chat import Chat, Stop
from flows.registry import flow
from locales import _
from locales.values import Code, Day, Hour, Written
from storage import citizens, petitions
from storage.occasions import Closed, CountedAlready
from storage.petitions import Card, Support


@flow(
    "petition.support",
    _("Petitions"),
    command="petitions",
    word="petition",
    link="p",
    takes="petition",
    in_menu=10,
)
async def support(chat: Chat, petition: int | None = None) -> None:
    """Read a petition and declare support for it."""
    opened = await petitions.opened(chat.db, chat.commune, chat.now)
    if not opened:
        raise Stop(_("No petition is open for support now; those that were have closed."))
    chosen = await chat.choose(
        "petition",
        _("Which petition?"),
        opened,
        label=lambda petition: chat.local(petition.short),
        gone=_("This petition has closed. Nothing was recorded."),
        preset=petition,
    )
    card = await petitions.card(chat.db, chosen, chat.citizen)
    _show(chat, card)
    if card.mine:
        raise _supported_on(card.mine)
    if not await chat.confirm(
        "support",
        _("Do you want to declare your support?"),
        yes=_("I support it"),
        no=_("Not now"),
    ):
        raise Stop(_("Nothing was recorded."))

    who = await identity.declared(chat)
    quarter = await chat.perhaps(
        "quarter",
        _("Which neighbourhood do you live in?"),
        chat.commune.quarters,
        label=lambda quarter: chat.local(quarter.name),
    )
    if not await chat.review(
        "sure",
        _(
            "Check before you confirm:\nName: {name}\nID card: {cin}\nNeighbourhood: {quarter}\n"
            "Petition: {title}\nDo you confirm your declaration of support?"
        ),
        yes=_("Confirm"),
        corrections={
            "as": _("Correct: person"),
            "name": _("Correct: name"),
            "cin": _("Correct: ID number"),
            "quarter": _("Correct: place"),
        },
        name=who.name,
        cin=Code(who.mask),
        quarter=chat.local(quarter.name) if quarter else chat.t(_("not said")),
        title=chat.local(chosen.title),
    ):
        raise Stop(_("Nothing was recorded."))

    try:
        place = quarter.slug if quarter else None
        receipt = await petitions.support(chat.db, chosen, chat.occasion(place), who)
    except CountedAlready:
        raise Stop(
            _(
                "This ID number supports this petition already, from another account. Each person counts once. "
                "If it was not you, tell us: {contact}."
            ),
            contact=Code(chat.commune.contact),
        ) from None
    except Closed:
        raise Stop(_("This petition has closed. Nothing was recorded.")) from None
    await citizens.declares(chat.db, chat.citizen, who, "petition", chat.now)
    chat.say(
        _(
            "Your declaration of support is recorded, thank you. Receipt: {receipt} ({day}, {hour}). Keep this number "
            "to follow the petition."
        ),
        receipt=Code(receipt, copyable=True),
        day=Day(chat.now),
        hour=Hour(chat.now),
    )
    await identity.offer_profile(chat)


def _show(chat: Chat, card: Card) -> None:
    petition = card.petition
    chat.say("<b>{title}</b>", title=chat.local(petition.title))
    chat.say(
        _("Request: {request}\nReasons: {reasons}\nAims: {aims}"),
        request=chat.local(petition.request),
        reasons=chat.local(petition.reasons),
        aims=chat.local(petition.aims),
    )
    signed = (
        chat.t(
            _("Signed: {signed} of the {threshold} that the law asks for."),
            signed=petition.signed,
            threshold=petition.threshold,
        )
        if petition.threshold
        else chat.t(_("Petition of an association: the law asks for no number of signatures."))
    )
    chat.say(
        _("Declared support: {declared}. {signed}\nLast day: {day}."),
        declared=card.declared,
        signed=Written(signed),
        day=Day(petition.closes),
    )
    chat.say(
        _(
            "What you record here is a declaration of support, not a legal signature. The list to sign comes later, "
            "by hand or on the national portal."
        )
    )


def _supported_on(mine: Support) -> Stop:
    return Stop(
        _("You have declared your support already, on {day}. Receipt: {receipt}. Each person counts once."),
        day=Day(mine.declared),
        receipt=Code(mine.receipt, copyable=True),
    )
