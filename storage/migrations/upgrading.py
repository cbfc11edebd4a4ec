"""Brings the database up to the newest version, with Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from storage import migrations
from storage.database import Database


async def upgrade(database: Database) -> None:
    """Bring the database up to this version of Sawt; Unusable if it is of a newer one."""
    migrations.refuse_newer(await migrations.current(database))
    async with database.engine.begin() as connection:
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
