"""The report on a consultation: drafted for the staff at any time, published once it has closed, read by everybody."""

from flows import authoring
from flows.chat import Chat, Stop
from flows.registry import COORDINATORS, deed, flow
from locales import _
from locales.values import Day
from storage import consultation_dates, consultations, verdicts
from storage.consultations import Consultation
from storage.occasions import Closed

_NAMES = {"fr": "rapport", "ar": "taqrir"}  # paper is in standard Arabic, whichever Arabic one speaks


@flow("consultation.report", link="cr", takes="consultation")
async def read(chat: Chat, consultation: int) -> None:
    """The published report, in the language of who asks."""
    asked = await _asked(chat, consultation)
    if asked.reported is None:
        raise Stop(_("The report is not published yet."))
    _hand_out(chat, asked, "fr" if chat.texts.language == "fr" else "ar")
    chat.say(_("Published on {day}."), day=Day(asked.reported))
    chat.offer(f"c_{asked.id}", _("See the consultation"))


@flow("consultation.draft", roles=COORDINATORS)
async def draft(chat: Chat, consultation: int) -> None:
    """The report as it would be now, in both languages; then it may be published."""
    asked = await _asked(chat, consultation)
    for language in _NAMES:
        _hand_out(chat, asked, language)
    if asked.reported or asked.closes > chat.now:
        if not asked.reported:
            chat.say(_("It can be published once the consultation has closed."))
        chat.note("consultation.draft", asked.id)
        return
    waiting, unanswered = await verdicts.left(chat.db, asked.id)
    if waiting or unanswered:
        chat.say(
            _("Comments not read yet: {waiting}. Published without an answer: {unanswered}."),
            waiting=waiting,
            unanswered=unanswered,
        )
    await authoring.sure(
        chat,
        _("Everybody can read it; those who took part are told. {days} later we forget who wrote what. Publish?"),
        (_("Publish"), _("Not now")),
        days=chat.days(asked.keep_days),
    )
    summary = _("Publish the report on {title}")
    await chat.do("consultation.report", asked.id, summary, {}, title=chat.local(asked.title))


async def _asked(chat: Chat, id: int) -> Consultation:
    asked = await consultations.get(chat.db, chat.commune.id, id)
    if asked is None:
        raise Stop(_("This consultation is not open."))
    return asked


def _hand_out(chat: Chat, asked: Consultation, language: str) -> None:
    drawing = {"consultation": {"commune": chat.commune.id, "about": asked.id, "language": language}}
    name = f"{_NAMES[language]}-{asked.slug}.pdf"
    chat.document(name, drawing, "{title}", title=chat.local(asked.title))


@deed("consultation.report")
async def do_publish(chat: Chat, about: int) -> None:
    """Publish it, and have it told."""
    try:
        await consultation_dates.report(chat.db, chat.commune.id, about, chat.now)
    except Closed:
        raise Stop(_("The consultation is not as it was. Nothing was changed.")) from None
    chat.say(_("The report is published. Those who took part are told."))
    chat.offer(f"cr_{about}", _("The report (PDF)"))
