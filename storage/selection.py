"""Who gets the seats of a body: drawn by lot from a frozen list, or chosen; offered, taken or passed on in order."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import applications, bodies, lottery, notices
from storage.applications import (
    ACCEPTED,
    ALTERNATE,
    APPLIED,
    DECLINED,
    EXPIRED,
    OFFERED,
    SEATED,
    Application,
)
from storage.bodies import LOTTERY, Body
from storage.database import vault
from storage.lottery import Published, Ticket


class NotNow(Exception):
    """The body is not at this step; the word says why: open, frozen, not_frozen, decided, quotas, changed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An application as the staff read it."""

    id: int
    name: str
    gender: str
    groups: frozenset[str]
    quarter: str | None
    motivation: str
    guardian: str
    is_chosen: bool


async def page(db: AsyncSession, body_id: int, offset: int, limit: int) -> list[Seen]:
    """Applications to a body, in the order of their numbers."""
    query = _seen(body_id).order_by(Application.id).offset(offset).limit(limit)
    return [_opened(db, row) for row in await db.scalars(query)]


async def find(db: AsyncSession, body_id: int, id: int) -> Seen | None:
    """One of them."""
    row = (await db.scalars(_seen(body_id).where(Application.id == id))).one_or_none()
    return _opened(db, row) if row else None


async def chosen(db: AsyncSession, body_id: int) -> list[Seen]:
    """Those chosen so far."""
    query = _seen(body_id).where(Application.is_chosen).order_by(Application.id)
    return [_opened(db, row) for row in await db.scalars(query)]


def _seen(body_id: int) -> Select[Application]:
    return select(Application).where(Application.body_id == body_id, Application.state == APPLIED)


def _opened(db: AsyncSession, row: Application) -> Seen:
    opened = vault(db).open
    guardian = opened(row.guardian) if row.guardian else ""
    words = opened(row.motivation)
    return Seen(row.id, opened(row.name), row.gender, row.groups, row.quarter, words, guardian, row.is_chosen)


async def mark(db: AsyncSession, commune_id: int, id: int, is_chosen: bool) -> bool:
    """Choose an application, or not; False where the seats are given, or it was taken back."""
    here = select(Body.id).where(Body.commune_id == commune_id, Body.decided.is_(None))
    one = update(Application).where(Application.id == id, Application.state == APPLIED, Application.body_id.in_(here))
    done = await db.execute(one.values(is_chosen=is_chosen).returning(Application.id))
    return done.scalar_one_or_none() is not None


async def freeze(db: AsyncSession, body_id: int, now: datetime) -> str:
    """Close the list and give each application its number; the fingerprint to publish.  Raises NotNow."""
    body = await bodies.locked(db, body_id)
    if body.closes > now:
        raise NotNow("open")
    if body.frozen:
        raise NotNow("frozen")
    rows = await applications.of_body(db, body.id, APPLIED)
    # The numbers tell nothing: neither who came first nor who is who.
    for number, row in enumerate(sorted(rows, key=lambda _row: secrets.token_bytes(8)), 1):
        row.ticket = f"{number:04}"
    body.frozen, body.tickets = now, lottery.as_rows(_tickets(rows))
    body.fingerprint = published(body).fingerprint
    await db.flush()
    return body.fingerprint


async def draw(db: AsyncSession, body_id: int, seed: str, now: datetime) -> None:
    """Draw from the frozen list and offer the seats.  Raises NotNow."""
    body = await bodies.locked(db, body_id)
    if not body.frozen:
        raise NotNow("not_frozen")
    if body.decided:
        raise NotNow("decided")
    body.seed = seed
    drawn = lottery.draw(lottery.of_rows(body.tickets), body.seats, body.quotas, seed)
    body.kept = drawn.least
    rows = {row.ticket or "": row for row in await applications.of_body(db, body.id, APPLIED)}
    seated = [rows[number] for number in drawn.seated if number in rows]
    await _offer(db, body, seated, [rows[number] for number in drawn.alternates if number in rows], now)
    for _erased in range(len(drawn.seated) - len(seated)):
        await _call_next(db, body.id, now)


async def choose(db: AsyncSession, body_id: int, chosen: Sequence[int], now: datetime) -> None:
    """Offer the seats to those chosen, in this order; the others are alternates.  Raises NotNow.

    What the quotas want is given as far as enough people of a group have applied.
    """
    body = await bodies.locked(db, body_id)
    if body.closes > now:
        raise NotNow("open")
    if body.decided or body.selection == LOTTERY:
        raise NotNow("decided")
    rows = {row.id: row for row in await applications.of_body(db, body.id, APPLIED)}
    if len(chosen) > body.seats or len(set(chosen)) != len(chosen) or not set(chosen) <= set(rows):
        raise NotNow("changed")
    attainable = lottery.attainable(_tickets(rows.values()), body.seats, body.quotas)
    if any(sum(group in rows[id].groups for id in chosen) < least for group, least in attainable.items()):
        raise NotNow("quotas")
    body.kept = attainable
    others = [row for row in rows.values() if row.id not in chosen]
    await _offer(db, body, [rows[id] for id in chosen], others, now)


async def _offer(
    db: AsyncSession, body: Body, seated: Sequence[Application], others: Sequence[Application], now: datetime
) -> None:
    body.decided = now
    for place, row in enumerate((*seated, *others)):
        is_seated = place < len(seated)
        row.place, row.changed, row.state = place, now, OFFERED if is_seated else ALTERNATE
        row.reply_by = now + timedelta(days=body.reply_days) if is_seated else None
    await db.flush()
    for row in (*seated, *others):
        await notices.plan(db, row.citizen_id, "application.decided", body.id, row.state, now)


async def reply(db: AsyncSession, body_id: int, citizen_id: int, takes: bool, now: datetime) -> bool:
    """Take or leave an offered seat; False if it is not offered any more.  A seat that is left goes to the next."""
    await bodies.locked(db, body_id)
    own = await applications.mine(db, body_id, citizen_id)
    if own is None or own.state != OFFERED or own.reply_by is None or own.reply_by <= now:
        return False
    own.state, own.changed, own.reply_by = (ACCEPTED if takes else DECLINED), now, None
    await db.flush()
    if not takes:
        await _call_next(db, body_id, now)
    return True


async def pass_on(db: AsyncSession, now: datetime) -> int:
    """Offer the seats that nobody answered for in time to the next in order; how many."""
    late = select(Application.body_id).where(Application.state == OFFERED, Application.reply_by <= now).distinct()
    count = 0
    for body_id in list((await db.scalars(late.order_by(Application.body_id))).all()):
        await bodies.locked(db, body_id)
        for row in await applications.of_body(db, body_id, OFFERED):
            if row.reply_by and row.reply_by <= now:
                row.state, row.changed, row.reply_by = EXPIRED, now, None
                await db.flush()
                await _call_next(db, body_id, now)
                count += 1
    return count


async def _call_next(db: AsyncSession, body_id: int, now: datetime) -> None:
    """The first alternate with whom what was kept of the quotas can still be kept; else the first."""
    body = await db.get_one(Body, body_id)
    seated = _tickets(await applications.of_body(db, body_id, *SEATED))
    waiting = await applications.of_body(db, body_id, ALTERNATE)
    called = lottery.next_called(seated, _tickets(waiting), body.seats, body.kept or {})
    row = next((each for each in waiting if _number(each) == called), None)
    if row is None:
        return
    row.state, row.changed = OFFERED, now
    row.reply_by = now + timedelta(days=body.reply_days)
    await db.flush()
    await notices.plan(db, row.citizen_id, "application.decided", body_id, OFFERED, now)


def _number(row: Application) -> str:
    return row.ticket or str(row.id)


def _tickets(rows: Iterable[Application]) -> list[Ticket]:
    return [Ticket(_number(row), row.groups) for row in rows]


def published(body: Body) -> Published:
    """What anyone may see of the list and, once it was drawn, of the draw."""
    bare = Published(lottery.of_rows(body.tickets), body.seats, body.quotas)
    if not body.seed:
        return bare
    return replace(bare, seed=body.seed, drawn=lottery.draw(bare.tickets, body.seats, body.quotas, body.seed))
