"""Rows of one table brought to what a file says, counted."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.schema import Base


@dataclass(frozen=True, slots=True)
class Entry:
    """A row to be: `values` are what it always says, `first` what only a new row takes, `parts` what it holds."""

    slug: str
    values: dict[str, Any]
    first: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, tuple["Entry", ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Count:
    """How many rows were added, changed, removed, and left as they were."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    left: int = 0
    told: list[str] = field(default_factory=list, compare=False)  # each row that was not left as it was

    def __str__(self) -> str:
        """For the person at the command line."""
        return f"{self.added} added, {self.changed} changed, {self.removed} removed, {self.left} left as they were"


class Changes(dict[str, Count]):
    """What a load did, by noun."""

    def __missing__(self, noun: str) -> Count:
        """Nothing yet."""
        return self.setdefault(noun, Count())

    def __str__(self) -> str:
        """A line for each noun that there is something of."""
        return "\n".join(f"{noun}: {count}" for noun, count in self.items() if count != Count())

    def in_full(self) -> str:
        """The same, with a line for each row that was not left as it was."""
        return "\n".join(line for noun, count in self.items() for line in (f"{noun}: {count}", *count.told))


class BegunAlready(Exception):
    """The file changes what people have taken part in; `faults` name the keys, each with what to do."""

    def __init__(self, faults: list[str]):
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(slots=True)
class Rows:
    """The rows of one table that belong to one owner, by slug; locked."""

    db: AsyncSession
    table: type[Base]
    owner: dict[str, Any]
    found: dict[str, Any]
    count: Count

    @classmethod
    async def of(cls, db: AsyncSession, table: type[Base], count: Count, **owner: Any) -> "Rows":
        """Read and lock them: whoever takes part holds its row shared, so that nothing slips in while rules change."""
        query = select(table).filter_by(**owner).with_for_update().execution_options(populate_existing=True)
        rows: list[Any] = list((await db.scalars(query)).all())
        owner.pop("slug", None)
        return cls(db, table, owner, {row.slug: row for row in rows}, count)

    def settle(self, entry: Entry) -> Any:
        """Add the row of this entry, or change it where it differs."""
        row = self.found.get(entry.slug)
        if row is None:
            row = self.table(slug=entry.slug, **self.owner, **entry.values, **entry.first)
            self.db.add(row)
            self.count.added += 1
            self.count.told.append(f"  + {entry.slug}")
            return row
        different = {key: value for key, value in entry.values.items() if getattr(row, key) != value}
        for key, value in different.items():
            setattr(row, key, value)
        if different:
            self.count.changed += 1
            self.count.told.append(f"  ~ {entry.slug}: {', '.join(sorted(different))}")
        else:
            self.count.left += 1
        return row

    async def settle_all(self, those: tuple[Entry, ...]) -> None:
        """The same for all; rows that none of them names are deleted."""
        for entry in those:
            self.settle(entry)
        for slug in self.found.keys() - {entry.slug for entry in those}:
            await self.db.delete(self.found[slug])
            self.count.removed += 1
            self.count.told.append(f"  - {slug}")
