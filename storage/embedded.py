"""SQLite, the database inside the process: one writer at a time, and a receipt once shown survives a power cut."""

import sqlite3
from collections.abc import Callable
from typing import Any

import aiosqlite
import orjson
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


class _AtHand(aiosqlite.Connection):
    """Statements of a writing transaction run where they are called: going to a thread and back costs more than they.

    What may wait keeps aiosqlite's thread: for another process (begin), for the disk (commit), or a long reading.
    """

    _is_writing = False

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._is_writing and fn not in (self._conn.commit, self._conn.rollback):
            return fn(*args, **kwargs)
        self._is_writing = False
        done = await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        self._is_writing = args[:1] == (_BEGIN_WRITING,)
        return done


def _at_hand(path: str, **options: Any) -> _AtHand:
    options["check_same_thread"] = False
    connection = _AtHand(lambda: sqlite3.connect(path, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # as SQLAlchemy sets it on a connection that it makes itself
    return connection


_BEGIN_WRITING = "BEGIN IMMEDIATE"


def engine_of(url: str) -> AsyncEngine:
    """The engine of a file."""
    engine = create_async_engine(
        url, connect_args={"timeout": 10, "async_creator_fn": _at_hand}, json_deserializer=orjson.loads
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(dbapi: Any, _: object) -> None:
        dbapi.isolation_level = None  # SQLAlchemy says BEGIN, not sqlite3
        cursor = dbapi.cursor()
        # FULL: a receipt once shown survives a power cut.  WAL: readers never wait for the writer.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        reading = connection.get_execution_options().get("reading")
        connection.exec_driver_sql("BEGIN" if reading else _BEGIN_WRITING)

    return engine
