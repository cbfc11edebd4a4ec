"""What is told to those who took part in a consultation: refusals, answers, new dates, the report."""

from flows import reasons
from flows.chat import Chat
from flows.registry import notice
from flows.stances import LABELS
from flows.verdicts import VERDICTS
from locales import _
from locales.values import Code, Day, Hour, Written
from storage import comments, consultations, verdicts
from storage.comments import PUBLIC, REFUSED, Said


@notice("comment.refused")
async def refused(chat: Chat, about: int, occasion: str) -> None:
    """Why it is not published, and how to mend that."""
    said = await comments.own(chat.db, chat.citizen.id, about)
    if said is None or said.state != REFUSED or str(said.edition) != occasion:
        return
    chat.say(_("Your comment on “{title}” is not published."), title=_title(chat, said))
    chat.say("{why}", why=Written(reasons.said(chat, said.reason or "")))
    if said.can_change(chat.now):
        chat.say(_("You can correct it and send it again."))
    chat.offer(f"cc_{said.id}", _("See and correct"))
    chat.offer("/policy", _("Rules of publication"))


@notice("comment.merged")
async def merged(chat: Chat, about: int, occasion: str) -> None:
    """That it counts, with another that says the same."""
    said = await comments.own(chat.db, chat.citizen.id, about)
    if said is None or said.state not in PUBLIC or str(said.edition) != occasion:
        return
    chat.say(_("Your comment on “{title}” says the same as another. Both count."), title=_title(chat, said))
    chat.say(_("The answer to the other is for you too."))
    chat.offer(f"cc_{said.id}", _("See what I said"))


@notice("comment.answered")
async def answered(chat: Chat, about: int, _occasion: str) -> None:
    """The answer with its reasons, once for all the comments of this person that it is for."""
    told = await verdicts.told(chat.db, about, chat.citizen.id)
    if told is None:
        return
    for said in told.comments:
        chat.say(
            _("Your comment {receipt} on “{title}” ({stance}) has its answer."),
            receipt=Code(said.receipt),
            title=_title(chat, said),
            stance=Written(chat.t(LABELS[said.stance])),
        )
    chat.say(
        _("The commune answers: {verdict}.\n{reasons}"),
        verdict=Written(chat.t(VERDICTS[told.answer.verdict])),
        reasons=chat.local(told.answer.reasons),
    )
    chat.offer(f"cm_{told.consultation.id}", _("What I said"))


@notice("consultation.moved")
async def moved(chat: Chat, about: int, occasion: str) -> None:
    """Until when it is open now; moot if that has moved again."""
    found = await consultations.get(chat.db, chat.commune.id, about)
    if found is None or f"{found.closes:%Y-%m-%dT%H:%M}" != occasion:
        return
    chat.say(
        _("The consultation “{title}” is open until {day}, {hour}.")
        if found.is_open(chat.now)
        else _("The consultation “{title}” has closed, on {day} at {hour}. You will hear what becomes of it."),
        title=chat.local(found.title),
        day=Day(found.closes),
        hour=Hour(found.closes),
    )
    chat.offer(f"c_{about}", _("See the consultation"))


@notice("consultation.reported")
async def reported(chat: Chat, about: int, _occasion: str) -> None:
    """The report is out."""
    found = await consultations.get(chat.db, chat.commune.id, about)
    if found is None:
        return
    chat.say(_("The report on the consultation “{title}” is published."), title=chat.local(found.title))
    chat.offer(f"cr_{about}", _("The report (PDF)"))
    chat.offer(f"cm_{about}", _("What I said"))


def _title(chat: Chat, said: Said) -> str:
    return f"{said.number}. {chat.local(said.title)}" if said.number else chat.local(said.title)
