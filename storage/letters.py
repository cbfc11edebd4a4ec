"""Letters: what the outbox holds, opened and on its way to an address; and what may become of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.citizens import Address
from storage.database import vault
from storage.outbox import INTERRUPTED, WAITING, Outbound


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way to an address."""

    id: int
    address_id: int
    channel: str
    commune_id: int
    external_id: str
    message: dict[str, Any]
    attempts: int = 0
    trace: str = ""
    announcement: int | None = None
    due: datetime | None = None  # of one that must be tried again


@dataclass(frozen=True, slots=True)
class Handed:
    """A letter that a provider has taken: its id there, and the template that went in its place."""

    external_id: str
    template: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a letter; `due` when it must be tried again."""

    id: int
    status: str
    external_id: str | None = None
    error: str | None = None
    due: datetime | None = None
    template: str | None = None
    is_unreachable: bool = False
    is_blocked: bool = False  # by the person


async def waiting(
    db: AsyncSession, channels: Iterable[tuple[int, str]], beyond: int, limit: int, announced: bool = False
) -> list[Letter]:
    """The next undelivered letters of these accounts (commune, channel), in order, from number `beyond` on.

    Letters that are not due yet come too: they hold back the later ones of their address.  With `announced` those of
    announcements, else all others.
    """
    is_announced = Outbound.announcement_id.is_not(None)
    wanted = set(channels)
    query = (
        select(Outbound, Address.channel, Address.commune_id, Address.external_id.label("place"))
        .join(Address, Address.id == Outbound.address_id)
        .where(Outbound.status == WAITING, Outbound.id > beyond, is_announced if announced else ~is_announced)
        .where(Address.channel.in_({channel for _, channel in wanted}))
        .order_by(Outbound.id)
        .limit(limit)
    )
    opened = vault(db).open
    return [
        Letter(
            row.id,
            row.address_id,
            channel,
            commune_id,
            place,
            opened(row.message or b""),
            row.attempts,
            row.trace,
            row.announcement_id,
            row.due if row.attempts else None,
        )
        for row, channel, commune_id, place in await db.execute(query)
        if (commune_id, channel) in wanted
    ]


async def interrupt(db: AsyncSession, letters: Iterable[Letter]) -> None:
    """These may have been under way when their process ended: it is written down, so that it can be told."""
    those = update(Outbound).where(Outbound.id.in_([letter.id for letter in letters]))
    await db.execute(those.values(error=INTERRUPTED))
