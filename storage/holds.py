"""Holds: who of the staff has taken an item to decide on it, so that two people do not answer the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base
from storage.staff import Staff

LASTS = timedelta(minutes=15)  # who goes away lets go


class Hold(Base):
    """An item in somebody's hands."""

    __tablename__ = "hold"
    noun: Mapped[str] = mapped_column(primary_key=True)
    about: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    citizen_id: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has an item in hand."""

    citizen_id: int
    name: str


async def take(db: AsyncSession, noun: str, about: int, citizen_id: int, now: datetime) -> Holder | None:
    """Take an item in hand, or keep it longer; who else has it, if somebody does."""
    insert: Any = (sqlite if db.get_bind().dialect.name == "sqlite" else postgresql).insert(Hold)
    mine = {"citizen_id": citizen_id, "until": now + LASTS}
    free = (Hold.until < now) | (Hold.citizen_id == citizen_id)
    query = insert.values(noun=noun, about=about, **mine)
    query = query.on_conflict_do_update(index_elements=["noun", "about"], set_=mine, where=free)
    if (await db.execute(query.returning(Hold.citizen_id))).scalar_one_or_none() is not None:
        return None
    return (await held(db, noun, [about], now)).get(about)


async def held(db: AsyncSession, noun: str, about: list[int], now: datetime) -> dict[int, Holder]:
    """Which of these items are in whose hands."""
    query = (
        select(Hold.about, Hold.citizen_id, Staff.name)
        .join(Staff, (Staff.citizen_id == Hold.citizen_id) & Staff.removed.is_(None))
        .where(Hold.noun == noun, Hold.about.in_(about), Hold.until >= now)
    )
    return {id: Holder(citizen_id, name) for id, citizen_id, name in await db.execute(query)}


async def let_go(db: AsyncSession, noun: str, about: int) -> None:
    """It is decided, or given back."""
    await db.execute(delete(Hold).where(Hold.noun == noun, Hold.about == about))
