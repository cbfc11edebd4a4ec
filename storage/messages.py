"""Messages to the service: one exchange a person at a time, and so many messages an hour."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import codes, media, service_hours, threads
from storage.communes import Commune
from storage.database import insert_or_skip, vault
from storage.media import Media
from storage.occasions import Occasion
from storage.schema import Rows
from storage.threads import CLOSED, HOUR, MOST_AN_HOUR, OPEN, Exchange, Message, Thread


class TooMany(Exception):
    """This person has written as much as can be written in an hour."""


async def current(db: AsyncSession, citizen_id: int, now: datetime) -> Exchange | None:
    """The exchange that this person has in hand."""
    in_hand = Thread.state != CLOSED, or_(Thread.closes.is_(None), Thread.closes > now)
    return await threads.exchange(db, Thread.citizen_id == citizen_id, *in_hand)


async def leave(
    db: AsyncSession, occasion: Occasion, words: str, kind: str = "text", media_id: int | None = None
) -> Exchange:
    """Write to the service: in the exchange in hand, or in a new one.  Raises TooMany."""
    now, home = occasion.now, occasion.commune
    thread = await _in_hand(db, occasion)
    lately = Message.thread_id == thread.id, Message.staff_id.is_(None), Message.written > now - HOUR
    if (await db.scalar(select(func.count()).where(*lately)) or 0) >= MOST_AN_HOUR:
        raise TooMany
    thread.latest = await threads.write(db, thread.id, now, words, kind=kind, media_id=media_id)
    if thread.state != OPEN:
        thread.asked, thread.answer_by = now, service_hours.answer_by(home, now)
    thread.state, thread.closes = OPEN, None
    if media_id is not None:
        await media.hand_in(db, media_id, occasion.citizen.id, "message", threads.keep_until(home, now))
    await threads.keep(db, thread, home, now)
    return Exchange(thread.id, thread.code, thread.state, thread.asked, thread.answer_by, [])


async def _in_hand(db: AsyncSession, occasion: Occasion) -> Thread:
    """The exchange to write in, locked; of two first messages at once, one begins it and the other joins."""
    citizen, now, home = occasion.citizen, occasion.now, occasion.commune
    locked = select(Thread).where(Thread.citizen_id == citizen.id, Thread.state != CLOSED).with_for_update()
    locked = locked.execution_options(populate_existing=True)
    thread = (await db.scalars(locked)).one_or_none()
    if thread and thread.closes and thread.closes <= now:
        thread.state, thread = CLOSED, None
        await db.flush()
    if thread is None:
        first = insert_or_skip(db, Thread).values(
            commune_id=home.id,
            citizen_id=citizen.id,
            code=codes.receipt(home.receipt_prefix),
            state=OPEN,
            opened=now,
            asked=now,
            answer_by=service_hours.answer_by(home, now),
            keep_until=threads.keep_until(home, now),
        )
        await db.execute(first)
        thread = (await db.scalars(locked)).one()
    return thread


def participations(citizen_id: int) -> Rows:
    """The exchanges of this person, as «فين وصلات؟» lists them (storage/participations.py)."""
    return (
        select(
            literal("message").label("noun"),
            Thread.id.label("about"),
            Commune.name.label("title"),
            Thread.code.label("code"),
            Thread.state.label("state"),
            Thread.opened.label("since"),
            func.coalesce(Thread.closes, Thread.answer_by).label("until"),
        )
        .join(Commune, Commune.id == Thread.commune_id)
        .where(Thread.citizen_id == citizen_id)
    )


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """All that this person and the service wrote to one another."""
    query = select(Thread, Message).join(Message, Message.thread_id == Thread.id)
    rows = await db.execute(query.where(Thread.citizen_id == citizen_id).order_by(Message.id))
    return [
        {
            "receipt": thread.code,
            "state": thread.state,
            "from": "citizen" if message.staff_id is None else "service",
            "written": message.written.isoformat(),
            "kind": message.kind,
            "words": vault(db).open(message.words),
        }
        for thread, message in rows
    ]


async def erase(db: AsyncSession, citizen_id: int, _now: datetime) -> None:
    """Erase the exchanges of this person, with what was sent along."""
    await db.execute(delete(Media).where(Media.citizen_id == citizen_id, Media.used == "message"))
    await _drop(db, select(Thread.id).where(Thread.citizen_id == citizen_id))


async def forget(db: AsyncSession, now: datetime, limit: int = 1000) -> int:
    """Forget exchanges that were kept long enough after they closed; how many."""
    return await _drop(db, select(Thread.id).where(Thread.keep_until < now).order_by(Thread.keep_until).limit(limit))


async def _drop(db: AsyncSession, those: Rows) -> int:
    threads = list((await db.scalars(those)).all())
    if threads:
        await db.execute(delete(Message).where(Message.thread_id.in_(threads)))
        await db.execute(delete(Thread).where(Thread.id.in_(threads)))
    return len(threads)
