"""What every command begins with: the database, opened and checked, and the communes in it.

Apart from the composition root, so that a command loads no more than it uses.
"""

from bot.settings import Settings
from storage import communes, migrations, tables
from storage.communes import Home
from storage.database import Database, Unusable, connect

__all__ = ["home_of", "homes_of", "open_database", "tables"]  # the tables must be known before a row is read


async def open_database(settings: Settings) -> Database:
    """The database, reachable, of this version, with the right key; or Unusable."""
    database = connect(settings.database_url)
    try:
        await migrations.check(database)
        old = settings.secret_key_old.get_secret_value() if settings.secret_key_old else None
        await database.unlock(settings.secret_key.get_secret_value(), old)
    except BaseException:  # a start that is cancelled closes what it opened, too
        await database.close()
        raise
    return database


async def home_of(database: Database, settings: Settings) -> Home:
    """The commune that SAWT_COMMUNE names, or the first one."""
    async with database.reading() as db:
        home = await communes.home(db, settings.commune)
    if home is None and settings.commune:
        raise Unusable(f"SAWT_COMMUNE names {settings.commune!r}, which is not loaded: sawt load FILE.yaml")
    if home is None:
        raise Unusable("No commune is loaded yet: sawt load FILE.yaml")
    return home


async def homes_of(database: Database, settings: Settings) -> list[Home]:
    """The communes that this process serves: the one that SAWT_COMMUNE names, or all of them."""
    first = await home_of(database, settings)
    if settings.commune:
        return [first]
    async with database.reading() as db:
        return await communes.every(db)
