"""Petitions: the list, the card, a declaration of support and its withdrawal, what became of those that are over."""

from collections.abc import Sequence

from flows import identity, petition_words
from flows.chat import Chat, Stop
from flows.registry import flow
from locales import _
from locales.values import Code, Day, Hour
from storage import citizens, follows, petition_moves, petitions, supports
from storage.citizens import Declared
from storage.occasions import Closed, CountedAlready
from storage.petitions import BEFORE_DEPOSIT, NOUN, Petition, Support
from storage.supports import SignedByHand

_WAYS = {"/petition_new": _("Start a petition"), "/petition_results": _("Those that are over")}


@flow(
    "petition.support",
    _("Petitions"),
    command="petitions",
    word="petition",
    intents=("petition_sign",),
    link="p",
    takes="petition",
    in_menu=10,
)
async def support(chat: Chat, petition: int | None = None) -> None:
    """Read a petition and declare support for it."""
    linked = await petitions.find(chat.db, chat.commune, petition) if petition else None
    if linked and not linked.is_open(chat.now):
        chat.then("petition.past", petition=linked.id)
        return
    chosen = await _chosen(chat, petition)
    card = await petitions.card(chat.db, chosen, chat.citizen)
    petition_words.show(chat, card)
    if card.mine:
        _supported(chat, card.mine)
        await _offer_what_is_mine(chat, chosen)
        return
    chat.say(
        _(
            "What you record here is a declaration of support, not a legal signature. The list to sign comes later, "
            "by hand or on the national portal."
        )
    )
    if not await chat.confirm(
        "support",
        _("Do you want to declare your support?"),
        yes=_("I support it"),
        no=_("Not now"),
    ):
        chat.offer(f"ps_{chosen.id}", _("Share it"))
        raise Stop(_("Nothing was recorded."))
    await _declare(chat, chosen)


async def _chosen(chat: Chat, petition: int | None) -> Petition:
    """One of those that are open."""

    async def page(offset: int, limit: int) -> Sequence[Petition]:
        found = await petitions.opened(chat.db, chat.commune, chat.now, offset, limit)
        if not found and offset == 0:
            for entrance, words in _WAYS.items():
                chat.offer(entrance, words)
            raise Stop(_("No petition is open for support now; those that were have closed."))
        return found

    async def find(id: int) -> Petition | None:
        found = await petitions.find(chat.db, chat.commune, id)
        return found if found and found.is_open(chat.now) else None

    return await chat.browse(
        "petition",
        _("Which petition?"),
        page,
        find,
        label=lambda petition: chat.local(petition.short),
        gone=_("This petition has closed. Nothing was recorded."),
        preset=petition,
        ways=_WAYS,
    )


async def _declare(chat: Chat, chosen: Petition) -> None:
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
    await _record(chat, chosen, quarter.slug if quarter else None, who)
    chat.offer(f"pf_{chosen.id}", _("Tell me each step"))
    chat.offer(f"ps_{chosen.id}", _("Share it"))
    await identity.offer_profile(chat)


async def _record(chat: Chat, chosen: Petition, place: str | None, who: Declared) -> None:
    try:
        receipt = await supports.support(chat.db, chosen, chat.occasion(place), who)
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


def _supported(chat: Chat, mine: Support) -> None:
    chat.say(
        _("You have declared your support already, on {day}. Receipt: {receipt}. Each person counts once."),
        day=Day(mine.declared),
        receipt=Code(mine.receipt, copyable=True),
    )


async def _offer_what_is_mine(chat: Chat, petition: Petition) -> None:
    if petition.status in BEFORE_DEPOSIT:
        chat.offer(f"pw_{petition.id}", _("Withdraw my support"))
    if await follows.is_following(chat.db, NOUN, petition.id, chat.citizen.id):
        chat.offer(f"pu_{petition.id}", _("Tell me no more"))
    else:
        chat.offer(f"pf_{petition.id}", _("Tell me each step"))


@flow("petition.withdraw", link="pw", takes="petition")
async def withdraw(chat: Chat, petition: int) -> None:
    """Take a declaration of support back."""
    found = await petitions.find(chat.db, chat.commune, petition)
    card = await petitions.card(chat.db, found, chat.citizen) if found else None
    if card is None or card.mine is None:
        raise Stop(_("You have no support declared for this petition."))
    too_late = Stop(_("This petition was deposited. What was declared for it stays."))
    if card.petition.status not in BEFORE_DEPOSIT:
        raise too_late
    if not await chat.confirm(
        "sure",
        _("Withdraw your support for “{title}”? You are not counted any more, and hear no more of it."),
        yes=_("Withdraw"),
        no=_("No, keep it"),
        title=chat.local(card.petition.title),
    ):
        raise Stop(_("Your support stays."))
    try:
        await supports.withdraw(chat.db, card.petition, chat.citizen.id)
    except Closed:
        raise too_late from None
    except SignedByHand:
        raise Stop(
            _("You signed the list by hand too, so you are counted. To take that back, write to {contact}."),
            contact=Code(chat.commune.contact),
        ) from None
    chat.say(_("Your support is withdrawn. You can declare it again while the petition is open."))
    chat.offer(f"p_{card.petition.id}", _("See the petition"))


@flow("petition.past", _("Results of petitions"), command="petition_results", link="pr", takes="petition")
async def past(chat: Chat, petition: int | None = None) -> None:
    """Read a petition that is over, and what became of it."""

    async def find(id: int) -> Petition | None:
        return await petitions.find(chat.db, chat.commune, id)

    chosen = await chat.browse(
        "petition",
        _("Petitions that are over, the newest first. Which one?"),
        lambda offset, limit: petitions.past(chat.db, chat.commune, chat.now, offset, limit),
        find,
        label=lambda each: f"{chat.local(each.short)} · {chat.t(petition_words.STATES[each.status])}",
        preset=petition,
        none=_("No petition is over yet."),
    )
    card = await petitions.card(chat.db, chosen, chat.citizen)
    petition_words.show(chat, card)
    petition_words.outcome(chat, chosen, await petition_moves.history(chat.db, chosen.id))
    if card.mine:
        await _offer_what_is_mine(chat, chosen)
    chat.offer("/petition_results", _("Back to the list"))
