"""Councils and committees: what each is, who may apply, an application."""

from flows import as_seen, identity
from flows.body_words import GENDERS, STATES
from flows.chat import Chat, Stop
from flows.questions import Refused
from flows.registry import flow
from locales import _
from locales.bidi import clean
from locales.numbers import whole
from locales.values import Code, Day, Written
from storage import applications, bodies, citizens
from storage.applications import ADULT, APPLIED, OFFERED, WITHDRAWN, Application, Candidate, NotEligible
from storage.bodies import Body
from storage.communes import Quarter
from storage.occasions import Closed, CountedAlready

_OLDEST = 120  # years
_MOTIVATION = 600  # characters
_WHY = {
    "age": _("This body is for other ages, as its rules say. Nothing was recorded."),
    "quarter": _("This committee is for those who live there. Nothing was recorded."),
    "guardian": _("Under 18, a parent has to agree. Nothing was recorded."),
}


@flow(
    "body.apply",
    _("Councils and committees"),
    command="bodies",
    word="body",
    intents=("youth_council", "committees_join"),
    link="j",
    takes="body",
    in_more=10,
)
async def apply(chat: Chat, body: int | None = None) -> None:
    """Read about a body and apply for a seat in it."""
    chosen = await _choose(chat, body)
    own = await applications.mine(chat.db, chosen.id, chat.citizen.id)
    as_seen.body(chat, chosen)
    if own and own.state != WITHDRAWN:
        raise _applied(chat, chosen, own)
    if not chosen.is_open(chat.now):
        raise _not_open(chat, chosen)
    if not await chat.confirm("apply", _("Would you like to apply?"), yes=_("I apply"), no=_("Not now")):
        raise Stop(_("Nothing was recorded."))

    who = await identity.declared(chat)
    age = int(await chat.text("age", _("How old are you?"), longest=20, read_as=_age))
    if not chosen.is_for(age):
        raise Stop(_WHY["age"])
    gender = await chat.choose(
        "gender", _("For the balance of the seats: are you…"), list(GENDERS), lambda each: chat.t(GENDERS[each])
    )
    quarter = await _quarter(chat, chosen)
    if chosen.quarter and (quarter is None or quarter.slug != chosen.quarter):
        raise Stop(_WHY["quarter"])
    guardian = await _guardian(chat) if age < ADULT else ""
    motivation = await chat.text(
        "motivation", _("Why would you like to join? A few sentences."), longest=_MOTIVATION, read_as=clean
    )
    candidate = Candidate(who, age, gender, quarter.slug if quarter else None, motivation, guardian)
    if not await chat.review(
        "sure",
        _("Check before you confirm:\nName: {name}\nAge: {age}\nWhy: {motivation}\nDo you apply for: {title}?"),
        yes=_("Confirm"),
        corrections={
            "name": _("Correct: name"),
            "cin": _("Correct: ID number"),
            "age": _("Correct: age"),
            "gender": _("Correct: woman, man"),
            "quarter": _("Correct: place"),
            "motivation": _("Correct: reasons"),
        },
        name=who.name,
        age=age,
        motivation=motivation,
        title=chat.local(chosen.title),
    ):
        raise Stop(_("Nothing was recorded."))
    await _record(chat, chosen, candidate)


async def _choose(chat: Chat, body: int | None) -> Body:
    return await chat.browse(
        "body",
        _("Which one?"),
        lambda offset, limit: bodies.page(chat.db, chat.commune.id, offset, limit),
        lambda id: bodies.get(chat.db, chat.commune.id, id),
        label=lambda each: chat.local(each.short),
        preset=body,
        gone=_("This link leads to nothing any more."),
        none=_("There is no council or committee to join yet."),
        takes_only=True,
    )


def _applied(chat: Chat, body: Body, own: Application) -> Stop:
    if own.state == APPLIED and not body.frozen:
        chat.offer(f"jw_{body.id}", _("Take it back"))
    if own.state == OFFERED:
        chat.offer(f"jr_{body.id}", _("Answer"))
    if body.frozen:
        chat.offer(f"jd_{body.id}", _("Check the draw"))
    ticket = chat.t(_("Your number in the draw: {ticket}."), ticket=Code(own.ticket)) if own.ticket else ""
    return Stop(
        _("You applied on {day}: {state}. Receipt: {receipt}.\n{ticket}"),
        day=Day(own.day),
        state=Written(chat.t(STATES[own.state])),
        receipt=Code(own.receipt, copyable=True),
        ticket=Written(ticket),
    )


def _not_open(chat: Chat, body: Body) -> Stop:
    if body.frozen:
        chat.offer(f"jd_{body.id}", _("Check the draw"))
    if body.opens > chat.now:
        return Stop(_("You can apply from {day} on."), day=Day(body.opens))
    return Stop(_("Applications closed on {day}."), day=Day(body.closes))


def _age(typed: str) -> str:
    age = whole(typed)
    if age is None or not 0 < age <= _OLDEST:
        raise Refused(_("Write your age in figures, like {example}."), {"example": Code("27")})
    return str(age)


async def _quarter(chat: Chat, body: Body) -> Quarter | None:
    quarters = chat.commune.quarters
    if body.quarter is None:
        return await chat.perhaps(
            "quarter", _("Which neighbourhood do you live in?"), quarters, label=lambda each: chat.local(each.name)
        )
    return await chat.choose(
        "quarter", _("Which neighbourhood do you live in?"), quarters, label=lambda each: chat.local(each.name)
    )


async def _guardian(chat: Chat) -> str:
    """Who agrees for somebody under 18."""
    if not await chat.confirm(
        "guardian",
        _("You are under 18: a parent has to agree. Does your mother, father or guardian agree?"),
        yes=_("Yes, they agree"),
        no=_("No"),
    ):
        raise Stop(_WHY["guardian"])
    return await chat.text(
        "guardian_who",
        _("Write the name of the parent and a telephone number. The service calls to make sure."),
        longest=120,
        read_as=identity.person_name,
    )


async def _record(chat: Chat, body: Body, candidate: Candidate) -> None:
    try:
        receipt = await applications.apply(chat.db, body.id, chat.occasion(candidate.quarter), candidate)
    except NotEligible as rule:
        raise Stop(_WHY[str(rule)]) from None
    except Closed:
        raise Stop(_("Applications have closed. Nothing was recorded.")) from None
    except CountedAlready:
        raise Stop(
            _(
                "Somebody applied with this ID number already, from another account. If it was not you, tell us: "
                "{contact}."
            ),
            contact=Code(chat.commune.contact),
        ) from None
    await citizens.declares(chat.db, chat.citizen, candidate.who, "body", chat.now)
    chat.say(_("Your application is recorded, thank you. Receipt: {receipt}."), receipt=Code(receipt, copyable=True))
    chat.say(_("You hear from us here once the seats are given, after {day}."), day=Day(body.closes))
