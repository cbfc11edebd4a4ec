"""Announcements on their way: begun when their time has come, handed to the outbox, ended when all are told."""

from datetime import datetime

from bot import templates
from bot.render import render
from bot.runner import LIMITS, PULLED
from bot.screen import Screen
from flows.announcement_words import written
from locales import texts
from storage import announcements, audiences, communes, outbox, service_hours
from storage.announcements import Announcement
from storage.database import Database, Db, vault
from storage.letters import Letter
from storage.outbox import KEPT, WAITING, Batch, Sealed

TEMPLATE = "broadcast"  # in bot/templates.toml
_AT_ONCE = 1000  # recipients in one transaction


async def hand_over(
    database: Database, commune_id: int, channel: str, limit: int, now: datetime, is_going: bool = False
) -> list[Letter]:
    """Write the letters of the next to be told on this channel; none in the quiet hours.  `is_going`: some were."""
    if not is_going:  # most of the time there is nothing to write
        async with database.reading() as db:
            if await _next(db, commune_id, channel, now) is None:
                return []
    async with database.writing() as db:
        announcement = await _next(db, commune_id, channel, now)
        return await _hand_over(db, announcement, channel, limit, now) if announcement else []


async def _next(db: Db, commune_id: int, channel: str, now: datetime) -> Announcement | None:
    home = await communes.get(db, commune_id)
    return None if service_hours.is_quiet(home, now) else await announcements.going(db, commune_id, channel)


async def _hand_over(db: Db, announcement: Announcement, channel: str, limit: int, now: datetime) -> list[Letter]:
    turns = await announcements.next_turns(db, announcement, channel, limit, now)
    said = {language: message(announcement, language, channel) for language in {turn.language for turn in turns}}
    sealed = {language: vault(db).seal(each) for language, each in said.items()}  # the same words for all of them
    status = KEPT if channel in PULLED else WAITING
    batch = Batch([], status, f"announcement {announcement.id}", now, announcement=announcement.id)
    those = await outbox.add(db, [Sealed(turn.address_id, [sealed[turn.language]], batch) for turn in turns])
    return [
        Letter(
            id,
            turn.address_id,
            channel,
            announcement.commune_id,
            turn.external_id,
            said[turn.language],
            trace=batch.trace,
            announcement=announcement.id,
        )
        for turn, each in zip(turns, those, strict=True)
        for id in each.ids
    ]


def message(announcement: Announcement, language: str, channel: str) -> dict[str, object]:
    """What is sent: one message, whatever the channel."""
    own, screen = texts(language), Screen()
    prompt = written(own, announcement.texts, announcement.kind, announcement.media_id, announcement.opens)
    screen.show([prompt], 0, language)
    [*before, last] = render(screen.messages[0], LIMITS[channel])
    if LIMITS[channel].window:  # the tap on its template is a message: what follows is the announcement itself
        last["told"] = templates.told(TEMPLATE, announcement.id, {}, "@menu")
    return last if not before else {**last, "text": "\n\n".join(part["text"] for part in (*before, last))}


async def begin(database: Database, now: datetime) -> int:
    """Find the recipients of those whose time has come; tell those who come and read; end what is done."""
    async with database.reading() as db:
        homes = {home.id: home for home in await communes.every(db)}
        due = await announcements.planned(db, now)
    count = 0
    for id in due:
        async with database.writing() as db:
            row = await db.get_one(Announcement, id)
            count += await audiences.begin(db, id, homes[row.commune_id], now)
    for home in homes.values():
        for channel in PULLED:
            while letters := await hand_over(database, home.id, channel, _AT_ONCE, now):
                count += len(letters)
    async with database.reading() as db:
        is_over = await announcements.is_any_over(db)
    if is_over:
        async with database.writing() as db:
            count += await announcements.end(db, now)
    return count
