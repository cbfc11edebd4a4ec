"""The first message of somebody makes a person, an address and a conversation: of all newcomers of a moment at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, bindparam, cast, func, insert, literal, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from storage.arrays import each
from storage.citizens import Address, CitizenRow
from storage.conversations import ConversationRow, Sender
from storage.database import Raced, wire
from storage.schema import Moment


async def greet(db: AsyncSession, senders: list[Sender], now: datetime) -> None:
    """Make a person, an address and a conversation each; of two first messages at once, one does, the other is Raced.

    Only a second try can see whether the two were the same message, delivered twice.
    """
    connection = await wire(db)
    if connection.dialect.name == "sqlite":
        await _greet_sqlite(connection, senders, now)
        return
    who = {
        "in_commune_all": [sender.commune_id for sender in senders],
        "in_channel_all": [sender.channel for sender in senders],
        "in_address_all": [sender.external_id for sender in senders],
        "in_now": now,
    }
    if len((await connection.execute(_GREET, who)).all()) < len(senders):
        raise Raced


async def _greet_sqlite(connection: AsyncConnection, senders: list[Sender], now: datetime) -> None:
    """One writer at a time: nobody else can be greeting the same person, or taking these numbers."""
    last_person, last_place = (await connection.execute(_LAST)).one()
    people = [
        {"id": last_person + n, "commune_id": sender.commune_id, "created": now} for n, sender in enumerate(senders, 1)
    ]
    places = [
        {
            "id": last_place + n,
            "commune_id": sender.commune_id,
            "channel": sender.channel,
            "external_id": sender.external_id,
            "citizen_id": last_person + n,
        }
        for n, sender in enumerate(senders, 1)
    ]
    talks = [{"address_id": place["id"], "turn": 0, "updated": now} for place in places]
    for statement, rows in zip(_GREETINGS, (people, places, talks), strict=True):
        await connection.execute(statement, rows)


_TABLES: tuple[Any, ...] = (CitizenRow.__table__, Address.__table__, ConversationRow.__table__)
_GREETINGS = [insert(table) for table in _TABLES]
_LAST = select(
    select(func.coalesce(func.max(CitizenRow.id), 0)).scalar_subquery(),
    select(func.coalesce(func.max(Address.id), 0)).scalar_subquery(),
)


_NOW = bindparam("in_now", type_=Moment())


# Each newcomer gets a number first, so that all three rows of them can be written at once.
_number = func.nextval(cast(func.pg_get_serial_sequence("citizen", "id"), postgresql.REGCLASS)).label("number")
_who = select(each("in_commune", BigInteger), each("in_channel"), each("in_address")).subquery("who")
_new = select(_who, _number).cte("new")
_people = (
    insert(CitizenRow)
    .from_select(["id", "commune_id", "created"], select(_new.c.number, _new.c.in_commune, _NOW))
    .cte("people")
)
_places = (
    postgresql.insert(Address)
    .from_select(
        ["commune_id", "channel", "external_id", "citizen_id"],
        select(_new.c.in_commune, _new.c.in_channel, _new.c.in_address, _new.c.number),
    )
    .on_conflict_do_nothing()
    .returning(Address.id)
    .cte("places")
)
_GREET = (
    insert(ConversationRow)
    .from_select(["address_id", "turn", "updated"], select(_places.c.id, literal(0), _NOW))
    .returning(ConversationRow.address_id)
    .add_cte(_people)
)
