"""The versions of the database, checked before use: the names of their files are enough for that.

Alembic, and all that it brings, is loaded where it has work to do (upgrading.py).
"""

import asyncio
from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table

from storage.database import Database, Unusable

_HERE = Path(__file__).parent
_VERSIONS = sorted(path.name[:4] for path in (_HERE / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))
_KEPT = table("alembic_version", column("version_num"))


async def check(database: Database) -> None:
    """Unusable unless the database can be reached and is of this version."""
    version = await current(database)
    refuse_newer(version)
    if version != _VERSIONS[-1]:
        raise Unusable("SAWT_DATABASE_URL: this database is of an older version of Sawt, or empty. Run: sawt migrate")


async def current(database: Database) -> str | None:
    """The version of the database; nothing if it is empty, Unusable if it cannot be reached."""
    try:
        async with asyncio.timeout(10), database.engine.connect() as connection:
            return await connection.run_sync(_read)
    except Exception as error:  # whatever a driver raises where there is no database
        # The message of a driver may hold the password of the URL; its first line is enough and holds none.
        why = str(getattr(error, "orig", error) or type(error).__name__).splitlines()[0]
        raise Unusable(
            f"SAWT_DATABASE_URL: the database cannot be reached ({why}). Is it running, is the URL right?"
        ) from error


def _read(connection: Connection) -> str | None:
    return connection.scalar(select(_KEPT.c.version_num)) if inspect(connection).has_table(_KEPT.name) else None


def refuse_newer(version: str | None) -> None:
    """Unusable if a newer Sawt has been here."""
    if version is not None and version not in _VERSIONS:
        raise Unusable(
            "SAWT_DATABASE_URL: this database was used by a newer version of Sawt. Install that version, "
            "or restore the backup from before."
        )
