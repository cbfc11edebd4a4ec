"""Where each conversation stands: locked by a message that comes in, kept in one round trip with what is answered.

A message that only asks costs six on PostgreSQL: begin, `arrivals.receive`, at most two reads of its flow, `save_all`,
commit.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    bindparam,
    cast,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import outbox
from storage.arrays import each
from storage.citizens import Address, Citizen, CitizenRow, Declared
from storage.communes import Commune, Home, kept
from storage.database import Raced, vault, wire
from storage.schema import Base
from storage.staff import Staff
from storage.told import Told

_ACTS = text("acting_for IS NOT NULL")


class ConversationRow(Base):
    """A conversation as kept; the memory is sealed, since answers are names and numbers."""

    __tablename__ = "conversation"
    __table_args__ = (Index("ix_conversation_acting_for", "acting_for", postgresql_where=_ACTS, sqlite_where=_ACTS),)
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"), primary_key=True, autoincrement=False)
    flow: Mapped[str | None]
    turn: Mapped[int] = mapped_column(default=0)
    pressed: Mapped[str | None]  # the last press, to know a double tap
    memory: Mapped[bytes | None]
    updated: Mapped[datetime] = mapped_column(index=True)
    acting_for: Mapped[int | None] = mapped_column(BigInteger)  # who is being helped here: storage/assisted.py


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a message: where, and under which name there."""

    commune_id: int
    channel: str
    external_id: str
    language: str | None = None  # what the client is set to


@dataclass(slots=True)
class Conversation:
    """A conversation in hand, locked until the end of the transaction."""

    address_id: int
    sender: Sender
    citizen: Citizen
    commune: Home
    is_repeat: bool
    account_id: int  # of whom the address is, who may be helping the citizen
    flow: str | None = None
    turn: int = 0
    pressed: str | None = None
    memory: dict[str, Any] = field(default_factory=dict)
    told: list[list[str]] = field(default_factory=list)  # the buttons of the last notice
    is_told_last: bool = False  # nothing was said here since

    @property
    def owner(self) -> int:
        """Whose address it is."""
        return self.account_id if self.citizen.is_helped else self.citizen.id


COLUMNS = (
    Address.id.label("address_id"),
    CitizenRow.id.label("citizen_id"),
    Address.citizen_id.label("account_id"),
    Address.unreachable_since,
    CitizenRow.language,
    CitizenRow.name.label("citizen_name"),
    CitizenRow.person,
    CitizenRow.cin_mask,
    Commune.slug,
    # As text: what is the same as before need not be read again.
    cast(Commune.name, Text).label("commune_name"),
    cast(Commune.settings, Text).label("settings"),
    Staff.role,
    ConversationRow.flow,
    ConversationRow.turn,
    ConversationRow.pressed,
    ConversationRow.memory,
    ConversationRow.updated,
    ConversationRow.acting_for,
    CitizenRow.merged_into,
    Told.buttons.label("told"),
    Told.at.label("told_at"),
)


def conversation(db: AsyncSession, sender: Sender, row: Any, is_fresh: bool) -> Conversation:
    """A row of COLUMNS as a conversation.  Raises Raced."""
    opened = vault(db).open
    if row.merged_into:
        raise Raced  # it became another person's account just now: that one is to be locked
    who = declared(db, row.person, row.cin_mask, row.citizen_name)
    is_helped = row.acting_for is not None
    return Conversation(
        address_id=row.address_id,
        sender=sender,
        citizen=Citizen(row.citizen_id, sender.commune_id, row.language, row.role, who, is_helped),
        commune=kept(sender.commune_id, row.slug, row.commune_name, row.settings),
        is_repeat=not is_fresh,
        account_id=row.account_id,
        flow=row.flow,
        turn=row.turn,
        pressed=row.pressed,
        memory=opened(row.memory) if row.memory else {},
        told=opened(row.told) if row.told else [],
        is_told_last=row.told is not None and row.told_at > row.updated,
    )


def declared(db: AsyncSession, person: str | None, mask: str | None, name: bytes | None) -> Declared | None:
    """Who a person said to be, if they did."""
    return Declared(person, mask or "", vault(db).open(name) if name else "") if person else None


async def save_all(db: AsyncSession, said: list[tuple[Conversation, outbox.Batch]]) -> list[outbox.Said]:
    """Keep where conversations stand and what is to be sent, in the transaction that decided both."""
    await db.flush()
    connection = await wire(db)
    states = [_state(db, talk, batch.now) for talk, batch in said]
    letters = [
        outbox.Sealed(talk.address_id, [vault(db).seal(m) for m in batch.messages], batch) for talk, batch in said
    ]
    if connection.dialect.name == "sqlite":
        await connection.execute(_MOVE, states)
        return await outbox.add_sqlite(connection, letters)
    moves = {f"{name}_all": [state[name] for state in states] for name in states[0]}
    found = outbox.said((await connection.execute(_SAVE, {**moves, **outbox.parameters(letters)})).all())
    return [found[talk.address_id] for talk, _batch in said]


def _state(db: AsyncSession, talk: Conversation, now: datetime) -> dict[str, Any]:
    return {
        "to_address": talk.address_id,
        "to_flow": talk.flow,
        "to_turn": talk.turn,
        "to_pressed": talk.pressed,
        "to_memory": vault(db).seal(talk.memory),
        "to_now": now,
        "to_acting_for": talk.citizen.id if talk.citizen.is_helped else None,
    }


_TALKS: Any = ConversationRow.__table__  # not the class: the ORM would look into what was written
_MOVE = (
    update(_TALKS)
    .where(ConversationRow.address_id == bindparam("to_address"))
    .values(
        flow=bindparam("to_flow"),
        turn=bindparam("to_turn"),
        pressed=bindparam("to_pressed"),
        memory=bindparam("to_memory"),
        updated=bindparam("to_now"),
        acting_for=bindparam("to_acting_for"),
    )
)


_moves = select(
    each("to_address", BigInteger),
    each("to_flow", Text),
    each("to_turn", BigInteger),
    each("to_pressed", Text),
    each("to_memory", LargeBinary),
    each("to_now", DateTime(timezone=True)),
    each("to_acting_for", BigInteger),
).cte("moves")
_moved = (
    update(_TALKS)
    .where(ConversationRow.address_id == _moves.c.to_address)
    .values(
        flow=_moves.c.to_flow,
        turn=_moves.c.to_turn,
        pressed=_moves.c.to_pressed,
        memory=_moves.c.to_memory,
        updated=_moves.c.to_now,
        acting_for=_moves.c.to_acting_for,
    )
    .returning(ConversationRow.address_id)
    .cte("moved")
)
_SAVE = outbox.ADD.add_cte(_moved)
