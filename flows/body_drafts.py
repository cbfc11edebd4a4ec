"""A council or a committee written in chat: what it is for, its seats, who may apply, how the seats are given."""

from flows import as_seen, authoring, drafting
from flows.chat import Chat, Stop
from flows.drafting import DRAFTED, Drafted
from flows.registry import MODERATORS, flow
from locales import _
from storage import drafts
from storage.bodies import LOTTERY, MEN, STAFF, WOMEN, YOUTH
from storage.drafts import Content, Draft

NOUN = "body"
_KINDS = {
    "youth": _("A youth council"),
    "quarter": _("For one neighbourhood"),
    "equality": _("The equality body"),
    "other": _("Another one"),
}
_SELECTIONS = {LOTTERY: _("They are drawn by lot"), STAFF: _("The commune chooses")}
_MOST_SEATS, _OLDEST, _LONGEST_REPLY = 500, 120, 60
_YOUTH_UNTIL = 30  # years


@flow("body.new", creates=_("A council, a committee"), roles=MODERATORS)
async def begin(chat: Chat) -> None:
    """Begin one, or go on with a draft."""
    if await drafting.goes_on(chat, NOUN):
        return
    kind = await chat.choose("kind", _("What is it?"), list(_KINDS), lambda each: chat.t(_KINDS[each]))
    content = {"kind": kind, **await drafting.titled(chat, NOUN), **await drafting.text(chat, "about")}
    content |= await drafting.dates(chat)
    await drafting.keep(chat, NOUN, content, {})


@flow("body.rules", roles=MODERATORS)
async def rules(chat: Chat, draft: int) -> None:
    """Its seats, who may apply, how they are given; then a look at it."""
    found = await drafting.found(chat, draft, NOUN)
    seats = await authoring.amount(chat, "seats", _("How many seats does it have?"), 1, _MOST_SEATS)
    values = {"seats": seats, **await _quotas(chat, seats), **await _who(chat, found)}
    values["selection"] = await chat.choose(
        "selection", _("How are the seats given?"), list(_SELECTIONS), lambda each: chat.t(_SELECTIONS[each])
    )
    days = _("Within how many days does one answer who is offered a seat?")
    values["reply_days"] = await authoring.amount(chat, "days", days, 1, _LONGEST_REPLY)
    as_seen.body(chat, drafts.seen(found, chat.now, **values))
    if not await chat.review(
        "sure",
        _("People will see it so. Keep it?"),
        yes=_("Keep the draft"),
        corrections={
            "seats": _("Correct: seats"),
            "women": _("Correct: women"),
            "men": _("Correct: men"),
            "youth": _("Correct: young"),
            "least": _("Correct: age"),
            "selection": _("Correct: how given"),
        },
    ):
        raise Stop(_("Nothing was changed."))
    title = chat.local(found.title)
    await chat.do("body.change", found.id, _("Change the draft {title}"), {"values": values}, title=title)


async def _quotas(chat: Chat, seats: int) -> Content:
    """How many seats at least go to each group."""
    women = await authoring.amount(chat, "women", _("At least how many seats for women? 0 for none."), 0, seats)
    men = await authoring.amount(chat, "men", _("At least how many seats for men? 0 for none."), 0, seats - women)
    youth = await authoring.amount(chat, "youth", _("At least how many for young people? 0 for none."), 0, seats)
    until = _YOUTH_UNTIL
    if youth:
        until = await authoring.amount(chat, "until", _("Up to which age is one young? For example 30."), 15, 60)
    quotas = {WOMEN: women, MEN: men, YOUTH: youth}
    return {"quotas": {group: count for group, count in quotas.items() if count}, "youth_until": until}


async def _who(chat: Chat, found: Draft) -> Content:
    """Of which ages, and from where."""
    least = await authoring.amount(chat, "least", _("From which age can one apply?"), 1, _OLDEST)
    most = await authoring.amount(
        chat, "least_most", _("Up to which age? 0 for no limit."), least, _OLDEST, or_none=True
    )
    return {"min_age": least, "max_age": most or None, "quarter": await _quarter(chat, found)}


async def _quarter(chat: Chat, found: Draft) -> str | None:
    quarters, which = chat.commune.quarters, _("Where must one live?")
    if not quarters:
        return None
    if found.content["kind"] == "quarter":
        return (await chat.choose("quarter", which, quarters, lambda each: chat.local(each.name))).slug
    one = await chat.perhaps("quarter", which, quarters, lambda each: chat.local(each.name), skip=_("Anywhere here"))
    return one.slug if one else None


def _card(chat: Chat, draft: Draft) -> None:
    as_seen.body(chat, drafts.seen(draft, chat.now))


DRAFTED[NOUN] = Drafted(_card, drafting.dates, link="j", rules=_("Seats and rules"), begun="body.rules")
