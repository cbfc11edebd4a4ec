"""What comes in: noted once, however often it is delivered, and its conversation taken; a newcomer is greeted.

All messages of one moment are looked up, noted and locked together: on PostgreSQL in one statement, on SQLite in two.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Text,
    bindparam,
    exists,
    func,
    join,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import helping, newcomers
from storage.arrays import each
from storage.citizens import Address, CitizenRow
from storage.communes import Commune
from storage.conversations import COLUMNS, Conversation, ConversationRow, Sender, conversation
from storage.database import wire
from storage.schema import Base, Moment
from storage.staff import Staff
from storage.told import Told


class Inbound(Base):
    """A message that was handled: its row makes a redelivery change nothing.  What it said is not kept."""

    __tablename__ = "inbound"
    channel: Mapped[str] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    received: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message on its way in: whose, and which, by the channel's own id."""

    sender: Sender
    external_id: str

    @property
    def place(self) -> str:
        """Where its id means something."""
        return f"{self.sender.commune_id} {self.sender.channel}"


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of who sent a message, and whether that message is new."""

    row: Any
    is_fresh: bool


async def receive(db: AsyncSession, arrival: Arrival, now: datetime) -> Conversation:
    """Note that a message came in, and take its conversation; the first message of a person makes one.

    `is_repeat` says that the same message was handled before.
    """
    [talk] = await receive_all(db, [arrival], now)
    return talk


async def receive_all(db: AsyncSession, arrivals: list[Arrival], now: datetime) -> list[Conversation]:
    """The same for messages of different people at once."""
    found = await _find(db, arrivals, now)
    if unknown := [arrival for arrival in arrivals if arrival not in found]:
        await newcomers.greet(db, [arrival.sender for arrival in unknown], now)
        found.update(await _find(db, unknown, now))
    found = await _without_forgotten_help(db, found, now)
    await _are_back(db, [each.row.address_id for each in found.values() if each.row.unreachable_since])
    db.info["wrote"] = False  # what was written so far is ours, not the flow's
    return [conversation(db, arrival.sender, found[arrival].row, found[arrival].is_fresh) for arrival in arrivals]


async def _without_forgotten_help(
    db: AsyncSession, found: dict[Arrival, _Found], now: datetime
) -> dict[Arrival, _Found]:
    """Whoever comes back long after they helped somebody is themselves again."""
    rows = [each.row for each in found.values()]
    late = [row.address_id for row in rows if row.acting_for and row.updated <= now - helping.ALONE]
    if not late:
        return found
    await helping.end_help(db, ConversationRow.address_id.in_(late), now)
    again = await _find(db, list(found), now)  # each has been noted by now
    return {arrival: _Found(again[arrival].row, each.is_fresh) for arrival, each in found.items()}


async def _are_back(db: AsyncSession, addresses: list[int]) -> None:
    """Who writes can be reached again; whether they want to hear anything is another matter."""
    if addresses:
        places: Any = Address.__table__
        await db.execute(update(places).where(places.c.id.in_(addresses)).values(unreachable_since=None))


async def _find(db: AsyncSession, arrivals: list[Arrival], now: datetime) -> dict[Arrival, _Found]:
    connection = await wire(db)
    if connection.dialect.name == "sqlite":
        return await _find_sqlite(connection, arrivals, now)
    rows = await connection.execute(_RECEIVE, {**_parameters(arrivals), "in_now": now})
    found = {(row.in_place, row.in_id): _Found(row, row.is_fresh) for row in rows}
    return _of(arrivals, found)


async def _find_sqlite(connection: AsyncConnection, arrivals: list[Arrival], now: datetime) -> dict[Arrival, _Found]:
    those = [(*(ask(arrival) for ask in _ASKED.values()),) for arrival in arrivals]
    asked = {"arrived": orjson.dumps(those).decode()}
    fresh = {tuple(row) for row in await connection.execute(_NOTE, {**asked, "in_now": now})}
    rows = {(row.in_place, row.in_id): row for row in await connection.execute(_LOOK, asked)}
    return _of(arrivals, {key: _Found(row, key in fresh) for key, row in rows.items()})


def _of(arrivals: list[Arrival], found: dict[tuple[str, str], _Found]) -> dict[Arrival, _Found]:
    keys = {arrival: (arrival.place, arrival.external_id) for arrival in arrivals}
    return {arrival: found[key] for arrival, key in keys.items() if key in found}


def _parameters(arrivals: list[Arrival]) -> dict[str, list[Any]]:
    return {f"{name}_all": [ask(arrival) for arrival in arrivals] for name, ask in _ASKED.items()}


# What is asked of each message, and its type.
_ASKED: dict[str, Any] = {
    "in_id": lambda arrival: arrival.external_id,
    "in_place": lambda arrival: arrival.place,
    "in_commune": lambda arrival: arrival.sender.commune_id,
    "in_channel": lambda arrival: arrival.sender.channel,
    "in_address": lambda arrival: arrival.sender.external_id,
}
_TYPES: dict[str, Any] = {"in_commune": BigInteger}
_NOW = bindparam("in_now", type_=Moment())


def _known(columns: Any, start: Any) -> Any:
    """All that there is to know of an address that is found at `start`, locked.

    The person is locked with the conversation: one person on two channels is served one after the other.  Who is
    helped stands in the conversation, so that whoever waited for its lock sees who it is now.
    """
    return (
        select(*columns, *COLUMNS)
        .select_from(start)
        .join(ConversationRow, ConversationRow.address_id == Address.id)
        .join(CitizenRow, CitizenRow.id == func.coalesce(ConversationRow.acting_for, Address.citizen_id))
        .join(Commune, Commune.id == Address.commune_id)
        .outerjoin(Staff, (Staff.citizen_id == CitizenRow.id) & Staff.removed.is_(None))
        # What was told is for whose address it is, not for whom they help just now.
        .outerjoin(Told, (Told.address_id == Address.id) & ConversationRow.acting_for.is_(None))
        .order_by(Address.id)  # everybody locks in this order, and so nobody waits in a circle
        .with_for_update(of=[ConversationRow, CitizenRow], key_share=True)
    )


def _is_theirs(arrived: Any) -> Any:
    return (
        (Address.commune_id == arrived.c.in_commune)
        & (Address.channel == arrived.c.in_channel)
        & (Address.external_id == arrived.c.in_address)
    )


def _note(arrived: Any, dialect: Any) -> Any:
    """Note the messages of those who have written before; answers which of them are new."""
    those = select(arrived.c.in_place, arrived.c.in_id, _NOW).where(exists().where(_is_theirs(arrived)))
    noted = dialect.insert(Inbound).from_select(["channel", "external_id", "received"], those)
    return noted.on_conflict_do_nothing().returning(Inbound.channel, Inbound.external_id)


# SQLite: the messages come as JSON, so that the statement is the same for any number of them.
_json = func.json_each(bindparam("arrived", type_=Text)).table_valued("value", name="each")
_listed = select(
    *(
        func.json_extract(_json.c.value, f"$[{n}]", type_=_TYPES.get(name, Text)).label(name)
        for n, name in enumerate(_ASKED)
    )
).cte("arrived")
_NOTE = _note(_listed, sqlite)
_LOOK = _known((_listed.c.in_place, _listed.c.in_id), join(_listed, Address, _is_theirs(_listed)))


# PostgreSQL: they come as arrays.
_arrived = select(*(each(name, _TYPES.get(name, Text)) for name in _ASKED)).cte("arrived")
_fresh = _note(_arrived, postgresql).cte("fresh")
_is_same = (_fresh.c.channel == _arrived.c.in_place) & (_fresh.c.external_id == _arrived.c.in_id)
_RECEIVE = _known(
    (_arrived.c.in_place, _arrived.c.in_id, _fresh.c.external_id.is_not(None).label("is_fresh")),
    join(_arrived, Address, _is_theirs(_arrived)).outerjoin(_fresh, _is_same),
)
