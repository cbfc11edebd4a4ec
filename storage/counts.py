"""What a tally is, whatever is counted: totals and how they divide; and what is worth a look."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from storage import profiles
from storage.citizens import CitizenRow
from storage.schema import Localised

# A noun divides by those of them that its table has columns for.
DIMENSIONS = ("day", "quarter", "gender", "age", "channel", "language", "assurance", "assisted", "paper")

MOST = 5  # suspects of a kind: enough to see that there is something

Parts = dict[str, dict[str, int]]  # dimension -> cell -> people


@dataclass(frozen=True, slots=True)
class Option:
    """What people could choose, and how many did."""

    slug: str
    title: Localised
    count: int
    parts: Mapping[str, int] = field(default_factory=dict)  # how it divides: for, amend, against


@dataclass(frozen=True, slots=True)
class Suspect:
    """Something that a coordinator may want to look at; it proves nothing."""

    kind: str  # minute, account, ballot
    count: int
    when: datetime | date | None = None  # the minute, or the day


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted: the first of the totals is the one that the parts divide."""

    totals: dict[str, int]
    parts: Parts
    threshold: int | None = None  # which the total `signed` is to reach
    choices: tuple[Option, ...] | None = ()  # None: withheld while a vote is open


async def parts(db: AsyncSession, table: Any, *those: ColumnElement[bool]) -> Parts:
    """How rows divide by each dimension that their table knows; one look, whatever their number."""
    columns = {name: getattr(table, name) for name in DIMENSIONS if hasattr(table, name)}
    query = select(*columns.values(), func.count()).select_from(table).where(*those).group_by(*columns.values())
    found: dict[str, Counter[str]] = {name: Counter() for name in columns}
    for *cells, count in await db.execute(query):
        for name, cell in zip(columns, cells, strict=True):
            found[name][_written(cell)] += count
    if set(found.get("assisted", ())) == {"no"}:
        del found["assisted"]  # nobody was helped: nothing to mark
    if hasattr(table, "citizen_id") and columns:
        found = await _who_they_are(db, table, those, found)
    return {name: dict(sorted(cells.items())) for name, cells in found.items()}


async def _who_they_are(
    db: AsyncSession, table: Any, those: tuple[ColumnElement[bool], ...], found: dict[str, Counter[str]]
) -> dict[str, Counter[str]]:
    """The same, and divided by what people said about themselves; the rest did not say, so that the sum is the same."""
    rows = next(iter(found.values())).total()
    said = await profiles.counted(db, table.citizen_id, *those)
    for name in profiles.COUNTED:
        if said[name] and name not in found:
            found[name] = said[name]
            found[name][""] += rows - said[name].total()
    return found


def _written(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "" if cell is None else str(cell)


def people(parts: Parts) -> int:
    """How many rows were divided."""
    return sum(next(iter(parts.values()), {}).values())


async def bursts(db: AsyncSession, moment: Any, least: int, *those: ColumnElement[bool]) -> list[Suspect]:
    """Minutes in which at least so many took part."""
    minute = _MinuteOf(moment)
    query = select(func.min(moment), func.count()).where(*those).group_by(minute).having(func.count() >= least)
    rows = await db.execute(query.order_by(func.count().desc()).limit(MOST))
    return [Suspect("minute", count, when) for when, count in rows]


async def repeated(db: AsyncSession, kind: str, column: Any, least: int, *those: ColumnElement[bool]) -> list[Suspect]:
    """Values, such as an account, under which at least so many took part."""
    query = select(func.count()).where(column.is_not(None), *those).group_by(column).having(func.count() >= least)
    rows = await db.scalars(query.order_by(func.count().desc()).limit(MOST))
    return [Suspect(kind, count) for count in rows]


async def helpers(db: AsyncSession, table: Any, least: int, *those: ColumnElement[bool]) -> list[Suspect]:
    """Accounts on which at least so many others took part, with help."""
    theirs = table.citizen_id == CitizenRow.id
    return await repeated(db, "account", CitizenRow.helped_by, least, theirs, *those)


class _MinuteOf(FunctionElement[str]):
    """The minute of a moment."""

    inherit_cache = True


@compiles(_MinuteOf, "postgresql")
def _on_postgresql(element: _MinuteOf, compiler: Any, **of: Any) -> str:
    return f"date_trunc('minute', {compiler.process(element.clauses, **of)})"


@compiles(_MinuteOf, "sqlite")
def _on_sqlite(element: _MinuteOf, compiler: Any, **of: Any) -> str:
    return f"strftime('%Y-%m-%d %H:%M', {compiler.process(element.clauses, **of)})"
