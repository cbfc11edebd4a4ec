"""Workshops: the list, the card, a registration."""

from flows import identity, workshop_words
from flows.chat import PAGE, Chat, Stop
from flows.registry import flow
from flows.workshop_words import NEEDS
from locales import _
from locales.values import Code, Written
from storage import citizens, registrations, workshops
from storage.occasions import Closed, CountedAlready
from storage.registrations import Card, Needs
from storage.seats import HELD, SEATED, WAITING
from storage.workshops import Workshop

_LONGEST_WORDS = 200


@flow(
    "workshop.register",
    _("Workshops"),
    command="workshops",
    word="workshop",
    intents=("workshop_register",),
    link="w",
    takes="workshop",
    in_menu=14,
)
async def register(chat: Chat, workshop: int | None = None) -> None:
    """Read about a workshop and register for it."""
    chosen = await _chosen(chat, workshop)
    card = await registrations.card(chat.db, chosen, chat.citizen.id)
    if said := workshop_words.standing(chat, card):
        _offer(chat, card)
        raise Stop("{card}\n\n{said}", card=workshop_words.lines(chat, card), said=Written(said))
    chat.say("{card}", card=workshop_words.lines(chat, card))
    await _agreed(chat, card)
    name = await _name(chat)
    needs = await _needs(chat)
    if not await chat.review(
        "sure",
        _("Check before you confirm:\nName: {name}\nNeeds: {needs}\nWorkshop: {title}, {day}\nShall we register you?"),
        yes=_("Confirm"),
        corrections={"name": _("Correct: name"), "needs": _("Correct: needs")},
        name=name,
        needs=Written(_listed(chat, needs)),
        title=chat.local(chosen.short),
        day=workshop_words.when(chat, chosen)["day"],
    ):
        raise Stop(_("Nothing was recorded."))
    await _record(chat, chosen, name, needs)


async def _chosen(chat: Chat, preset: int | None) -> Workshop:
    async def find(id: int) -> Workshop | None:
        return await workshops.find(chat.db, chat.commune.id, id)

    return await chat.browse(
        "workshop",
        _("Which workshop?"),
        lambda offset, limit: workshops.coming(chat.db, chat.commune, chat.now, offset, limit),
        find,
        label=lambda each: _label(chat, each),
        gone=_("We know no such workshop. Here are those to come:"),
        preset=preset,
        size=PAGE,
        none=_("No workshop is announced just now."),
    )


def _label(chat: Chat, workshop: Workshop) -> str:
    short = chat.local(workshop.short)
    return short if workshop.begins > chat.now else chat.t(_("{title}: minutes"), title=Written(short))


async def _agreed(chat: Chat, card: Card) -> None:
    if card.room.free:
        wants = await chat.confirm("join", _("Do you want to register?"), yes=_("Register"), no=_("Not now"))
    else:
        wants = await chat.confirm(
            "join",
            _("The workshop is full now. Put you on the waiting list? If a seat is free we tell you."),
            yes=_("Waiting list"),
            no=_("Not now"),
        )
    if not wants:
        raise Stop(_("Nothing was recorded."))


async def _name(chat: Chat) -> str:
    if not await chat.confirm(
        "consent",
        _(
            "We need your name for the list of those who come. Only the participation service sees it. It is "
            "erased {months} after the workshop; before, if you write “erase”. (Law 09-08) Do you agree?"
        ),
        yes=_("I agree"),
        no=_("I refuse"),
        months=chat.months(chat.commune.months("workshops")),
    ):
        raise Stop(_("No problem, nothing was recorded."))
    known = chat.citizen.declared.name if chat.citizen.declared else ""
    if known and await chat.confirm(
        "as", _("Register as {name}?"), yes=_("Yes, it is me"), no=_("Another name"), name=known
    ):
        return known
    return await chat.text("name", _("Write the full name of who comes."), longest=80, read_as=identity.person_name)


async def _needs(chat: Chat) -> Needs:
    ticked = await chat.several(
        "needs",
        lambda _ticked: chat.t(_("Do you need something to take part? Tick it. Nothing? Tap “Done”.")),
        list(NEEDS),
        label=lambda need: chat.t(NEEDS[need]),
        least=0,
        most=len(NEEDS),
    )
    words = ""
    if "other" in ticked:
        words = await chat.text("needs_words", _("What do you need? Write it shortly."), longest=_LONGEST_WORDS)
    return Needs(tuple(ticked), words)


def _listed(chat: Chat, needs: Needs) -> str:
    said = [chat.t(NEEDS[code]) for code in needs.codes if code != "other"]
    said += [chat.t("{words}", words=needs.words)] if needs.words else []
    return " · ".join(said) or chat.t(_("none"))


async def _record(chat: Chat, workshop: Workshop, name: str, needs: Needs) -> None:
    try:
        mine = await registrations.register(chat.db, workshop.id, chat.occasion(), name, needs)
    except CountedAlready:
        raise Stop(_("You are registered already, perhaps from another account. Each person has one seat.")) from None
    except Closed:
        raise Stop(_("Registration has closed meanwhile. Nothing was recorded.")) from None
    citizens.agrees(chat.db, chat.citizen.id, "workshop", chat.now)
    card = await registrations.card(chat.db, workshop, chat.citizen.id)
    if mine.state == SEATED:
        chat.say(
            _("You are registered for {title}: {day} at {hour}, {place}. We will remind you."),
            **workshop_words.when(chat, workshop),
        )
        workshop_words.hand_out(chat, workshop, mine.receipt)
    else:
        chat.say(
            _("The workshop is full: you are on the waiting list. Receipt: {receipt}."),
            receipt=Code(mine.receipt, copyable=True),
        )
        chat.say(workshop_words.IN_LINE, count=card.ahead + 1)
    _offer(chat, card)
    await identity.offer_profile(chat)


def _offer(chat: Chat, card: Card) -> None:
    """What can be done with one's own registration."""
    workshop, mine = card.workshop, card.mine
    if workshop.has_minutes:
        chat.offer(f"wm_{workshop.id}", _("Read the minutes"))
    if mine is None or not workshop.is_open(chat.now):
        if mine and workshop.ends < chat.now and mine.rating is None:
            chat.offer(f"we_{workshop.id}", _("Say how it was"))
    elif mine.state == HELD:
        chat.offer(f"wy_{workshop.id}", _("Yes, I want it"))
        chat.offer(f"wn_{workshop.id}", _("No, thank you"))
    elif mine.state in (SEATED, WAITING):
        if mine.state == SEATED:
            chat.offer(f"wt_{workshop.id}", _("My ticket"))
        chat.offer(f"wx_{workshop.id}", _("Cancel my seat"))
