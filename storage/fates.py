"""Fates: what a provider says, later, of letters that it has taken."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.citizens import Address
from storage.deliveries import mark
from storage.letters import Outcome
from storage.outbox import FAILED, HANDED, HELD, SENT, WAITING, Outbound

ARRIVED = ("delivered", "read")
FOR_EVER = timedelta(days=3650)
_DAY = timedelta(days=1)
_SILENCE = timedelta(days=2)  # no word of a letter that was taken: it will not come any more
_HELD_FOR = timedelta(days=90)  # for somebody who does not write
# The words of the index, so that it is used: only WhatsApp's letters have a fate.
_IS_THERE = text("outbound.external_id LIKE 'wamid.%'")


async def arrived(db: AsyncSession, external_id: str, status: str, now: datetime) -> bool:
    """It has gone out, or arrived, or was read: its words are not needed any more.  False: it is not known yet."""
    known = select(Outbound.id).where(Outbound.external_id == external_id, _IS_THERE).limit(1)
    if await db.scalar(known) is None:
        return False
    values = {"status": SENT, "message": None, "done": now}
    this = update(Outbound).where(Outbound.external_id == external_id, _IS_THERE)
    await db.execute(this.where(Outbound.status == HANDED).values(values))
    if status in ARRIVED:
        earlier = Outbound.arrived.is_(None) | (Outbound.arrived != ARRIVED[-1])
        await db.execute(this.where(earlier).values(arrived=status))
    return True


async def handed(db: AsyncSession, external_id: str) -> tuple[int, int] | None:
    """The letter that a provider calls so, if its words are kept still; and how often it was tried before."""
    theirs = Outbound.external_id == external_id, Outbound.status.in_((HANDED, HELD)), _IS_THERE
    found = (await db.execute(select(Outbound.id, Outbound.attempts).where(*theirs))).one_or_none()
    return (found.id, found.attempts) if found else None


async def failed(db: AsyncSession, outcome: Outcome, now: datetime) -> None:
    """It could not be delivered: what becomes of it now (held, failed)."""
    if outcome.status == HELD:
        again = update(Outbound).where(Outbound.id == outcome.id)
        values = {"external_id": None, "template": None, "done": None}  # the template did not arrive
        await db.execute(again.values(**values, attempts=Outbound.attempts + 1))
    await mark(db, [outcome], now)


async def is_due_again(db: AsyncSession, now: datetime) -> bool:
    """Whether a letter is held back that may be tried again: only reads."""
    return await db.scalar(select(Outbound.id).where(Outbound.status == HELD, Outbound.due <= now).limit(1)) is not None


async def free(db: AsyncSession, now: datetime) -> int:
    """Let go of letters that were held back for a time; how many."""
    those = update(Outbound).where(Outbound.status == HELD, Outbound.due <= now).values(status=WAITING)
    return len((await db.execute(those.returning(Outbound.id))).all())


async def begun_today(db: AsyncSession, commune_id: int, channel: str, address_id: int, now: datetime) -> int:
    """How many other people a template has gone to within a day."""
    query = (
        select(func.count(func.distinct(Outbound.address_id)))
        .join(Address, Address.id == Outbound.address_id)
        .where(Address.commune_id == commune_id, Address.channel == channel, Outbound.address_id != address_id)
        .where(Outbound.template.is_not(None), Outbound.done > now - _DAY, Outbound.status != FAILED)
    )
    return await db.scalar(query) or 0


async def forget(db: AsyncSession, now: datetime, newest: Any, limit: int) -> int:
    """Forget the words of letters of which no more is heard, and letters that nobody came for; how many."""
    silent = select(Outbound.id).where(Outbound.status == HANDED, Outbound.done < now - _SILENCE).limit(limit)
    wiped = update(Outbound).where(Outbound.id.in_(silent)).values(status=SENT, message=None)
    since = Outbound.due.between(now + FOR_EVER / 2, now + FOR_EVER - _HELD_FOR)
    held = select(Outbound.id).where(Outbound.status == HELD, since, Outbound.id < newest).limit(limit)
    count = 0
    for statement in (wiped, delete(Outbound).where(Outbound.id.in_(held))):
        done: Any = await db.execute(statement.execution_options(synchronize_session=False))
        count += int(done.rowcount)
    return count
