"""Scoring what was submitted to a call: each of the panel alone, one criterion after the other."""

from flows import call_words
from flows.chat import Chat, Stop
from flows.questions import Refused
from flows.registry import MODERATORS, deed, flow
from locales import _
from locales.values import Written
from locales.words import digits
from storage import calls, scores, submissions
from storage.calls import BEST, Call
from storage.scores import NotNow

_OVER = _("Scoring is not open to you just now. Nothing was recorded.")


@flow("call.score", roles=MODERATORS)
async def score(chat: Chat, call: int) -> None:
    """Choose a file, read it, give marks."""
    found = await calls.get(chat.db, chat.commune.id, call)
    if found is None or found.closes > chat.now:
        raise Stop(_OVER)
    stand = await scores.stand(chat.db, found)
    if chat.citizen.id not in stand.panel or stand.is_shown:
        raise Stop(_OVER)
    waiting = stand.waits_for(chat.citizen.id)
    one = await chat.browse(
        "which",
        _("Which file do you score? ✓ marks those you have scored."),
        lambda offset, limit: submissions.page(chat.db, found.id, offset, limit),
        lambda id: submissions.find(chat.db, found.id, id),
        label=lambda each: f"{'–' if each.id in waiting else '✓'} {each.name}",
    )
    await chat.looked("submission", one.id)
    if mine := await scores.mine(chat.db, one.id, chat.citizen.id):
        chat.say(_("Until now: {words}"), words=Written(_summed(chat, found, mine)))
    call_words.say_words(chat, one, with_contact=False)
    call_words.say_files(chat, one)
    marks = await _marks(chat, found)
    if not await chat.review(
        "sure",
        _("{association}\n{marks}\nRecord it?"),
        yes=_("Record"),
        corrections={
            f"mark-{each.id}": chat.t(_("Correct: {part}"), part=Written(chat.local(each.name)))
            for each in found.judged_by
        },
        association=one.name,
        marks=Written(_summed(chat, found, marks)),
    ):
        raise Stop(_("Nothing was recorded."))
    args = {"submission": one.id, "marks": marks}
    await chat.carry_out("call.score", found.id, args)  # nobody approves another's score


async def _marks(chat: Chat, call: Call) -> dict[str, int]:
    marks = {}
    for criterion in call.judged_by:
        question = _("{criterion}: how many points, 0 to {best}?")
        name = chat.local(criterion.name)
        typed = await chat.number(f"mark-{criterion.id}", question, read_as=_mark, criterion=name, best=BEST)
        marks[criterion.id] = int(typed)
    return marks


def _mark(typed: str) -> str:
    figure = digits(typed).strip()
    if not (figure.isascii() and figure.isdecimal() and int(figure[:3]) <= BEST):
        raise Refused(_("We need a whole number from {least} to {most}."), {"least": 0, "most": BEST})
    return str(int(figure))


def _summed(chat: Chat, call: Call, marks: dict[str, int]) -> str:
    lines = [
        chat.t(_("{criterion}: {mark} of {best}"), criterion=chat.local(each.name), mark=marks[each.id], best=BEST)
        for each in call.judged_by
        if each.id in marks
    ]
    total = chat.t(_("In all: {sum} of {best}"), sum=sum(marks.values()), best=BEST * len(call.judged_by))
    return "\n".join([*lines, total])


@deed("call.score", MODERATORS, notes=("submission",))
async def do_score(chat: Chat, about: int, submission: int, marks: dict[str, int]) -> None:
    """Keep the score; the audit does not say which."""
    try:
        await scores.give(chat.db, about, submission, chat.citizen.id, marks, chat.now)
    except NotNow:
        raise Stop(_OVER) from None
    found = await calls.get(chat.db, chat.commune.id, about)
    left = (await scores.stand(chat.db, found)).waits_for(chat.citizen.id) if found else []
    chat.say(_("Your score is recorded. Nobody sees it before the end."))
    if left:
        chat.then("call.score", call=about)
    else:
        chat.say(_("You have scored all files. Thank you."))
