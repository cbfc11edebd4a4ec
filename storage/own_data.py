"""All that is kept of a person, shown to them on demand (law 09-08, art. 7) and erased when they ask for it (art. 8).

Each noun says what it keeps of a person, and how it forgets one.
"""

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import (
    applications,
    assisted,
    citizens,
    commenting,
    contributions,
    follows,
    idea_proposals,
    idea_supports,
    lines,
    media,
    messages,
    notices,
    past_workshops,
    petition_drafts,
    profiles,
    responses,
    submitting,
    supports,
    told,
)
from storage.citizens import Address
from storage.conversations import ConversationRow
from storage.database import vault
from storage.outbox import FAILED, HELD, WAITING, Outbound

_GOES_YET = (WAITING, HELD)


class Noun(Protocol):
    """What a module of storage has of a person."""

    __name__: str

    async def own_data(self, db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
        """What is kept, a dictionary each, ready for JSON: words as they were written, moments in ISO 8601."""

    async def erase(self, db: AsyncSession, citizen_id: int, now: datetime, /) -> None:
        """Erase it; what must stay is cut from the person."""


# A noun more is a line more.  The person comes last: the others are found through it.
NOUNS: tuple[Noun, ...] = (
    supports,
    petition_drafts,
    messages,
    commenting,
    past_workshops,
    responses,
    applications,
    contributions,
    idea_supports,
    idea_proposals,
    submitting,
    follows,
    media,
    profiles,
    notices,
    lines,
    assisted,
    citizens,
)


async def own_data(db: AsyncSession, citizen_id: int) -> dict[str, list[dict[str, Any]]]:
    """All that is kept of this person: the name of a noun, and its rows; what holds nothing is left out."""
    found = {_name(noun): await noun.own_data(db, citizen_id) for noun in reversed(NOUNS)}
    return {name: rows for name, rows in found.items() if rows}


async def erase(db: AsyncSession, citizen_id: int, now: datetime) -> None:
    """Erase this person: all that was declared, written and sent, and all that was said to them.

    The account stays, empty, as long as its retention says (storage/retention.py): nobody votes twice by being erased.
    """
    for noun in NOUNS:
        await noun.erase(db, citizen_id, now)
    theirs = select(Address.id).where(Address.citizen_id == citizen_id)
    rested = {"flow": None, "pressed": None, "acting_for": None, "memory": vault(db).seal({})}
    await db.execute(update(ConversationRow).where(ConversationRow.address_id.in_(theirs)).values(rested))
    await told.forget(db, theirs)
    said = update(Outbound).where(Outbound.address_id.in_(theirs), Outbound.message.is_not(None))
    await db.execute(said.where(Outbound.status.not_in(_GOES_YET)).values(message=None))
    await db.execute(said.where(Outbound.status.in_(_GOES_YET)).values(message=None, status=FAILED, done=now))


async def staying(db: AsyncSession, citizen_id: int) -> int:
    """How many declarations of support stay, without a name, since their petitions were deposited."""
    return await supports.staying(db, citizen_id)


def _name(noun: Noun) -> str:
    return noun.__name__.rpartition(".")[2]
