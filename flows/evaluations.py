"""After a workshop: its minutes, and how it was, said once."""

from flows.chat import Chat, Stop
from flows.registry import flow
from locales import _, n_
from locales.values import Code
from storage import attendance, registrations, workshops

_RATINGS = {"1": _("1: not at all"), "2": "2", "3": "3", "4": "4", "5": _("5: very useful")}


@flow("workshop.rate", _("Say how it was"), link="we", takes="workshop")
async def rate(chat: Chat, workshop: int) -> None:
    """From 1 to 5, and words; once."""
    there = await workshops.find(chat.db, chat.commune.id, workshop)
    mine = await registrations.own(chat.db, workshop, chat.citizen.id)
    if there is None or mine is None or there.ends > chat.now or not await attendance.was_there(chat.db, mine):
        raise Stop(_("Only those who were there say how it was, after the end."))
    if mine.rating is not None:
        raise Stop(_("You have said it already. Thank you."))
    rating = await chat.choose(
        "rating",
        _("{title}: was it useful to you? From 1 to 5."),
        list(_RATINGS),
        label=lambda number: chat.t(_RATINGS[number]),
        title=chat.local(there.short),
    )
    remark = await chat.text(
        "remark",
        _("What should be better? The service reads it, nobody else."),
        longest=500,
        skip=_("Skip this question"),
    )
    if not await attendance.rate(chat.db, mine, int(rating), remark):
        raise Stop(_("You have said it already. Thank you."))
    chat.say(_("Thank you. The service takes it into account."))


@flow("workshop.minutes", link="wm", takes="workshop")
async def minutes(chat: Chat, workshop: int) -> None:
    """The minutes, for everybody: what was said in public is public (law 31-13)."""
    there = await workshops.find(chat.db, chat.commune.id, workshop)
    if there is None or not there.has_minutes:
        raise Stop(_("There are no minutes to read here."))
    chat.say(_("<b>Minutes: {title}</b>"), title=chat.local(there.short))
    if there.minutes:
        chat.say("{words}", words=chat.local(there.minutes))
    if there.minutes_media:
        chat.media(there.minutes_kind or "document", there.minutes_media)
    figures = await attendance.figures(chat.db, there)
    if figures.came:
        chat.say(n_("{count} person came.", "{count} people came."), count=figures.came)
    if figures.said >= attendance.FEWEST:
        useful = n_("Useful: {mean} of 5 ({count} answer).", "Useful: {mean} of 5 ({count} answers).")
        chat.say(useful, mean=Code(f"{figures.mean:.1f}"), count=figures.said)
