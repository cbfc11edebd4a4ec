"""Answers of the service to what citizens wrote: which messages wait, and who answers them first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import notices, service_hours, threads
from storage.communes import Home
from storage.database import vault
from storage.schema import Json, Rows
from storage.threads import ANSWERED, OPEN, STAYS_OPEN, Exchange, Message, Thread


class AnsweredAlready(Exception):
    """Somebody else has answered it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An exchange that waits for an answer; `id` is its newest message, up to which it would be answered."""

    id: int
    code: str
    asked: datetime
    answer_by: datetime


async def waiting(db: AsyncSession, commune_id: int, offset: int, limit: int) -> list[Waiting]:
    """Those that wait for an answer, the longest first."""
    query = (
        select(Thread.latest, Thread.code, Thread.asked, Thread.answer_by)
        .where(Thread.commune_id == commune_id, Thread.state == OPEN)
        .order_by(Thread.asked, Thread.id)
    )
    return [Waiting(*row) for row in await db.execute(query.offset(offset).limit(limit))]


def to_moderate(commune_id: int) -> Rows:
    """Exchanges that wait for an answer, as the queue lists them (storage/queue.py); what they say is sealed."""
    return select(
        literal("message").label("noun"),
        Thread.id.label("about"),
        literal({}, Json).label("title"),
        Thread.asked.label("since"),
    ).where(Thread.commune_id == commune_id, Thread.state == OPEN)


async def newest(db: AsyncSession, commune_id: int, thread_id: int) -> int | None:
    """The newest message of an exchange, while it waits for an answer."""
    query = select(Thread.latest).where(Thread.id == thread_id, Thread.commune_id == commune_id, Thread.state == OPEN)
    return (await db.scalars(query)).one_or_none()


async def still_waiting(db: AsyncSession, commune_id: int, message_id: int) -> Waiting | None:
    """The exchange that waits with this newest message, if it still does."""
    query = select(Thread.latest, Thread.code, Thread.asked, Thread.answer_by).where(
        Thread.commune_id == commune_id, Thread.state == OPEN, Thread.latest == message_id
    )
    row = (await db.execute(query)).one_or_none()
    return Waiting(*row) if row else None


async def to_answer(db: AsyncSession, commune_id: int, message_id: int) -> Exchange | None:
    """The exchange of this message, unless it has its answer."""
    its = select(Message.thread_id).where(Message.id == message_id).scalar_subquery()
    return await threads.exchange(db, Thread.commune_id == commune_id, Thread.id == its, Thread.answered < message_id)


async def answer(
    db: AsyncSession, home: Home, thread_id: int, up_to: int, staff_id: int, words: str, now: datetime
) -> None:
    """Answer what was written up to this message, and tell the citizen; the first answer wins.

    What the citizen has written meanwhile goes on waiting.  Raises AnsweredAlready.
    """
    locked = select(Thread).where(Thread.id == thread_id, Thread.commune_id == home.id).with_for_update()
    thread = (await db.scalars(locked.execution_options(populate_existing=True))).one_or_none()
    if thread is None or thread.answered >= up_to:
        raise AnsweredAlready
    ours = await threads.write(db, thread.id, now, words, staff_id=staff_id)
    newer = Message.thread_id == thread.id, Message.staff_id.is_(None), Message.id > up_to
    asked = await db.scalar(select(Message.written).where(*newer).order_by(Message.id).limit(1))
    thread.answered = up_to
    if asked:
        thread.asked, thread.answer_by = asked, service_hours.answer_by(home, asked)
    else:
        thread.state, thread.closes = ANSWERED, now + STAYS_OPEN
    await threads.keep(db, thread, home, now)
    await notices.plan(db, thread.citizen_id, "message.answered", thread.id, str(ours), now)


async def answered(db: AsyncSession, thread_id: int, message_id: int) -> tuple[str, str] | None:
    """The code of the exchange and the words of this answer in it."""
    query = select(Thread.code, Message.words).join(Message, Message.thread_id == Thread.id)
    row = (await db.execute(query.where(Thread.id == thread_id, Message.id == message_id))).one_or_none()
    return (row.code, vault(db).open(row.words)) if row else None
