"""The tallies as files in a folder, a CSV and an XLSX for each process."""

import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

from locales import texts
from reports import tallies as figures
from reports.spreadsheets import csv_file, xlsx_file
from storage import tallies
from storage.communes import Home
from storage.database import Database
from storage.tallies import Process


async def processes(database: Database, home: Home) -> list[Process]:
    """All that can be counted."""
    async with database.reading() as db:
        return await tallies.every(db, home.id)


async def write(
    database: Database, home: Home, those: list[Process], folder: Path, language: str, now: datetime
) -> AsyncIterator[Process]:
    """Write the files of each process into a folder that is there; small cells are hidden, as in chat."""
    own = texts(language)
    for process in those:
        async with database.reading() as db:
            count = await process.tally(db, home, now)
        tables = figures.tables(own, home, process, count)
        book: dict[str, Any] = {"direction": own.direction, "tables": tables}
        name = re.sub(r"[^a-z0-9-]", "-", process.slug)
        (folder / f"{process.noun}-{name}.csv").write_bytes(await csv_file(book))
        (folder / f"{process.noun}-{name}.xlsx").write_bytes(await xlsx_file(book))
        yield process
