"""Who took part where rows hold no citizen: figures beside the box, and never a row a person.

A ballot that said in which quarter and language it was cast would be its voter's own where few are alike.  So each
division is counted for itself, beside the ballots of the whole vote: nothing joins two of them, or one with a choice.
"""

from functools import cache
from typing import Any

from sqlalchemy import BigInteger, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import assurance, profiles
from storage.assurance import ACCOUNT, DECLARED, PHONE
from storage.citizens import CitizenRow
from storage.counts import Parts, people
from storage.database import later, vault
from storage.occasions import Occasion
from storage.profiles import Profile
from storage.schema import Base


class Headcount(Base):
    """How many of those who took part are of one cell: of a vote those who vote in French, and so on."""

    __tablename__ = "headcount"
    noun: Mapped[str] = mapped_column(primary_key=True)
    about: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    division: Mapped[str] = mapped_column(primary_key=True)
    cell: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


_TABLE: Any = Headcount.__table__


async def add(db: AsyncSession, noun: str, about: int, occasion: Occasion, has_declared: bool) -> None:
    """Somebody took part: what is known of them, each for itself."""
    citizen = occasion.citizen.id
    query = select(Profile.quarter, Profile.answers, assurance.has_phone(citizen).label("has_phone"))
    query = query.select_from(CitizenRow).outerjoin(Profile, Profile.citizen_id == CitizenRow.id)
    row = (await db.execute(query.where(CitizenRow.id == citizen))).one()
    said = profiles.said(vault(db).open(row.answers)) if row.answers else {}
    known = DECLARED if has_declared else PHONE if row.has_phone else ACCOUNT
    cells = {**said, "quarter": row.quarter or "", "language": occasion.language, "assurance": known}
    if occasion.assisted:
        cells["assisted"] = "yes"
    for division, cell in cells.items():
        if cell:
            more(db, noun, about, division, cell)


def more(db: AsyncSession, noun: str, about: int, division: str, cell: str, count: int = 1) -> None:
    """So many more in a cell.  Before the transaction ends, and always in the same order: nobody waits in a circle."""
    key = {"noun": noun, "about": about, "division": division, "cell": cell}
    waiting = later(db, _adding(db.get_bind().dialect.name), {**key, "count": count})
    same = [row for row in waiting[:-1] if row.items() >= key.items()]
    if same:
        same[0]["count"] += waiting.pop()["count"]
    waiting.sort(key=lambda row: tuple(map(str, row.values())))


@cache
def _adding(dialect: str) -> Any:
    first: Any = (sqlite if dialect == "sqlite" else postgresql).insert(_TABLE)
    counted = {"count": _TABLE.c.count + first.excluded.count}
    return first.on_conflict_do_update(index_elements=["noun", "about", "division", "cell"], set_=counted)


async def write_anew(db: AsyncSession, noun: str, those: list[int]) -> None:
    """Write the figures again, at once: PostgreSQL keeps with each row the transaction of whoever was counted last."""
    mine = update(_TABLE).where(_TABLE.c.noun == noun, _TABLE.c.about.in_(those))
    await db.execute(mine.values(count=_TABLE.c.count))


async def divide(db: AsyncSession, noun: str, about: int, parts: Parts) -> Parts:
    """The parts of a turnout, with those that were counted beside it."""
    query = select(Headcount.division, Headcount.cell, Headcount.count).filter_by(noun=noun, about=about)
    found: Parts = {}
    for division, cell, count in await db.execute(query):
        found.setdefault(division, {})[cell] = count
    every = people(parts)
    return {**parts, **{division: _made_up(division, cells, every) for division, cells in found.items()}}


def _made_up(division: str, cells: dict[str, int], every: int) -> dict[str, int]:
    """Cells that add up: the rest did not say.

    Where two ballots turned out to be of one person, one of them went; nobody knows from which cell: the largest.
    """
    rest = every - sum(cells.values())
    where = ("no" if division == "assisted" else "") if rest > 0 else max(cells, key=lambda cell: cells[cell])
    made_up = {**cells, where: cells.get(where, 0) + rest}
    return dict(sorted((cell, count) for cell, count in made_up.items() if count > 0))
