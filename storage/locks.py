"""What only one process may do: a PostgreSQL advisory lock, held by a connection of its own.

When the process dies its connection ends and the lock with it, so another takes over.  SQLite has one process.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from sqlalchemy import text

from storage.database import Database

TRY_EVERY = 2.0  # seconds
_SILENCE = 5.0  # seconds without an answer: the lock may be another's by now
_ALIVE = {"tcp_keepalives_idle": 2, "tcp_keepalives_interval": 2, "tcp_keepalives_count": 2}

StillHeld = Callable[[], Awaitable[None]]


@asynccontextmanager
async def held(database: Database, name: str, try_every: float = TRY_EVERY) -> AsyncIterator[StillHeld]:
    """Wait for the lock of this name and hold it; calling what is yielded raises if it was lost."""
    if database.is_sqlite:
        yield _nothing
        return
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    async with database.engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        # A machine that vanishes says no goodbye: the server finds out within seconds, and frees the lock.
        for setting, value in _ALIVE.items():
            await connection.execute(text(f"SET {setting} = {value}"))
        # No event tells that a lock is free; to wait for it in PostgreSQL would hold a statement open for days.
        while not await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}):  # noqa: ASYNC110
            await asyncio.sleep(try_every)

        async def check() -> None:
            async with asyncio.timeout(_SILENCE):
                await connection.execute(text("SELECT 1"))

        try:
            yield check
        finally:
            await connection.invalidate()  # the connection ends, and the lock with it


async def _nothing() -> None:
    return None
