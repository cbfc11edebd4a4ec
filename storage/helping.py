"""Where help begins and ends: a conversation acts for somebody else until it is said to be over, or nobody writes."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import outbox
from storage.citizens import Citizen, CitizenRow
from storage.conversations import ConversationRow, declared
from storage.database import vault
from storage.staff import Staff

ALONE = timedelta(minutes=30)  # without a message: whoever helped somebody is themselves again


async def end_help(db: AsyncSession, those: ColumnElement[bool], now: datetime) -> int:
    """End the help that is given in these conversations, and take what was shown off the screen; how many."""
    query = select(ConversationRow).where(those, ConversationRow.acting_for.is_not(None)).with_for_update()
    found = (await db.scalars(query.execution_options(populate_existing=True))).all()
    for row in found:
        memory = vault(db).open(row.memory) if row.memory else {}
        await clear(db, row.address_id, memory.get("since", now.isoformat()))
        row.acting_for, row.flow, row.pressed, row.turn = None, None, None, row.turn + 1
        row.memory = vault(db).seal({"welcomed": True, "help_over": True, "parked": memory.get("own")})
    await db.flush()
    return len(found)


async def end_forgotten_help(db: AsyncSession, now: datetime) -> int:
    """End the help where nobody has written for a while; how often."""
    return await end_help(db, ConversationRow.updated <= now - ALONE, now)


async def clear(db: AsyncSession, address_id: int, since: str) -> None:
    """Take what was shown since then off a screen that others may see, where people come and read."""
    shown: Any = outbox.Outbound.__table__
    those = shown.c.address_id == address_id, shown.c.status == outbox.KEPT, shown.c.announcement_id.is_(None)
    gone = update(shown).where(*those, shown.c.due >= datetime.fromisoformat(since))
    await db.execute(gone.where(shown.c.trace.not_like("notice %")).values(message=None))


async def themselves(db: AsyncSession, account_id: int) -> Citizen:
    """The person whose address it is, locked as if they had written."""
    query = select(CitizenRow, Staff.role).where(CitizenRow.id == account_id)
    query = query.outerjoin(Staff, (Staff.citizen_id == CitizenRow.id) & Staff.removed.is_(None))
    row, role = (await db.execute(query.with_for_update(of=CitizenRow, key_share=True))).one()
    return Citizen(row.id, row.commune_id, row.language, role, declared(db, row.person, row.cin_mask, row.name))
