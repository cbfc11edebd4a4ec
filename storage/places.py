"""Where somebody writes from: looked at without a lock."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.citizens import Address, CitizenRow
from storage.conversations import ConversationRow, Sender
from storage.database import vault


@dataclass(frozen=True, slots=True)
class Place:
    """An address that has written before."""

    address_id: int
    citizen_id: int
    language: str | None
    acts_as: int  # the citizen who takes part there now


async def place(db: AsyncSession, sender: Sender) -> Place | None:
    """The address of a sender, if there is one: for reading, nothing is locked."""
    acts_as = func.coalesce(ConversationRow.acting_for, Address.citizen_id)
    query = (
        select(Address.id, Address.citizen_id, CitizenRow.language, acts_as)
        .join(CitizenRow, CitizenRow.id == Address.citizen_id)
        .outerjoin(ConversationRow, ConversationRow.address_id == Address.id)
        .where(
            Address.commune_id == sender.commune_id,
            Address.channel == sender.channel,
            Address.external_id == sender.external_id,
        )
    )
    row = (await db.execute(query)).one_or_none()
    return Place(*row) if row else None


async def takes(db: AsyncSession, sender: Sender) -> list[str]:
    """What the open question of a sender takes beside words: a file is fetched only where it is wanted."""
    query = (
        select(ConversationRow.memory)
        .join(Address, Address.id == ConversationRow.address_id)
        .where(
            Address.commune_id == sender.commune_id,
            Address.channel == sender.channel,
            Address.external_id == sender.external_id,
        )
    )
    memory = await db.scalar(query)
    return list(vault(db).open(memory).get("takes", ())) if memory else []
