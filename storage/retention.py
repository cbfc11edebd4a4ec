"""How long things are kept; what has had its time is forgotten."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import (
    announcement_progress,
    assisted,
    communes,
    consultation_dates,
    fates,
    media,
    messages,
    past_workshops,
    personal_retention,
    petition_drafts,
    submitting,
)
from storage.arrivals import Inbound
from storage.conversations import ConversationRow
from storage.database import vault
from storage.links import LinkCode, LinkTry
from storage.outbox import KEPT, Outbound
from storage.staff import StaffCode
from storage.uploads import Upload

# Telegram delivers again for a day, WhatsApp for a week.
INBOUND = timedelta(days=30)
CONVERSATION = timedelta(days=30)
MESSAGES = timedelta(days=30)
DELIVERIES = timedelta(days=90)  # their fate, not their words
RECIPIENTS = timedelta(days=60)  # who was told what; before DELIVERIES, from which the figures come that stay
TRIES = timedelta(days=1)  # codes to link accounts, and those that were wrong
_AT_ONCE = 1000  # rows in one transaction


async def forget(db: AsyncSession, now: datetime) -> int:
    """Forget up to a thousand rows of each kind; how many."""
    # The newest row stays, empty: SQLite would give its number again, and an open page waits for a higher one.
    newest = select(func.max(Outbound.id)).scalar_subquery()
    read = select(Outbound.id).where(Outbound.status == KEPT, Outbound.due < now - MESSAGES, Outbound.id < newest)
    done = select(Outbound.id).where(Outbound.done < now - DELIVERIES, Outbound.id < newest)
    last = (Outbound.status == KEPT, Outbound.due < now - MESSAGES, Outbound.message.is_not(None))
    codes = select(StaffCode.id).where(StaffCode.expires < now - DELIVERIES)
    first = (Inbound.channel, Inbound.external_id)
    seen = (await db.execute(select(*first).where(Inbound.received < now - INBOUND).limit(_AT_ONCE))).all()
    counts = [
        await _rest(db, now, ConversationRow.flow == "welcome", {}),
        # The notice was read; that much is remembered.
        await _rest(db, now, ConversationRow.flow != "welcome", {"welcomed": True}),
        await _count(db, delete(Outbound).where(Outbound.id.in_(read.limit(_AT_ONCE)))),
        await _count(db, delete(Outbound).where(Outbound.id.in_(done.limit(_AT_ONCE)))),
        await _count(db, update(Outbound).where(Outbound.id == newest, *last).values(message=None)),
        await _count(db, delete(StaffCode).where(StaffCode.id.in_(codes.limit(_AT_ONCE)))),
        await fates.forget(db, now, newest, _AT_ONCE),
        await _count(db, delete(LinkCode).where(LinkCode.expires < now - TRIES)),
        await _count(db, delete(LinkTry).where(LinkTry.at < now - TRIES)),
        await _count(db, delete(Upload).where(Upload.until < now)),
    ]
    for channel, external_id in seen:
        gone = delete(Inbound).where(Inbound.channel == channel, Inbound.external_id == external_id)
        counts.append(await _count(db, gone))
    counts.append(await consultation_dates.forget_authors(db, now))
    nouns = (media, messages, past_workshops, petition_drafts, assisted, submitting)
    counts += [await noun.forget(db, now) for noun in nouns]
    counts += [await personal_retention.forget(db, home, now) for home in await communes.every(db)]
    counts.append(await announcement_progress.forget(db, now - RECIPIENTS))
    return sum(counts)


async def _rest(db: AsyncSession, now: datetime, those: ColumnElement[bool], memory: dict[str, bool]) -> int:
    """Forget where conversations stand that nobody has gone on with."""
    old = select(ConversationRow.address_id).where(ConversationRow.updated < now - CONVERSATION, those)
    rested = {"flow": None, "pressed": None, "memory": vault(db).seal(memory)}
    query = update(ConversationRow).where(ConversationRow.address_id.in_(old.limit(_AT_ONCE)))
    return await _count(db, query.values(rested))


async def _count(db: AsyncSession, statement: Any) -> int:
    result: Any = await db.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
