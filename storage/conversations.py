"""Where each conversation stands, and what came in; written in as few round trips as the database allows.

A message that only asks costs six on PostgreSQL: begin, `receive`, at most two reads of its flow, `save`, commit.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    bindparam,
    exists,
    func,
    insert,
    join,
    literal,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import outbox
from storage.citizens import Address, Citizen, CitizenRow, Declared
from storage.communes import Commune, Home
from storage.database import Raced, vault
from storage.schema import Base, Moment
from storage.staff import Staff
from storage.told import Told

ALONE = timedelta(minutes=30)  # without a message: whoever helped somebody is themselves again
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


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message on its way in: whose, and which, by the channel's own id."""

    sender: Sender
    external_id: str

    @property
    def place(self) -> str:
        """Where its id means something."""
        return f"{self.sender.commune_id} {self.sender.channel}"


async def receive(db: AsyncSession, arrival: Arrival, now: datetime) -> Conversation:
    """Note that a message came in, and take its conversation; the first message of a person makes one.

    `is_repeat` says that the same message was handled before.
    """
    [talk] = await receive_all(db, [arrival], now)
    return talk


async def receive_all(db: AsyncSession, arrivals: list[Arrival], now: datetime) -> list[Conversation]:
    """The same for messages of different people at once."""
    rows = await _find(db, arrivals, now)
    newcomers = [arrival for arrival, row in zip(arrivals, rows, strict=True) if row is None]
    if newcomers:
        for arrival in newcomers:
            await _greet(db, arrival.sender, now)
        greeted = iter(await _find(db, newcomers, now))
        rows = [row or next(greeted) for row in rows]
    rows, freshness = await _without_forgotten_help(db, arrivals, rows, now)
    await _is_back(db, [row.address_id for row in rows if row.unreachable_since])
    db.info["wrote"] = False  # what was written so far is ours, not the flow's
    homes: dict[int, Home] = {}
    found = zip(arrivals, rows, freshness, strict=True)
    return [_conversation(db, arrival.sender, row, homes, is_fresh) for arrival, row, is_fresh in found]


async def _without_forgotten_help(
    db: AsyncSession, arrivals: list[Arrival], rows: list[Any], now: datetime
) -> tuple[list[Any], list[bool]]:
    """Rows, and which messages are new; whoever comes back long after they helped somebody is themselves again."""
    freshness = [row.is_fresh for row in rows]
    late = [row.address_id for row in rows if row.acting_for and row.updated <= now - ALONE]
    if late:
        await end_help(db, ConversationRow.address_id.in_(late), now)
        rows = await _find(db, arrivals, now)
    return rows, freshness


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
    return Citizen(row.id, row.commune_id, row.language, role, _declared(db, row.person, row.cin_mask, row.name))


async def _is_back(db: AsyncSession, addresses: list[int]) -> None:
    """Who writes can be reached again; whether they want to hear anything is another matter."""
    if addresses:
        places: Any = Address.__table__
        await db.execute(update(places).where(places.c.id.in_(addresses)).values(unreachable_since=None))


async def _find(db: AsyncSession, arrivals: list[Arrival], now: datetime) -> list[Any]:
    connection = await db.connection()
    find = _find_sqlite if connection.dialect.name == "sqlite" else _find_postgresql
    return await find(connection, arrivals, now)


async def _find_sqlite(connection: AsyncConnection, arrivals: list[Arrival], now: datetime) -> list[Any]:
    senders = [arrival.sender for arrival in arrivals]
    keys = [(sender.commune_id, sender.channel, sender.external_id) for sender in senders]
    rows = {row[:3]: row[3:] for row in await connection.execute(_FIND, {"at": keys})}
    known = [arrival for arrival, key in zip(arrivals, keys, strict=True) if key in rows]
    if not known:
        return [None] * len(arrivals)
    notes = [{"channel": arrival.place, "external_id": arrival.external_id, "received": now} for arrival in known]
    fresh = {tuple(row) for row in await connection.execute(_NOTE, notes)}
    return [
        SimpleNamespace(**dict(zip(_FOUND, (*rows[key], (arrival.place, arrival.external_id) in fresh), strict=True)))
        if key in rows
        else None
        for arrival, key in zip(arrivals, keys, strict=True)
    ]


async def _find_postgresql(connection: AsyncConnection, arrivals: list[Arrival], now: datetime) -> list[Any]:
    rows = await connection.execute(
        _RECEIVE,
        {
            "in_id_all": [arrival.external_id for arrival in arrivals],
            "in_place_all": [arrival.place for arrival in arrivals],
            "in_commune_all": [arrival.sender.commune_id for arrival in arrivals],
            "in_channel_all": [arrival.sender.channel for arrival in arrivals],
            "in_address_all": [arrival.sender.external_id for arrival in arrivals],
            "in_now": now,
        },
    )
    found = {(row.in_place, row.in_id): row for row in rows}
    return [found.get((arrival.place, arrival.external_id)) for arrival in arrivals]


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


@dataclass(frozen=True, slots=True)
class Looking:
    """Somebody who has a question open, and how the channel calls the message that asks it."""

    talk: Conversation
    shown_as: str


async def looking(db: AsyncSession, flow: str, since: datetime) -> list[Looking]:
    """Those who are in a flow and have written since then; nothing is locked."""
    # What asks was written in the moment in which the conversation was: see save_all.
    asking = select(func.max(outbox.Outbound.id)).where(
        outbox.Outbound.address_id == Address.id, outbox.Outbound.due == ConversationRow.updated
    )
    letter = outbox.Outbound
    query = (
        select(*_WHERE, *_COLUMNS, letter.id.label("letter"), letter.external_id.label("name"), letter.status)
        .select_from(Address)
        .join(CitizenRow, CitizenRow.id == Address.citizen_id)
        .join(ConversationRow, ConversationRow.address_id == Address.id)
        .join(Commune, Commune.id == Address.commune_id)
        .join(Staff, (Staff.citizen_id == Address.citizen_id) & Staff.removed.is_(None))
        .outerjoin(Told, Told.address_id == Address.id)
        .join(letter, letter.id == asking.correlate(Address, ConversationRow).scalar_subquery())
        .where(ConversationRow.flow == flow, ConversationRow.updated > since, ConversationRow.acting_for.is_(None))
    )
    homes: dict[int, Home] = {}
    found = []
    for row in await db.execute(query):
        sender = Sender(row.commune_id, row.channel, row.external_id)
        talk = _conversation(db, sender, row, homes, is_fresh=True)
        if name := row.name if row.status == outbox.SENT else str(row.letter) * (row.status == outbox.KEPT):
            found.append(Looking(talk, name))
    return found


@dataclass(frozen=True, slots=True)
class Begun:
    """Where a conversation stands, for reminders."""

    address_id: int
    citizen_id: int
    commune_id: int
    flow: str | None
    memory: dict[str, Any]


async def begun(db: AsyncSession, beyond: int, limit: int) -> list[Begun]:
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


async def save_all(db: AsyncSession, said: list[tuple[Conversation, outbox.Batch]]) -> list[outbox.Said]:
    """Keep where conversations stand and what is to be sent, in the transaction that decided both."""
    await db.flush()
    connection = await db.connection()
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


async def _greet(db: AsyncSession, sender: Sender, now: datetime) -> None:
    """Make a person, an address and a conversation; of two first messages at once, one does, the other is Raced.

    Only a second try can see whether the two were the same message, delivered twice.
    """
    connection = await db.connection()
    who = {
        "in_commune": sender.commune_id,
        "in_channel": sender.channel,
        "in_address": sender.external_id,
        "in_now": now,
    }
    if connection.dialect.name == "sqlite":
        # One writer at a time: nobody else can be greeting the same person.
        citizen_id = (await connection.execute(_PERSON, who)).scalar_one()
        address_id = (await connection.execute(_ADDRESS, {**who, "in_citizen": citizen_id})).scalar_one()
        await connection.execute(insert(ConversationRow).values(address_id=address_id, turn=0, updated=now))
    elif not (await connection.execute(_GREET, who)).all():
        raise Raced


def _conversation(db: AsyncSession, sender: Sender, row: Any, homes: dict[int, Home], is_fresh: bool) -> Conversation:
    opened = vault(db).open
    if sender.commune_id not in homes:
        homes[sender.commune_id] = Home.of(sender.commune_id, row.slug, row.commune_name, row.settings)
    if row.merged_into:
        raise Raced  # it became another person's account just now: that one is to be locked
    declared = _declared(db, row.person, row.cin_mask, row.citizen_name)
    return Conversation(
        address_id=row.address_id,
        sender=sender,
        citizen=Citizen(
            row.citizen_id, sender.commune_id, row.language, row.role, declared, is_helped=row.acting_for is not None
        ),
        commune=homes[sender.commune_id],
        is_repeat=not is_fresh,
        account_id=row.account_id,
        flow=row.flow,
        turn=row.turn,
        pressed=row.pressed,
        memory=opened(row.memory) if row.memory else {},
        told=opened(row.told) if row.told else [],
        is_told_last=row.told is not None and row.told_at > row.updated,
    )


def _declared(db: AsyncSession, person: str | None, mask: str | None, name: bytes | None) -> Declared | None:
    return Declared(person, mask or "", vault(db).open(name) if name else "") if person else None


_COLUMNS = (
    Address.id.label("address_id"),
    CitizenRow.id.label("citizen_id"),
    Address.citizen_id.label("account_id"),
    Address.unreachable_since,
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
    ConversationRow.updated,
    ConversationRow.acting_for,
    CitizenRow.merged_into,
    Told.buttons.label("told"),
    Told.at.label("told_at"),
)
_TALKS: Any = ConversationRow.__table__  # not the class: the ORM would look into what was written
_FOUND = [*(column.key for column in _COLUMNS), "is_fresh"]


def _of(columns: Any, start: Any, first: Any = ()) -> Any:
    """All that there is to know of an address that is found at `start`, locked.

    The person is locked with the conversation: one person on two channels is served one after the other.  Who is
    helped stands in the conversation, so that whoever waited for its lock sees who it is now.
    """
    return (
        select(*first, *_COLUMNS, *columns)
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


_WHERE = (Address.commune_id, Address.channel, Address.external_id)
_FIND = _of((), Address, first=_WHERE).where(tuple_(*_WHERE).in_(bindparam("at", expanding=True)))
_NOTE = sqlite.insert(Inbound).on_conflict_do_nothing().returning(Inbound.channel, Inbound.external_id)


_PERSON = (
    insert(CitizenRow).values(commune_id=bindparam("in_commune"), created=bindparam("in_now")).returning(CitizenRow.id)
)
_PLACE: dict[str, Any] = {
    "commune_id": bindparam("in_commune"),
    "channel": bindparam("in_channel"),
    "external_id": bindparam("in_address"),
}
_ADDRESS = insert(Address).values(**_PLACE, citizen_id=bindparam("in_citizen")).returning(Address.id)
_person = _PERSON.cte("person")
_place = (
    postgresql.insert(Address)
    .values(**_PLACE, citizen_id=select(_person.c.id).scalar_subquery())
    .on_conflict_do_nothing()
    .returning(Address.id)
    .cte("place")
)
_GREET = (
    insert(ConversationRow)
    .from_select(
        ["address_id", "turn", "updated"], select(_place.c.id, literal(0), bindparam("in_now", type_=Moment()))
    )
    .returning(ConversationRow.address_id)
)


def _each(name: str, type_: Any) -> Any:
    """The values of an array, a row each."""
    return func.unnest(bindparam(f"{name}_all", type_=ARRAY(type_))).label(name)


_arrived = select(
    _each("in_id", Text),
    _each("in_place", Text),
    _each("in_commune", BigInteger),
    _each("in_channel", Text),
    _each("in_address", Text),
).cte("arrived")
_is_theirs = (
    (Address.commune_id == _arrived.c.in_commune)
    & (Address.channel == _arrived.c.in_channel)
    & (Address.external_id == _arrived.c.in_address)
)
_fresh = (
    postgresql.insert(Inbound)
    .from_select(
        ["channel", "external_id", "received"],
        select(_arrived.c.in_place, _arrived.c.in_id, bindparam("in_now", type_=Moment())).where(
            exists().where(_is_theirs)
        ),
    )
    .on_conflict_do_nothing()
    .returning(Inbound.channel, Inbound.external_id)
    .cte("fresh")
)
_RECEIVE = _of(
    (_arrived.c.in_place, _arrived.c.in_id, _fresh.c.external_id.is_not(None).label("is_fresh")),
    join(_arrived, Address, _is_theirs).outerjoin(
        _fresh, (_fresh.c.channel == _arrived.c.in_place) & (_fresh.c.external_id == _arrived.c.in_id)
    ),
)

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
    _each("to_address", BigInteger),
    _each("to_flow", Text),
    _each("to_turn", BigInteger),
    _each("to_pressed", Text),
    _each("to_memory", LargeBinary),
    _each("to_now", DateTime(timezone=True)),
    _each("to_acting_for", BigInteger),
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
