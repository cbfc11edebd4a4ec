"""Proposing an idea: what fits, a look for a like one, then title, words, place, photo and rough cost."""

from flows import idea_words
from flows.chat import Chat, Stop
from flows.questions import Given, Giving, Refused, Words
from flows.registry import flow
from locales import _
from locales.alike import alike
from locales.bidi import clean
from locales.values import Code, Day, Hour, Written
from locales.words import digits
from storage import citizens, idea_calls, idea_proposals, ideas
from storage.idea_calls import Call
from storage.idea_proposals import TooMany
from storage.ideas import Proposal, Seen
from storage.occasions import Closed

_TITLE, _WORDS, _PLACE = 80, 1000, 120  # characters
_MOST = 2_000_000_000  # dirhams: an SQL integer holds no more
_NEW = "new"
_CLOSED = _("The call for ideas has closed. Nothing was recorded.")
_CORRECTIONS = {
    "title": _("Correct the title"),
    "words": _("Correct the text"),
    "place": _("Correct the place"),
    "photo": _("Correct the photo"),
    "cost": _("Correct cost"),
}


@flow("idea.propose", _("Propose an idea"), command="propose", word="propose", link="ip", takes="budget")
async def propose(chat: Chat, budget: int | None = None) -> None:
    """Say what one would spend the budget on."""
    call = await _call(chat, budget)
    await _guide(chat, call)
    title = await chat.text("title", _("Give your idea a short title:"), longest=_TITLE, read_as=clean)
    if await _is_there_already(chat, call, title):
        return
    proposal = await _asked(chat, title)
    await _agreed(chat)
    await _sure(chat, proposal)
    try:
        receipt = await idea_proposals.propose(chat.db, call.id, chat.occasion(), proposal)
    except Closed:
        raise Stop(_CLOSED) from None
    except TooMany:
        chat.offer(f"im_{call.id}", _("My ideas"))
        raise Stop(_("You have proposed as many ideas as each person may. Nothing was recorded.")) from None
    citizens.agrees(chat.db, chat.citizen.id, "idea", chat.now)
    chat.say(_("Your idea is recorded, thank you. Receipt: {receipt}."), receipt=Code(receipt, copyable=True))
    chat.say(_("The service reads it first. We tell you each step."))
    chat.offer(f"im_{call.id}", _("My ideas"))
    chat.offer(f"il_{call.id}", _("All ideas"))


async def _call(chat: Chat, budget: int | None) -> Call:
    found = [each for each in await idea_calls.begun(chat.db, chat.commune, chat.now) if each.is_open(chat.now)]
    if not found:
        raise Stop(_("No call for ideas is open now. Nothing was recorded."))
    return await idea_words.chosen_call(chat, found, budget, gone=_CLOSED)


async def _guide(chat: Chat, call: Call) -> None:
    home = chat.commune
    can = chat.local(home.ideas_can) or chat.t(
        _("works and equipment of the commune that all can use: streets, parks, sport, schools, water, lights")
    )
    cannot = chat.local(home.ideas_cannot) or chat.t(
        _("salaries, one person's gain, private land, what the State or the province decides")
    )
    chat.say("<b>{title}</b>", title=chat.local(call.title))
    chat.say(_("Yes: {can}.\nNo: {cannot}."), can=can, cannot=cannot)
    chat.say(_("Ideas are taken until {day}, {hour}."), day=Day(call.closes), hour=Hour(call.closes))
    if not await chat.confirm("fits", _("Does your idea fit?"), yes=_("Yes, go on"), no=_("No")):
        chat.offer("/human", _("Talk to a person"))
        chat.offer(f"il_{call.id}", _("All ideas"))
        raise Stop(_("Nothing was recorded. The service can tell you who decides it."))


async def _is_there_already(chat: Chat, call: Call, title: str) -> bool:
    """Lead to a like idea, if the person finds their own in one of those shown."""

    async def search(id: int, title: str) -> list[int]:
        return alike(title, await ideas.titles(chat.db, id))

    ids = await chat.once("alike", search, call.id, title)
    shown = [each for id in ids if (each := await ideas.find(chat.db, chat.commune.id, id, chat.citizen.id))]
    if not shown:
        return False
    those: list[Seen | str] = [*shown, _NEW]
    chosen = await chat.choose(
        "title_like",
        _("Others proposed something like it. Is it yours? Then support it: together it weighs more."),
        those,
        label=lambda each: chat.t(_("Mine is another")) if isinstance(each, str) else idea_words.label(each),
    )
    if isinstance(chosen, str):
        return False
    chat.then("idea.read", idea=chosen.id)
    return True


async def _asked(chat: Chat, title: str) -> Proposal:
    words = await chat.text("words", _("What would be done, and for whom?"), longest=_WORDS, read_as=clean)
    place, quarter = await _place(chat)
    photo = await chat.ask(
        "photo",
        Giving(chat.t(_("Send a photo of the place, if you have one.")), ("photo",), none=chat.t(_("No photo"))),
        _is_photo,
    )
    rough = chat.t(_("What might it cost, in dirhams? A rough figure is enough."))
    cost = await chat.ask("cost", Words(rough, 40, _amount, skip=chat.t(_("I do not know")), is_number=True))
    return Proposal(title, words, place, quarter, int(cost) if cost else None, photo.media)


async def _place(chat: Chat) -> tuple[str, str | None]:
    """Its name, and the neighbourhood."""
    where, skip = chat.t(_("Where? Name the place, or send it from the map.")), chat.t(_("No certain place"))
    place = await chat.ask("place", Words(where, _PLACE, clean, skip=skip, takes_pin=True))
    if not chat.commune.quarters:
        return place, None
    quarter = await chat.perhaps(
        "place_quarter",
        _("In which neighbourhood?"),
        chat.commune.quarters,
        lambda each: chat.local(each.name),
        skip=_("The whole commune"),
    )
    return place, quarter.slug if quarter else None


def _is_photo(given: Given) -> None:
    if given.kind == "text":
        raise Refused(_("Send a photo here, or tap “No photo”."))


def _amount(typed: str) -> str:
    bare = "".join(sign for sign in digits(typed) if sign.isalnum())
    if not (bare.isascii() and bare.isdecimal() and 1 <= int(bare[:12]) <= _MOST):
        raise Refused(_("Write a whole number here, from {least} to {most}."), {"least": 1, "most": _MOST})
    return bare


async def _agreed(chat: Chat) -> None:
    if not await chat.confirm(
        "terms",
        _(
            "The service reads your idea, then publishes it without your name. {months} months after the vote we "
            "forget who proposed it. To have it erased before, write “erase”. (Law 09-08) Do you agree?"
        ),
        yes=_("I agree"),
        no=_("I refuse"),
        months=chat.commune.keep_months,
    ):
        raise Stop(_("No problem, nothing was recorded. You can go on reading."))


async def _sure(chat: Chat, proposal: Proposal) -> None:
    where = idea_words.place(chat, proposal)
    cost = chat.t(_("{cost} MAD"), cost=proposal.cost) if proposal.cost else ""
    if not await chat.review(
        "sure",
        _("{title}\n{words}\n{more}\nShall we send it?"),
        yes=_("Send"),
        corrections=_CORRECTIONS,
        title=proposal.title,
        words=proposal.words,
        more=Written(" · ".join(filter(None, [chat.t("{place}", place=where) if where else "", cost]))),
    ):
        raise Stop(_("Nothing was recorded."))


@flow("idea.correct", link="ie", takes="idea")
async def correct(chat: Chat, idea: int) -> None:
    """Write an idea anew that was refused."""
    found = await ideas.find(chat.db, chat.commune.id, idea, chat.citizen.id)
    if found is None or not found.is_mine or not found.can_be_corrected(chat.now):
        raise Stop(_("This idea cannot be corrected any more. Nothing was changed."))
    idea_words.show(chat, found)
    idea_words.show_why(chat, found)
    title = await chat.text("title", _("Give your idea a short title:"), longest=_TITLE, read_as=clean)
    proposal = await _asked(chat, title)
    await _sure(chat, proposal)
    try:
        await idea_proposals.correct(chat.db, idea, chat.occasion(), proposal)
    except Closed:
        raise Stop(_("This idea cannot be corrected any more. Nothing was changed.")) from None
    chat.say(_("It is corrected. The service reads it again."))
    chat.offer(f"im_{found.budget_id}", _("My ideas"))
