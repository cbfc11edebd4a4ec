"""Who has a question open just now, so that what they look at can change in place."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import outbox
from storage.citizens import Address, CitizenRow
from storage.communes import Commune
from storage.conversations import COLUMNS, Conversation, ConversationRow, Sender, conversation
from storage.staff import Staff
from storage.told import Told


@dataclass(frozen=True, slots=True)
class Looking:
    """Somebody who has a question open, and how the channel calls the message that asks it."""

    talk: Conversation
    shown_as: str


async def at(db: AsyncSession, flow: str, since: datetime) -> list[Looking]:
    """Those who are in a flow and have written since then; nothing is locked."""
    # What asks was written in the moment in which the conversation was: see save_all.
    asking = select(func.max(outbox.Outbound.id)).where(
        outbox.Outbound.address_id == Address.id, outbox.Outbound.due == ConversationRow.updated
    )
    letter = outbox.Outbound
    query = (
        select(
            Address.commune_id,
            Address.channel,
            Address.external_id,
            *COLUMNS,
            letter.id.label("letter"),
            letter.external_id.label("name"),
            letter.status,
        )
        .select_from(Address)
        .join(CitizenRow, CitizenRow.id == Address.citizen_id)
        .join(ConversationRow, ConversationRow.address_id == Address.id)
        .join(Commune, Commune.id == Address.commune_id)
        .join(Staff, (Staff.citizen_id == Address.citizen_id) & Staff.removed.is_(None))
        .outerjoin(Told, Told.address_id == Address.id)
        .join(letter, letter.id == asking.correlate(Address, ConversationRow).scalar_subquery())
        .where(ConversationRow.flow == flow, ConversationRow.updated > since, ConversationRow.acting_for.is_(None))
    )
    found = []
    for row in await db.execute(query):
        sender = Sender(row.commune_id, row.channel, row.external_id)
        talk = conversation(db, sender, row, is_fresh=True)
        if name := row.name if row.status == outbox.SENT else str(row.letter) * (row.status == outbox.KEPT):
            found.append(Looking(talk, name))
    return found
