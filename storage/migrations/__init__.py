"""The versions of the database: brought up to date, and checked before use."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.database import Database, Unusable

_HERE = Path(__file__).parent


async def upgrade(database: Database) -> None:
    """Bring the database up to this version of Sawt; Unusable if it is of a newer one."""
    current = await _current(database)
    _refuse_newer(current)
    async with database.engine.begin() as connection:
        await connection.run_sync(_upgrade)


async def check(database: Database) -> None:
    """Unusable unless the database can be reached and is of this version."""
    current = await _current(database)
    _refuse_newer(current)
    if current != _newest():
        raise Unusable("SAWT_DATABASE_URL: this database is of an older version of Sawt, or empty. Run: sawt migrate")


async def _current(database: Database) -> str | None:
    try:
        async with asyncio.timeout(10), database.engine.connect() as connection:
            return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    except Exception as error:  # whatever a driver raises where there is no database
        # The message of a driver may hold the password of the URL; its first line is enough and holds none.
        why = str(getattr(error, "orig", error) or type(error).__name__).splitlines()[0]
        raise Unusable(
            f"SAWT_DATABASE_URL: the database cannot be reached ({why}). Is it running, is the URL right?"
        ) from error


def _refuse_newer(current: str | None) -> None:
    if current is not None and current not in {script.revision for script in _scripts().walk_revisions()}:
        raise Unusable(
            "SAWT_DATABASE_URL: this database was used by a newer version of Sawt. Install that version, "
            "or restore the backup from before."
        )


def _newest() -> str | None:
    return _scripts().get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
