"""Where each conversation stands, and what came in; written in as few round trips as the database allows.

A message that only asks costs six on PostgreSQL: begin, `receive`, at most two reads of its flow, `save`, commit.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Row, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import outbox
from storage.citizens import Address, Citizen, CitizenRow, Declared
from storage.communes import Commune, Home
from storage.database import Raced, insert_or_skip, vault
from storage.schema import Base
from storage.staff import Staff


class ConversationRow(Base):
    """A conversation as kept; the memory is sealed, since answers are names and numbers."""

    __tablename__ = "conversation"
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"), primary_key=True, autoincrement=False)
    flow: Mapped[str | None]
    turn: Mapped[int] = mapped_column(default=0)
    pressed: Mapped[str | None]  # the last press, to know a double tap
    memory: Mapped[bytes | None]
    updated: Mapped[datetime] = mapped_column(index=True)


class Inbound(Base):
    """A message that was handled: its row makes a redelivery change nothing.  What it said is not kept."""

    __tablename__ = "inbound"
    channel: Mapped[str] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    received: Mapped[datetime] = mapped_column(index=True)


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
    flow: str | None = None
    turn: int = 0
    pressed: str | None = None
    memory: dict[str, Any] = field(default_factory=dict)


async def receive(db: AsyncSession, sender: Sender, external_id: str, now: datetime) -> Conversation:
    """Note that a message came in, and take its conversation; the first message of a person makes one.

    `is_repeat` says that the same message (channel, external id) was handled before.
    """
    connection = await db.connection()
    key = {
        "at_commune": sender.commune_id,
        "on_channel": sender.channel,
        "at_address": sender.external_id,
    }
    note = {"in_id": external_id, "in_channel": f"{sender.commune_id} {sender.channel}", "in_now": now}
    if connection.dialect.name == "sqlite":
        is_fresh = bool((await connection.execute(_NOTE, note)).rowcount)
        row = (await connection.execute(_FIND, key)).one_or_none()
    else:
        row = (await connection.execute(_RECEIVE, {**note, **key})).one_or_none()
        is_fresh = row is None or bool(row.is_fresh)
    if row is None:
        await _greet(db, connection, sender, now)
        row = (await connection.execute(_FIND, key)).one()
    db.info["wrote"] = False  # what was written so far is ours, not the flow's
    return _conversation(db, sender, row, not is_fresh)


@dataclass(frozen=True, slots=True)
class Place:
    """An address that has written before."""

    address_id: int
    citizen_id: int
    language: str | None


async def place(db: AsyncSession, sender: Sender) -> Place | None:
    """The address of a sender, if there is one: for reading, nothing is locked."""
    query = (
        select(Address.id, Address.citizen_id, CitizenRow.language)
        .join(CitizenRow, CitizenRow.id == Address.citizen_id)
        .where(
            Address.commune_id == sender.commune_id,
            Address.channel == sender.channel,
            Address.external_id == sender.external_id,
        )
    )
    row = (await db.execute(query)).one_or_none()
    return Place(*row) if row else None


async def save(db: AsyncSession, talk: Conversation, batch: outbox.Batch) -> outbox.Said:
    """Keep where a conversation stands and what is to be sent, in the transaction that decided both."""
    seal = vault(db).seal
    state = {
        "to_address": talk.address_id,
        "to_flow": talk.flow,
        "to_turn": talk.turn,
        "to_pressed": talk.pressed,
        "to_memory": seal(talk.memory),
        "to_now": batch.now,
    }
    sealed = [seal(message) for message in batch.messages]
    await db.flush()
    connection = await db.connection()
    if connection.dialect.name == "sqlite":
        await connection.execute(_MOVE, state)
        return await outbox.add_sqlite(connection, talk.address_id, batch, sealed)
    said = outbox.parameters(talk.address_id, batch, sealed)
    return outbox.said((await connection.execute(_SAVE, {**state, **said})).all())


async def _greet(db: AsyncSession, connection: AsyncConnection, sender: Sender, now: datetime) -> None:
    """Make a person, an address and a conversation; of two first messages at once, one does, the other is Raced.

    Only a second try can see whether the two were the same message, delivered twice.
    """
    person = insert(CitizenRow).values(commune_id=sender.commune_id, created=now).returning(CitizenRow.id)
    citizen_id = (await connection.execute(person)).scalar_one()
    values = {
        "commune_id": sender.commune_id,
        "channel": sender.channel,
        "external_id": sender.external_id,
        "citizen_id": citizen_id,
    }
    place = insert_or_skip(db, Address).values(values).returning(Address.id)
    address_id = (await connection.execute(place)).scalar_one_or_none()
    if address_id is None:
        raise Raced
    await connection.execute(insert(ConversationRow).values(address_id=address_id, turn=0, updated=now))


def _conversation(db: AsyncSession, sender: Sender, row: Row[Any], is_repeat: bool) -> Conversation:
    opened = vault(db).open
    declared = None
    if row.person:
        declared = Declared(row.person, row.cin_mask or "", opened(row.citizen_name) if row.citizen_name else "")
    return Conversation(
        address_id=row.address_id,
        sender=sender,
        citizen=Citizen(row.citizen_id, sender.commune_id, row.language, row.role, declared),
        commune=Home.of(sender.commune_id, row.slug, row.commune_name, row.settings),
        is_repeat=is_repeat,
        flow=row.flow,
        turn=row.turn,
        pressed=row.pressed,
        memory=opened(row.memory) if row.memory else {},
    )


_FIND = (
    select(
        Address.id.label("address_id"),
        Address.citizen_id,
        CitizenRow.language,
        CitizenRow.name.label("citizen_name"),
        CitizenRow.person,
        CitizenRow.cin_mask,
        Commune.slug,
        Commune.name.label("commune_name"),
        Commune.settings,
        Staff.role,
        ConversationRow.flow,
        ConversationRow.turn,
        ConversationRow.pressed,
        ConversationRow.memory,
    )
    .join(CitizenRow, CitizenRow.id == Address.citizen_id)
    .join(ConversationRow, ConversationRow.address_id == Address.id)
    .join(Commune, Commune.id == Address.commune_id)
    .outerjoin(Staff, (Staff.citizen_id == Address.citizen_id) & Staff.removed.is_(None))
    .where(
        Address.commune_id == bindparam("at_commune"),
        Address.channel == bindparam("on_channel"),
        Address.external_id == bindparam("at_address"),
    )
    # The person is locked with the conversation: one person on two channels is served one after the other.
    .with_for_update(of=[ConversationRow, CitizenRow], key_share=True)
)


def _note(insert: Any) -> Any:
    columns: dict[str, Any] = {
        "channel": bindparam("in_channel"),
        "external_id": bindparam("in_id"),
        "received": bindparam("in_now"),
    }
    return insert(Inbound).values(columns).on_conflict_do_nothing()


_NOTE = _note(sqlite.insert)
_fresh = _note(postgresql.insert).returning(Inbound.channel).cte("fresh")
_RECEIVE = _FIND.add_columns(select(func.count()).select_from(_fresh).scalar_subquery().label("is_fresh"))

_MOVE = (
    update(ConversationRow)
    .where(ConversationRow.address_id == bindparam("to_address"))
    .values(
        flow=bindparam("to_flow"),
        turn=bindparam("to_turn"),
        pressed=bindparam("to_pressed"),
        memory=bindparam("to_memory"),
        updated=bindparam("to_now"),
    )
)
_moved = _MOVE.returning(ConversationRow.address_id).cte("moved")
_SAVE = outbox.ADD.add_cte(_moved)
