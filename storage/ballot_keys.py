"""The key under which one vote, or one survey, knows who has taken part: made with it, destroyed when it closes.

Afterwards nobody can tell, with the whole database and SAWT_SECRET_KEY in hand, whose ballot or answers are whose.
"""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from storage import headcounts, outbox
from storage.citizens import Citizen
from storage.database import vault
from storage.vault import keyed_hash


def new(db: AsyncSession) -> bytes:
    """A key, sealed."""
    return vault(db).seal(secrets.token_hex(32))


def opened(db: AsyncSession, sealed: bytes) -> bytes:
    """The key itself."""
    return bytes.fromhex(vault(db).open(sealed))


def account(db: AsyncSession, sealed: bytes | None, citizen: Citizen) -> str:
    """The mark of this account under a key; nothing once the key is destroyed."""
    return keyed_hash(opened(db, sealed), f"account {citizen.id}") if sealed else ""


def person(key: bytes, recognised: str) -> str:
    """The mark of a person under a key, whatever their account; `recognised` as in `citizens.recognised_in`."""
    return keyed_hash(key, f"person {recognised}")


async def destroy(db: AsyncSession, key: InstrumentedAttribute[bytes | None], now: datetime) -> list[Any]:
    """Destroy the keys of what has closed, and wipe what was said to who took part; the rows that lost their key."""
    kept = key.class_
    closed = update(kept).where(kept.closes <= now, key.is_not(None)).values({key: None})
    gone = list((await db.scalars(closed.returning(kept))).all())
    if gone:
        await outbox.forget_ballots(db)
    return gone


async def write_anew(db: AsyncSession, noun: str, those: list[int], rewrite: TextClause) -> None:
    """Write all slips of `those` that have closed again, at once, and the figures beside them.

    PostgreSQL keeps with each row the transaction that wrote it (xmin), and rows in the order of writing: both would
    lead from a slip to the conversation that it came from.
    """
    if those and db.get_bind().dialect.name == "postgresql":
        await db.execute(rewrite, {"those": those})
        await headcounts.write_anew(db, noun, those)
