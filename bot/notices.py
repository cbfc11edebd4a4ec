"""Tells citizens what is to be told: each notice is put into words and handed to the post, in one transaction."""

from datetime import datetime

from bot import templates
from bot.journal import log
from bot.render import render
from bot.runner import LIMITS, PULLED
from bot.screen import Screen
from flows.chat import Asked, Chat, FlowMistake, Memory, Situation
from flows.registry import NOTICES
from locales import texts
from storage import notices, outbox, told
from storage.database import Database, Db, is_passing, vault, wrote
from storage.notices import FAILED, MOOT, NOWHERE, STOPPED, TOLD, Due
from storage.outbox import Batch, Sealed

_AT_ONCE = 50  # in one transaction


class Wrong(RuntimeError):
    """A notice cannot be told: a mistake of ours."""

    def __init__(self, notice: Due):
        super().__init__(f"{notice.kind} {notice.id}")
        self.notice = notice


async def tell(database: Database, now: datetime) -> int:
    """Tell what is due; how many notices."""
    async with database.reading() as db:
        if not await notices.is_any_due(db, now):
            return 0
    count = 0
    while told := await _tell_some(database, now):
        count += told
    return count


async def _tell_some(database: Database, now: datetime) -> int:
    """Some of them in one transaction; one that cannot be told does not keep the others waiting."""
    try:
        async with database.writing() as db:
            found = await notices.due(db, now, _AT_ONCE)
            offered: dict[int, told.Pairs] = {}
            for notice in found:
                await notices.settle(db, notice.id, await _tell(db, notice, offered, now), now)
            await told.offer_all(db, offered, now)
            return len(found)
    except Wrong as wrong:
        log.error("notice_failed", kind=wrong.notice.kind, notice=wrong.notice.id, error=wrong.__cause__)
        async with database.writing() as db:
            await notices.settle(db, wrong.notice.id, FAILED, now)
        return 1


async def _tell(db: Db, notice: Due, offered: dict[int, told.Pairs], now: datetime) -> str:
    """What becomes of a notice."""
    known = NOTICES.get(notice.kind)
    if known is None:
        return FAILED
    if notice.address_id is None:
        return NOWHERE
    if notice.has_stopped and not known.is_asked:
        return STOPPED
    situation = Situation(db, notice.citizen, notice.commune, notice.channel, now)
    chat = Chat(situation, texts(notice.citizen.language or "fr"), Memory())
    chat.told = {}
    db.info["wrote"] = False  # the notices before were settled
    try:
        await known.run(chat, notice.about, notice.occasion)
        if wrote(db):
            raise FlowMistake(f"the notice {notice.kind} writes")
    except (Exception, Asked) as error:
        if is_passing(error):
            raise
        raise Wrong(notice) from error
    if not chat.screen:
        return MOOT
    offered[notice.address_id] = [(button.value, button.label) for button in chat.offers]
    await _post(db, notice, chat, now)
    return TOLD


async def _post(db: Db, notice: Due, chat: Chat, now: datetime) -> None:
    screen = Screen()
    screen.show(chat.closing(), 0, chat.texts.language)
    parts = [part for message in screen.messages for part in render(message, LIMITS[notice.channel])]
    if parts and LIMITS[notice.channel].window:
        opens = chat.offers[0].value if chat.offers else "@menu"
        parts[-1]["told"] = templates.told(notice.kind, notice.about, chat.told or {}, opens)
    status = outbox.KEPT if notice.channel in PULLED else outbox.WAITING
    batch = Batch(parts, status, f"notice {notice.id}", now)
    await outbox.add(db, [Sealed(notice.address_id or 0, [vault(db).seal(part) for part in parts], batch)])
