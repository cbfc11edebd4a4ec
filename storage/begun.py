"""What was begun and not finished, for reminders."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.citizens import Address, CitizenRow
from storage.conversations import ConversationRow
from storage.database import vault


@dataclass(frozen=True, slots=True)
class Begun:
    """Where a conversation stands, for reminders."""

    address_id: int
    citizen_id: int
    commune_id: int
    flow: str | None
    memory: dict[str, Any]


async def after(db: AsyncSession, beyond: int, limit: int) -> list[Begun]:
    """The next conversations of people who want to hear from us, from address `beyond` on."""
    query = (
        select(Address.id, Address.citizen_id, Address.commune_id, ConversationRow.flow, ConversationRow.memory)
        .join(ConversationRow, ConversationRow.address_id == Address.id)
        .join(CitizenRow, CitizenRow.id == Address.citizen_id)
        .where(Address.id > beyond, ConversationRow.memory.is_not(None), CitizenRow.stopped.is_(None))
        .where(ConversationRow.acting_for.is_(None))  # what is begun there is somebody else's
        .order_by(Address.id)
        .limit(limit)
    )
    return [Begun(*row[:4], vault(db).open(row.memory)) for row in await db.execute(query)]
