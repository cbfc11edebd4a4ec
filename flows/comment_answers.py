"""Answers to comments, with reasons: to one, to some that are ticked, to all of an article; each author told once."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows import authoring
from flows.chat import Chat, Stop
from flows.registry import MODERATORS, deed, flow
from flows.stances import LABELS
from flows.verdicts import VERDICTS
from locales import _, n_
from locales.values import Value, Written
from storage import comments, consultations, readings, staff, verdicts
from storage.comments import Said
from storage.consultations import Consultation
from storage.schema import Localised
from storage.verdicts import DecidedAlready

_SHOWN, _MOST, _GLIMPSE = 8, 1000, 160  # comments to tick, comments at once, letters of each
_LATE = _("These comments have their answer, or were changed. Choose again.")
_NONE = _("No published comment waits for an answer.")
_HOW = {"some": _("Some of them"), "all": _("All of them")}


@dataclass(frozen=True, slots=True)
class Pile:
    """The comments on one article that have no answer; 0 stands for the whole text."""

    id: int
    label: str
    count: int


@flow("comment.answer", _("Answer comments"), command="comments", roles=MODERATORS, link="cn", takes="consultation")
async def answer(chat: Chat, consultation: int | None = None) -> None:
    """Choose comments, and answer them together."""
    asked = await _consultation(chat, consultation)
    piles = await _piles(chat, asked)
    if not piles:
        raise Stop(_NONE)
    pile = await chat.choose("article", _("Comments on which article?"), piles, lambda pile: pile.label, gone=_LATE)
    those = await _those(chat, asked, pile)
    verdict = await chat.choose(
        "verdict", _("What does the commune answer?"), list(VERDICTS), lambda each: chat.t(VERDICTS[each])
    )
    why = await authoring.both(
        chat,
        "why",
        _("The reasons in French. The authors read them as they are."),
        _("The same in Arabic or Darija:"),
        longest=1500,
    )
    said = chat.t(VERDICTS[verdict])
    values: dict[str, Value] = {"count": len(those), "verdict": said, "french": why["fr"], "arabic": why["ar"]}
    text = n_(
        "{count} comment: {verdict}.\n{french}\n{arabic}\nThe author is told. Send?",
        "{count} comments: {verdict}.\n{french}\n{arabic}\nEach author is told once. Send?",
    )
    # The last of them is in the key: what is published meanwhile is not answered unread.
    if not await chat.confirm(f"sure_{len(those)}_{those[-1].id}", text, _("Send"), _("Cancel"), **values):
        raise Stop(_("Nothing was sent."))
    args = {"ids": [each.id for each in those], "verdict": verdict, "why": why}
    summary = n_("Answer {count} comment: {verdict}", "Answer {count} comments: {verdict}")
    await chat.do("comment.answer", those[0].id, summary, args, count=len(those), verdict=said)


async def _consultation(chat: Chat, preset: int | None) -> Consultation:
    every = await consultations.every(chat.db, chat.commune.id)
    if not every:
        raise Stop(_("There is no consultation yet."))
    only = every[0].id if len(every) == 1 else None
    return await chat.choose(
        "consultation", _("Which consultation?"), every, lambda each: chat.local(each.short), preset=preset or only
    )


async def _piles(chat: Chat, asked: Consultation) -> list[Pile]:
    counts = await verdicts.count_unanswered(chat.db, asked.id)
    book = await readings.book(chat.db, chat.commune.id, asked.id, chat.citizen.id)
    lines = book.lines if book else ()
    piles = [Pile(line.id, f"{line.number}. {chat.local(line.title)}", counts.get(line.id, 0)) for line in lines]
    piles.append(Pile(0, chat.t(_("The whole text")), counts.get(None, 0)))
    return [Pile(each.id, f"({each.count}) {each.label}", each.count) for each in piles if each.count]


async def _those(chat: Chat, asked: Consultation, pile: Pile) -> Sequence[Said]:
    article = pile.id or None
    shown = await verdicts.unanswered(chat.db, asked.id, article, 0, _SHOWN)
    for each in shown:
        await chat.looked("comment", each.id)
    if len(shown) == 1:
        if shown[0].media:
            chat.media(shown[0].kind, shown[0].media)
        chat.say("{words}", words=Written(_glimpse(chat, shown[0], 2000)))
        return shown
    how = await chat.choose(
        "how", _("Answer some of them, or all together?"), list(_HOW), lambda how: chat.t(_HOW[how])
    )
    if how == "all":
        every = await verdicts.unanswered(chat.db, asked.id, article, 0, _MOST)
        chat.say("{words}", words=Written("\n".join(_glimpse(chat, each) for each in shown)))
        return every
    listed = "\n".join(_glimpse(chat, each) for each in shown)
    return await chat.several(
        "those",
        lambda _ticked: chat.t(_("Tick those that get the same answer:\n{listed}"), listed=Written(listed)),
        shown,
        label=lambda each: f"{each.receipt} {chat.t(LABELS[each.stance])}",
        least=1,
        most=_SHOWN,
    )


def _glimpse(chat: Chat, said: Said, longest: int = _GLIMPSE) -> str:
    words = said.words or "—"
    cut = words if len(words) <= longest else words[: longest - 1] + "…"
    stance = Written(chat.t(LABELS[said.stance]))
    return chat.t(_("{receipt}, {stance}: {words}"), receipt=said.receipt, stance=stance, words=cut)


@deed("comment.answer", MODERATORS, notes=("verdict", "ids"))
async def do_answer(chat: Chat, about: int, ids: list[int], verdict: str, why: Localised) -> None:
    """Keep the answer and have it told."""
    member = await staff.number(chat.db, chat.citizen.id)
    try:
        count = await verdicts.answer(chat.db, chat.commune.id, ids, verdict, why, member, chat.now)
    except DecidedAlready:
        raise Stop(_LATE) from None
    first = await comments.one(chat.db, chat.commune.id, about)
    chat.say(n_("Sent: {count} comment has its answer.", "Sent: {count} comments have their answer."), count=count)
    if first:
        chat.offer(f"cn_{first.consultation_id}", _("The next one"))
