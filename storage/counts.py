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

from storage import assurance, profiles
from storage.citizens import CitizenRow
from storage.occasions import PAPER
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
    whole: str = ""  # of what it is a cell: a small one is hidden; none: it is public whatever it is


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
    people: Parts | None = None  # behind each cell, where one person may have several rows


async def parts(
    db: AsyncSession, table: Any, *those: ColumnElement[bool], of_citizens: ColumnElement[bool] | None = None
) -> Parts:
    """How rows divide by each dimension that their table knows; one look, whatever their number.

    `of_citizens`: which those are that have a citizen, where an index alone tells that.
    """
    return (await divided(db, table, *those, of_citizens=of_citizens))[0]


async def divided(
    db: AsyncSession,
    table: Any,
    *those: ColumnElement[bool],
    author: Any = None,
    of_citizens: ColumnElement[bool] | None = None,
) -> tuple[Parts, Parts]:
    """The same, and how many people stand behind each cell: where one may have several rows, `author` tells whose."""
    columns = {name: getattr(table, name) for name in DIMENSIONS if hasattr(table, name)}
    columns |= {} if not hasattr(table, "signed") else {"paper": table.signed.is_not(None)}
    said = None
    if hasattr(table, "citizen_id"):
        columns["assurance"] = assurance.of(table)
        whose = those if of_citizens is None else (of_citizens,)
        said = await profiles.counted(db, table.citizen_id, "quarter" not in columns, *whose)
    found = await _read(db, columns, author, those)
    for counters, answers in zip(found, await said if said else (), strict=False):
        rows = next(iter(counters.values())).total()
        for name, counter in answers.items():
            if counter and name not in counters:  # the rest did not say, so that the sum is the same
                counters[name] = counter + Counter({"": rows - counter.total()})
    return _tidy(found[0]), _tidy(found[1])


async def _read(
    db: AsyncSession, columns: dict[str, Any], author: Any, those: tuple[ColumnElement[bool], ...]
) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    """Rows by cell, and people by cell; who cannot be told apart any more is somebody else each time."""
    named = [column.label(name) for name, column in columns.items()]
    rows = select(*named, *([] if author is None else [author.label("author")])).where(*those).subquery()
    query = select(*rows.c, func.count()).group_by(*rows.c)
    found: dict[str, Counter[str]] = {name: Counter() for name in columns}
    nobodys: dict[str, Counter[str]] = {name: Counter() for name in columns}
    seen: set[tuple[str, str, Any]] = set()
    for *cells, count in await db.execute(query):
        by = None if author is None else cells.pop()
        for name, cell in zip(columns, map(_written, cells), strict=True):
            found[name][cell] += count
            if by is None:
                nobodys[name][cell] += count
            elif (name, cell, by) not in seen:
                seen.add((name, cell, by))
                nobodys[name][cell] += 1
    return found, nobodys


def _tidy(found: dict[str, Counter[str]]) -> Parts:
    """In order; what is the same of all is not said, and what came on paper is a division too."""
    by_channel = found.get("channel", Counter())
    if PAPER in by_channel:
        found["paper"] = Counter({"yes": by_channel[PAPER], "no": by_channel.total() - by_channel[PAPER]})
    for name in ("assisted", "paper"):
        if set(+found.get(name, Counter())) == {"no"}:  # nobody was helped, nothing is on paper: nothing to mark
            del found[name]
    return {name: dict(sorted((+cells).items())) for name, cells in found.items()}


def _written(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "" if cell is None or cell == profiles.UNSAID else str(cell)


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
