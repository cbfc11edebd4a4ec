"""What must go out: written with the decision to say it, marked when it was delivered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ForeignKey,
    Index,
    LargeBinary,
    bindparam,
    cast,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.citizens import Address
from storage.database import vault
from storage.schema import Base, Id, Moment

WAITING, SENT, FAILED, KEPT = "waiting", "sent", "failed", "kept"
# KEPT: for channels where the person comes and reads (web, terminal); nothing is pushed.


class Outbound(Base):
    """A message to deliver; sealed, and wiped once it was pushed."""

    __tablename__ = "outbound"
    __table_args__ = (
        Index("ix_outbound_address", "address_id", "id"),
        Index(
            "ix_outbound_waiting",
            "id",
            postgresql_where=text("status = 'waiting'"),
            sqlite_where=text("status = 'waiting'"),
        ),
    )
    id: Mapped[Id]
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"))
    message: Mapped[bytes | None]
    status: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    due: Mapped[datetime]
    done: Mapped[datetime | None]
    external_id: Mapped[str | None]  # what the provider calls it
    error: Mapped[str | None]
    trace: Mapped[str]
    is_ballot: Mapped[bool]  # to be forgotten when a vote closes: it would tell who voted for what


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages of one moment, and what holds for all of them."""

    messages: list[dict[str, Any]]
    status: str
    trace: str
    now: datetime
    is_ballot: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """The numbers that messages got, and the newest earlier one of that address still waiting."""

    ids: tuple[int, ...] = ()
    older: int | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way to an address."""

    id: int
    address_id: int
    channel: str
    commune_id: int
    external_id: str
    message: dict[str, Any]
    attempts: int = 0
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a letter; `due` when it must be tried again."""

    id: int
    status: str
    external_id: str | None = None
    error: str | None = None
    due: datetime | None = None


_older = (
    select(func.max(Outbound.id))
    .where(Outbound.address_id == bindparam("out_address"), Outbound.status == WAITING)
    .scalar_subquery()
)
_inserted = (
    insert(Outbound)
    .from_select(
        ["message", "address_id", "status", "attempts", "due", "trace", "is_ballot"],
        select(
            func.unnest(bindparam("out_messages", type_=ARRAY(LargeBinary))),
            cast(bindparam("out_address"), Outbound.address_id.type),
            bindparam("out_status", type_=Outbound.status.type),
            literal(0),
            bindparam("out_now", type_=Moment()),
            bindparam("out_trace", type_=Outbound.trace.type),
            bindparam("out_is_ballot", type_=Outbound.is_ballot.type),
        ),
    )
    .returning(Outbound.id)
    .cte("inserted")
)
ADD = select(_inserted.c.id, _older.label("older")).order_by(_inserted.c.id)


def parameters(address_id: int, batch: Batch, sealed: list[bytes]) -> dict[str, Any]:
    """For ADD, PostgreSQL's single statement."""
    return {
        "out_address": address_id,
        "out_messages": sealed,
        "out_is_ballot": batch.is_ballot,
        "out_status": batch.status,
        "out_trace": batch.trace,
        "out_now": batch.now,
    }


def said(rows: Sequence[Any]) -> Said:
    """What ADD answered."""
    return Said(tuple(row.id for row in rows), rows[0].older if rows else None)


async def add_sqlite(connection: AsyncConnection, address_id: int, batch: Batch, sealed: list[bytes]) -> Said:
    """The same on SQLite, which has no writing CTE."""
    older = await connection.scalar(select(_older), {"out_address": address_id})
    ids = []
    for message in sealed:
        row = insert(Outbound).values(
            address_id=address_id,
            message=message,
            status=batch.status,
            attempts=0,
            due=batch.now,
            trace=batch.trace,
            is_ballot=batch.is_ballot,
        )
        ids.append((await connection.execute(row.returning(Outbound.id))).scalar_one())
    return Said(tuple(ids), older)


async def waiting(db: AsyncSession, channels: Iterable[tuple[int, str]], beyond: int, limit: int) -> list[Letter]:
    """The next undelivered letters of these accounts (commune, channel), in order, from number `beyond` on.

    Letters that are not due yet come too: they hold back the later ones of their address.
    """
    wanted = set(channels)
    query = (
        select(Outbound, Address.channel, Address.commune_id, Address.external_id.label("place"))
        .join(Address, Address.id == Outbound.address_id)
        .where(Outbound.status == WAITING, Outbound.id > beyond)
        .where(Address.channel.in_({channel for _, channel in wanted}))
        .order_by(Outbound.id)
        .limit(limit)
    )
    opened = vault(db).open
    return [
        Letter(row.id, row.address_id, channel, commune_id, place, opened(row.message or b""), row.attempts, row.trace)
        for row, channel, commune_id, place in await db.execute(query)
        if (commune_id, channel) in wanted
    ]


async def mark(db: AsyncSession, outcomes: Iterable[Outcome], now: datetime) -> None:
    """Keep what became of letters.  What was delivered is wiped: the person has it."""
    outcomes = list(outcomes)
    sent = [{"at_id": o.id, "as_external": o.external_id} for o in outcomes if o.status == SENT]
    failed = [{"at_id": o.id, "as_error": o.error} for o in outcomes if o.status == FAILED]
    again = [{"at_id": o.id, "as_error": o.error, "as_due": o.due} for o in outcomes if o.status == WAITING]
    connection = await db.connection()
    for statement, rows in ((_SENT, sent), (_FAILED, failed), (_AGAIN, again)):
        if rows:
            await connection.execute(statement, [{**row, "as_done": now} for row in rows])


_one = update(Outbound).where(Outbound.id == bindparam("at_id"))
_SENT = _one.values(status=SENT, message=None, external_id=bindparam("as_external"), done=bindparam("as_done"))
_FAILED = _one.values(status=FAILED, message=None, error=bindparam("as_error"), done=bindparam("as_done"))
_AGAIN = _one.values(attempts=Outbound.attempts + 1, error=bindparam("as_error"), due=bindparam("as_due"))


async def forget_ballots(db: AsyncSession) -> None:
    """Wipe what was said to voters, as far as it was delivered: a vote has closed."""
    said = update(Outbound).where(Outbound.is_ballot, Outbound.message.is_not(None), Outbound.status != WAITING)
    await db.execute(said.values(message=None))


async def feed(
    db: AsyncSession, address_id: int, after: int, until: int | None = None, limit: int = 200
) -> list[tuple[int, Any]]:
    """What an address was told after number `after` (up to `until`), oldest first: the newest `limit` of it."""
    query = (
        select(Outbound.id, Outbound.message)
        .where(Outbound.address_id == address_id, Outbound.id > after, Outbound.message.is_not(None))
        .order_by(Outbound.id.desc())
        .limit(limit)
    )
    if until is not None:
        query = query.where(Outbound.id <= until)
    opened = vault(db).open
    return [(id, opened(message or b"")) for id, message in reversed((await db.execute(query)).all())]
