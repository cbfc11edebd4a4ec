"""A draft that was sent in: staff take it on for everybody to read, or give it back with reasons."""

from flows import petition_parts, petition_words
from flows.chat import Chat, Stop
from flows.reasons import REASONS
from flows.registry import MODERATORS, deed, flow
from locales import _
from locales.values import Code, Day, Written
from storage import petition_desk, petition_times
from storage.petition_desk import Terms
from storage.petition_drafts import NotNow, OpenedDraft

_TAKE, _BACK = "take", "back"


@flow("petition.moderate", roles=MODERATORS)
async def moderate(chat: Chat, about: int) -> None:
    """Read a draft; take it on or give it back."""
    draft = await petition_desk.waiting(chat.db, chat.commune.id, about)
    if draft is None:
        raise _decided()
    await chat.take_in_hand("petition", draft.id)
    await chat.looked("petition", draft.id)
    petition_parts.read_back(chat, draft)
    what = await chat.choose(
        "what",
        _("What do you decide?"),
        [_TAKE, _BACK],
        label=lambda each: chat.t(_("Take it on") if each == _TAKE else _("Give it back")),
    )
    await (_take(chat, draft) if what == _TAKE else _give_back(chat, draft))


async def _take(chat: Chat, draft: OpenedDraft) -> None:
    days = await petition_words.days(chat)
    quarter = await _quarter(chat)
    closes = petition_times.in_days(chat.now, days)
    if not await chat.confirm(
        "sure",
        _("Publish {code}? Everybody reads it at once and may support it until {day}."),
        yes=_("Publish"),
        code=Code(draft.code),
        day=Day(closes),
    ):
        raise Stop(_("Nothing was recorded."))
    args = {"days": days, "quarter": quarter}
    await chat.do("petition.take_on", draft.id, _("Publish petition {code}"), args, code=Code(draft.code))


async def _quarter(chat: Chat) -> str | None:
    """The quarter where people find it; none where it concerns the whole commune."""
    if not chat.commune.quarters:
        return None
    found = await chat.perhaps(
        "quarter",
        _("Which quarter does it concern? People find it there."),
        chat.commune.quarters,
        lambda each: chat.local(each.name),
        skip=_("The whole commune"),
    )
    return found.slug if found else None


async def _give_back(chat: Chat, draft: OpenedDraft) -> None:
    reasons = await chat.several(
        "reasons",
        lambda _ticked: chat.t(_("For which reasons? The author reads them.")),
        list(REASONS),
        label=lambda code: chat.t(REASONS[code].label),
        least=1,
        most=len(REASONS),
    )
    answer = ""
    if await chat.confirm("more", _("Will you add a word of your own?")):
        answer = await chat.text("answer", _("Write it: the author reads it as it is."), longest=600)
    said = "\n".join(f"• {chat.t(REASONS[code].said)}" for code in reasons)
    if not await chat.review(
        "sure",
        _("Give {code} back with this?\n{reasons}\n{words}"),
        yes=_("Give it back"),
        corrections={"reasons": _("Correct: reasons"), "answer": _("Write it again")},
        code=Code(draft.code),
        reasons=Written(said),
        words=answer,
    ):
        raise Stop(_("Nothing was recorded."))
    await chat.do(
        "petition.give_back",
        draft.id,
        _("Give petition {code} back"),
        {"reasons": reasons, "answer": answer},
        code=Code(draft.code),
    )


@deed("petition.take_on", MODERATORS, notes=("days", "quarter"))
async def take_on(chat: Chat, about: int, days: int, quarter: str | None = None) -> None:
    """Publish it."""
    terms = Terms(petition_times.in_days(chat.now, days), quarter)
    try:
        petition = await petition_desk.take_on(chat.db, chat.commune, about, terms, chat.citizen.id, chat.now)
    except NotNow:
        raise _decided() from None
    await chat.let_go("petition", about)
    chat.say(_("Published: “{title}”. Who wrote it is told."), title=chat.local(petition.title))
    _go_on(chat, f"p_{petition.id}")


@deed("petition.give_back", MODERATORS, notes=("reasons",))
async def give_back(chat: Chat, about: int, reasons: list[str], answer: str) -> None:
    """Give it back."""
    try:
        await petition_desk.give_back(chat.db, chat.commune, about, reasons, answer, chat.now)
    except NotNow:
        raise _decided() from None
    await chat.let_go("petition", about)
    chat.say(_("Given back. Who wrote it is told why, and can correct it."))
    _go_on(chat)


def _go_on(chat: Chat, petition: str = "") -> None:
    if petition:
        chat.offer(petition, _("See the petition"))
    chat.offer("/queue", _("The next one"))


def _decided() -> Stop:
    return Stop(_("A colleague has decided on it meanwhile."))
