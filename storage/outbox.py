"""What must go out: written with the decision to say it, marked when it was delivered."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    bindparam,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import Mapped, aliased, mapped_column

from storage.arrays import each
from storage.database import vault, wire
from storage.schema import Base, Id

WAITING, SENT, FAILED, KEPT = "waiting", "sent", "failed", "kept"
INTERRUPTED = "interrupted"  # of a letter whose process ended while it may have been under way
# KEPT: for channels where the person comes and reads (web, terminal); nothing is pushed.
HANDED = "handed"  # to a provider that says later whether it can be delivered: its words are kept until then
HELD = "held"  # until the person writes, or some time has passed: their channel takes nothing before
_IS_HELD = text("status = 'held'")
_HAS_FATE = text("external_id LIKE 'wamid.%'")  # WhatsApp's: it tells what becomes of each


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
        Index("ix_outbound_held", "due", postgresql_where=_IS_HELD, sqlite_where=_IS_HELD),
        Index(
            "ix_outbound_external",
            "external_id",
            postgresql_where=_HAS_FATE,
            sqlite_where=_HAS_FATE,
        ),
        Index(
            "ix_outbound_announcement",
            "announcement_id",
            postgresql_where=text("announcement_id IS NOT NULL"),
            sqlite_where=text("announcement_id IS NOT NULL"),
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
    template: Mapped[str | None]  # the approved text that went in its place, where no other may be written
    arrived: Mapped[str | None]  # what the provider says of it: delivered, read
    announcement_id: Mapped[int | None] = mapped_column(BigInteger)  # answers go before these


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages of one moment, and what holds for all of them."""

    messages: list[dict[str, Any]]
    status: str
    trace: str
    now: datetime
    is_ballot: bool = False
    announcement: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """The numbers that messages got, and the newest earlier one of that address still waiting."""

    ids: tuple[int, ...] = ()
    older: int | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """A batch for one address, its messages sealed."""

    address_id: int
    messages: list[bytes]
    batch: Batch


_KEPT_OF_EACH = ("address_id", "message", "status", "trace", "is_ballot", "due", "announcement_id")
_new = select(*(each(name, Outbound.__table__.c[name].type, "out_") for name in _KEPT_OF_EACH)).cte("new")
_inserted = (
    insert(Outbound)
    .from_select([*_KEPT_OF_EACH, "attempts"], select(*_new.c, literal(0)))
    .returning(Outbound.id, Outbound.address_id)
    .cte("inserted")
)
_earlier = aliased(Outbound)
_older = (
    select(func.max(_earlier.id))
    .where(_earlier.address_id == _inserted.c.address_id, _earlier.status == WAITING)
    .scalar_subquery()
)
ADD = select(_inserted.c.id, _inserted.c.address_id, _older.label("older")).order_by(_inserted.c.id)


def parameters(letters: list[Sealed]) -> dict[str, list[Any]]:
    """For ADD, PostgreSQL's single statement."""
    rows = _rows(letters)
    return {f"out_{name}_all": [row[name] for row in rows] for name in _KEPT_OF_EACH}


def _rows(letters: list[Sealed]) -> list[dict[str, Any]]:
    return [
        {
            "address_id": each.address_id,
            "message": message,
            "status": each.batch.status,
            "trace": each.batch.trace,
            "is_ballot": each.batch.is_ballot,
            "due": each.batch.now,
            "announcement_id": each.batch.announcement,
        }
        for each in letters
        for message in each.messages
    ]


def said(rows: Sequence[Any]) -> defaultdict[int, Said]:
    """What ADD answered, for each address."""
    found: defaultdict[int, Said] = defaultdict(Said)
    for row in rows:
        found[row.address_id] = Said((*found[row.address_id].ids, row.id), row.older)
    return found


async def add(db: AsyncSession, letters: list[Sealed]) -> list[Said]:
    """Have messages sent that no conversation waits for: what each address was told, in the order of `letters`."""
    connection = await wire(db)
    if connection.dialect.name == "sqlite":
        return await add_sqlite(connection, letters)
    found = said((await connection.execute(ADD, parameters(letters))).all())
    return [found[each.address_id] for each in letters]


async def add_sqlite(connection: AsyncConnection, letters: list[Sealed]) -> list[Said]:
    """The same on SQLite, which has no writing CTE: what each address was told, in the order of `letters`."""
    older = dict((await connection.execute(_OLDER, {"out_addresses": [each.address_id for each in letters]})).all())
    # One writer at a time: nobody else can be taking these numbers, and rows that come with theirs go in at once.
    numbers = count((await connection.execute(_LAST)).scalar_one() + 1)
    rows = [{"id": next(numbers), "attempts": 0, **row} for row in _rows(letters)]
    if rows:
        await connection.execute(_ADD_ALL, rows)
    ids = iter([row["id"] for row in rows])
    return [Said(tuple(next(ids) for _ in each.messages), older.get(each.address_id)) for each in letters]


_OLDER = (
    select(Outbound.address_id, func.max(Outbound.id))
    .where(Outbound.address_id.in_(bindparam("out_addresses", expanding=True)), Outbound.status == WAITING)
    .group_by(Outbound.address_id)
)
_TABLE: Any = Outbound.__table__
_LAST = select(func.coalesce(func.max(_TABLE.c.id), 0))
_ADD_ALL = insert(_TABLE)


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
