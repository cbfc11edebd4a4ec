"""What a peer is told, what it says, and the one table that it fills."""

import logging
import os
import re
from pathlib import Path
from typing import Any

PORT = int(os.environ["BENCH_PORT"])
API = os.environ["BENCH_API"]
SECRET = os.environ["BENCH_SECRET"]
TOKEN = os.environ["BENCH_TOKEN"]
FOLDER = Path(os.environ["BENCH_FOLDER"])
POSTGRES_URL = os.environ["BENCH_POSTGRES"]
REDIS_URL = os.environ["BENCH_REDIS"]
logging.disable(logging.INFO)

LANGUAGES = (("ar", "العربية"), ("fr", "Français"), ("en", "English"))
PETITIONS = ((1, "Cleaner streets"), (2, "More trees"), (3, "Street lights"), (4, "Night buses"), (5, "A library"))
ASK_LANGUAGE = "Welcome! Choose your language"
ASK_PETITION = "Choose the petition that you want to sign"
ASK_NAME = "Write your full name"
ASK_NUMBER = "Write the number of your ID card"
NOT_A_NUMBER = "That is not the number of an ID card"
NUMBER = re.compile(r"[A-Z]{1,2}\d{4,7}")

_TABLE = (
    "CREATE TABLE IF NOT EXISTS signature (id {key}, chat BIGINT NOT NULL, language TEXT, petition INTEGER, "
    "name TEXT, number TEXT, signed TIMESTAMP DEFAULT CURRENT_TIMESTAMP)"
)
_COLUMNS = "signature (chat, language, petition, name, number)"

Signature = dict[str, Any]


def summary(signature: Signature) -> str:
    """What is to be confirmed."""
    return f"Please confirm: {signature['name']}, {signature['number']}, petition {signature['petition']}"


def registered(number: int) -> str:
    """The last word."""
    return f"Registered with number {number}. Thank you!"


class Sqlite:
    """Signatures in a file, with the pragmas usually recommended: a power cut may take the last ones."""

    async def open(self) -> None:
        import aiosqlite  # noqa: PLC0415  # a peer loads only the database it uses

        self._connection = await aiosqlite.connect(FOLDER / "peer.sqlite", isolation_level=None)
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=NORMAL",
            _TABLE.format(key="INTEGER PRIMARY KEY"),
        ):
            await self._connection.execute(statement)

    async def insert(self, chat: int, signature: Signature) -> int:
        values = (chat, signature["language"], int(signature["petition"]), signature["name"], signature["number"])
        cursor = await self._connection.execute(f"INSERT INTO {_COLUMNS} VALUES (?, ?, ?, ?, ?)", values)
        return cursor.lastrowid or 0


class Postgres:
    """Signatures in PostgreSQL, through a pool of ten."""

    async def open(self) -> None:
        import asyncpg  # noqa: PLC0415  # likewise

        self._pool = await asyncpg.create_pool(POSTGRES_URL, min_size=10, max_size=10)
        await self._pool.execute(_TABLE.format(key="BIGSERIAL PRIMARY KEY"))

    async def insert(self, chat: int, signature: Signature) -> int:
        values = (chat, signature["language"], int(signature["petition"]), signature["name"], signature["number"])
        statement = f"INSERT INTO {_COLUMNS} VALUES ($1, $2, $3, $4, $5) RETURNING id"
        return int(await self._pool.fetchval(statement, *values))


def signatures(kind: str) -> Sqlite | Postgres:
    """Where signatures go: sqlite or postgresql."""
    return Sqlite() if kind == "sqlite" else Postgres()
