"""The database: opened once, checked before use, the same code on SQLite and PostgreSQL."""

import asyncio
import secrets
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from functools import cache
from typing import Any

import orjson
from sqlalchemy import LargeBinary, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as SqlTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column

from storage.embedded import engine_of
from storage.schema import Base
from storage.vault import Vault, WrongKey, decrypt, encrypt, wrapping_key

Db = AsyncSession  # what flows hold and hand on, without knowing what it is


class Unusable(Exception):
    """The surroundings are not as they must be: says which setting, why, and what to do."""


class DataKey(Base):
    """The data key, wrapped by the secret from the environment."""

    __tablename__ = "data_key"
    id: Mapped[int] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class Database:
    """One engine, one vault, sessions that read and sessions that write."""

    def __init__(self, engine: AsyncEngine):
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._writes = async_sessionmaker(engine, expire_on_commit=False)
        reading = engine.execution_options(reading=True)
        self._reads = async_sessionmaker(reading, expire_on_commit=False)
        # SQLite has one writer at a time: wait here, in order, rather than in its busy loop.
        self._turnstile: Any = asyncio.Lock() if self.is_sqlite else nullcontext()
        self.vault: Vault | None = None

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end, undone by any exception."""
        async with self._turnstile, self._writes(info={"vault": self.vault, "wrote": False}) as db, db.begin():
            yield db
            await write_rest(db)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that only looks."""
        async with self._reads(info={"vault": self.vault}) as db:
            yield db

    async def unlock(self, secret: str, old_secret: str | None = None) -> None:
        """Open the vault, making its data key the first time; an old secret is exchanged for the new one."""
        key = await asyncio.to_thread(wrapping_key, secret)
        async with self.writing() as db:
            row = await db.scalar(select(DataKey))
            if row is None:
                row = DataKey(id=1, wrapped=encrypt(key, secrets.token_bytes(32)))
                db.add(row)
            try:
                data_key = decrypt(key, row.wrapped)
            except WrongKey:
                data_key = await self._unwrap_with_old(old_secret, row.wrapped)
                row.wrapped = encrypt(key, data_key)
        self.vault = Vault(data_key)

    async def _unwrap_with_old(self, old_secret: str | None, wrapped: bytes) -> bytes:
        try:
            if old_secret:
                return decrypt(await asyncio.to_thread(wrapping_key, old_secret), wrapped)
        except WrongKey:
            pass
        raise Unusable(
            "SAWT_SECRET_KEY is not the one that this database was made with. Set the one used before; "
            "to change it, set the former one as SAWT_SECRET_KEY_OLD for one start."
        )

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()


def connect(url: str) -> Database:
    """The database at this URL, unopened and unchecked."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # what they quote may be a piece of the password
        raise Unusable(
            "SAWT_DATABASE_URL is not a database URL: postgresql+asyncpg://USER:PASSWORD@HOST/NAME. "
            "Write signs in the password as %40 for @, %3A for :, %2F for /."
        ) from None
    if parsed.drivername not in ("sqlite+aiosqlite", "postgresql+asyncpg"):
        raise Unusable(
            f"SAWT_DATABASE_URL names {parsed.drivername!r}; "
            "use sqlite+aiosqlite:///./FILE.db or postgresql+asyncpg://USER:PASSWORD@HOST/NAME."
        )
    if parsed.drivername == "sqlite+aiosqlite":
        _open_once(parsed.database or "")
        return Database(engine_of(url))
    # A message waits for a connection rather than failing; ten are plenty for one process.
    return Database(create_async_engine(url, pool_size=10, max_overflow=5, json_deserializer=orjson.loads))


def _open_once(path: str) -> None:
    # aiosqlite's thread would still complain when all is over.
    try:
        sqlite3.connect(path).close()
    except sqlite3.Error as error:
        raise Unusable(
            f"SAWT_DATABASE_URL: {path} cannot be opened ({error}). Is its folder there, may it be written?"
        ) from None


def vault(db: AsyncSession) -> Vault:
    """The vault of the database that a session belongs to."""
    found: Vault = db.info["vault"]
    return found


async def wire(db: AsyncSession) -> AsyncConnection:
    """The connection of a transaction, for statements that the ORM need not see; asked for once."""
    found: AsyncConnection | None = db.info.get("wire")
    if found is None:
        found = db.info["wire"] = await db.connection()
    return found


COMPANY = ("company",)  # in `seen`: the ids of the citizens who are answered in this transaction


def seen(db: AsyncSession) -> dict[tuple[Any, ...], Any]:
    """What this transaction has read already: those who are answered together look at the same things."""
    found: dict[tuple[Any, ...], Any] = db.info.setdefault("seen", {})
    return found


def later(db: AsyncSession, statement: Any, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Write a row before the transaction ends, together with others like it (returned, this one the last).

    For what nobody reads until then.
    """
    db.info["wrote"] = True
    rows: list[dict[str, Any]] = db.info.setdefault("later", {}).setdefault(statement, [])
    rows.append(row)
    return rows


async def write_rest(db: AsyncSession) -> None:
    """Write what waits for the end of the transaction."""
    waiting: dict[Any, list[dict[str, Any]]] = db.info.pop("later", {})
    for statement, rows in waiting.items():
        await (await wire(db)).execute(statement, rows)


def insert_or_skip(db: AsyncSession, table: type[Base]) -> Any:
    """An insert that adds nothing where a unique key stands against it; `returning` tells which it was."""
    dialect = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table).on_conflict_do_nothing()


async def is_added(db: AsyncSession, table: type[Base], row: dict[str, Any]) -> bool:
    """Add a row unless a unique key stands against it; whether it was added.  Cheaper than the ORM's way."""
    db.info["wrote"] = True
    connection = await wire(db)
    return (await connection.execute(_adding(table, connection.dialect.name), row)).first() is not None


@cache
def _adding(table: type[Base], dialect: str) -> Any:
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(table.__table__)
    return insert.on_conflict_do_nothing().returning(*table.__table__.primary_key)


@event.listens_for(Session, "do_orm_execute")
def _notice_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info["wrote"] = True


@event.listens_for(Session, "before_flush")
def _notice_flush(session: Session, *_: object) -> None:
    if session.new or session.dirty or session.deleted:
        session.info["wrote"] = True


def wrote(db: AsyncSession) -> bool:
    """Whether this session has written, or is about to."""
    return bool(db.info.get("wrote") or db.new or db.dirty or db.deleted)


class Raced(Exception):
    """Another transaction did at the same moment what this one was about to do."""


def is_race(error: BaseException) -> bool:
    """Whether two transactions stood in each other's way: trying again is right (PostgreSQL class 40)."""
    return isinstance(error, Raced) or _sqlstate(error).startswith("40")


def is_passing(error: BaseException) -> bool:
    """Whether the database cannot be used just now, rather than was used wrongly.

    PostgreSQL classes 08 connection, 53 resources, 55 not ready, 57 operator, 58 system; SQLite: busy, full, I/O.
    """
    if isinstance(error, OSError | TimeoutError | SqlTimeoutError | OperationalError | InterfaceError):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return _sqlstate(error)[:2] in ("08", "40", "53", "55", "57", "58")


def _sqlstate(error: BaseException) -> str:
    if not isinstance(error, DBAPIError):
        return ""
    return str(getattr(error.orig, "sqlstate", "") or "")
