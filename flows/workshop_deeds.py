"""What the staff do to a workshop, each with its row in the audit."""

from datetime import datetime, timedelta

from flows.chat import Chat, Stop
from flows.registry import COORDINATORS, MODERATORS, deed
from locales import _, n_
from storage import media, workshop_desk, workshops
from storage.occasions import Closed
from storage.schema import Localised
from storage.workshop_desk import Over, TooFew

_OVER = _("This workshop has begun, is over, or is cancelled. Nothing was changed.")
_MONTH = timedelta(days=30.5)


@deed("workshop.move", COORDINATORS, notes=("begins",))
async def move(chat: Chat, about: int, begins: str) -> None:
    """Another date."""
    try:
        await workshop_desk.move(chat.db, chat.commune, about, datetime.fromisoformat(begins), chat.now)
    except Over:
        raise Stop(_OVER) from None
    except Closed:
        raise Stop(_("This moment has passed. Nothing was changed.")) from None
    chat.say(_("It is moved. All those registered are told, and reminded on the new date."))


@deed("workshop.relocate", COORDINATORS, notes=("place",))
async def relocate(chat: Chat, about: int, place: Localised, map: str | None) -> None:
    """Another place."""
    try:
        await workshop_desk.relocate(chat.db, chat.commune, about, place, map, chat.now)
    except Over:
        raise Stop(_OVER) from None
    chat.say(_("The place is changed. All those registered are told."))


@deed("workshop.resize", COORDINATORS, notes=("seats",))
async def resize(chat: Chat, about: int, seats: int) -> None:
    """More seats or fewer."""
    try:
        await workshop_desk.resize(chat.db, chat.commune, about, seats, chat.now)
    except Over:
        raise Stop(_OVER) from None
    except TooFew as few:
        raise Stop(
            n_(
                "{count} seat is taken meanwhile: it cannot be fewer. Nothing was changed.",
                "{count} seats are taken meanwhile: it cannot be fewer. Nothing was changed.",
            ),
            count=few.taken,
        ) from None
    chat.say(_("Done. Free seats are kept for those next in line."))


@deed("workshop.off", COORDINATORS)
async def call_off(chat: Chat, about: int) -> None:
    """It does not take place."""
    try:
        await workshop_desk.call_off(chat.db, chat.commune, about, chat.now)
    except Over:
        raise Stop(_OVER) from None
    chat.say(_("It is cancelled. All those registered are told."))


@deed("workshop.minutes", COORDINATORS, notes=("kind",))
async def minutes(chat: Chat, about: int, words: str, kind: str, media: int | None, by: int, language: str) -> None:
    """Its minutes, sent to those who were there."""
    until = chat.now + chat.commune.months("workshops") * _MONTH
    if media is not None and not await _hand_in(chat, media, by, until):
        raise Stop(_("What was sent is not kept any more. Send it again."))
    written = {language: words} if words else {}
    try:
        await workshop_desk.send_minutes(chat.db, chat.commune, about, written, kind, media, chat.now)
    except Over:
        raise Stop(_OVER) from None
    chat.say(_("Sent. Those who were there can read them now."))


async def _hand_in(chat: Chat, id: int, by: int, until: datetime) -> bool:
    return await media.hand_in(chat.db, id, by, "minutes", until)


@deed("workshop.sheet", MODERATORS)
async def sheet(chat: Chat, about: int) -> None:
    """The attendance sheet: names leave the chat, so the audit knows."""
    workshop = await workshops.find(chat.db, chat.commune.id, about)
    if workshop is None:
        raise Stop(_("We know no such workshop."))
    drawing = {"workshop": about, "commune": chat.commune.slug, "language": chat.texts.language}
    chat.document(f"{workshop.slug}.pdf", {"attendance": drawing}, _("The attendance sheet, as it stands now."))


@deed("workshop.list", MODERATORS)
async def guests(chat: Chat, about: int) -> None:
    """The list as a spreadsheet: the same names leave the chat."""
    workshop = await workshops.find(chat.db, chat.commune.id, about)
    if workshop is None:
        raise Stop(_("We know no such workshop."))
    drawing = {"workshop": about, "language": chat.texts.language}
    chat.document(f"{workshop.slug}.xlsx", {"guests": {**drawing, "kind": "xlsx"}}, _("For Excel and LibreOffice."))
    chat.document(f"{workshop.slug}.csv", {"guests": {**drawing, "kind": "csv"}}, _("For other programs."))
