"""A commune with as many people as wanted, who all agreed and write on Telegram, in a database of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import text

from storage.communes import Commune, Home
from storage.database import Database, connect
from storage.migrations.upgrading import upgrade

FIRST_CHAT = 1_000_000


@asynccontextmanager
async def town(url: str, people: int) -> AsyncIterator[tuple[Database, Home]]:
    """A commune with so many people who agreed, on Telegram."""
    database = connect(url)
    await upgrade(database)
    await database.unlock("the secret of the benchmark")
    async with database.writing() as db:
        settings = {"quiet_from": "00:00", "quiet_until": "00:00", "announcements_a_week": 50}
        db.add(Commune(slug="bench", name={"fr": "Bench"}, settings=settings))
        await db.flush()
        for statement in _PEOPLE:
            await db.execute(text(statement), {"people": people, "chat": FIRST_CHAT} | {"now": datetime.now(UTC)})
    async with database.engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("ANALYZE"))
    yield database, Home.of(1, "bench", {"fr": "Bench"}, settings)
    await database.close()


_PEOPLE = (
    "INSERT INTO citizen (commune_id, language, created) "
    "SELECT 1, CASE n % 3 WHEN 0 THEN 'fr' ELSE 'ary' END, CAST(:now AS timestamptz) "
    "FROM generate_series(1, CAST(:people AS integer)) n WHERE CAST(:chat AS integer) > 0",
    "INSERT INTO address (commune_id, channel, external_id, citizen_id) SELECT 1, 'telegram', "
    "CAST(id + CAST(:chat AS integer) AS varchar), id FROM citizen "
    "WHERE CAST(:people AS integer) > 0 AND CAST(:now AS timestamptz) IS NOT NULL",
    "INSERT INTO conversation (address_id, turn, updated) SELECT id, 0, CAST(:now AS timestamptz) FROM address "
    "WHERE CAST(:people AS integer) > 0 AND CAST(:chat AS integer) > 0",
)
