"""Who asked to hear what becomes of something; it tells nothing of whether, or how, they took part in it.

A ballot holds no citizen, so voters are told by their own wish: in a message of its own, which leads to no ballot.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, delete, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import notices
from storage.database import insert_or_skip
from storage.notices import Notice
from storage.schema import Base


class Follow(Base):
    """Somebody who wants to hear; no moment, no number."""

    __tablename__ = "follow"
    __table_args__ = ({"sqlite_with_rowid": False},)
    noun: Mapped[str] = mapped_column(primary_key=True)
    about: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), primary_key=True, index=True)


async def follow(db: AsyncSession, noun: str, about: int, citizen_id: int) -> None:
    """Wish to hear; once is enough."""
    await db.execute(insert_or_skip(db, Follow).values(noun=noun, about=about, citizen_id=citizen_id))


async def unfollow(db: AsyncSession, noun: str, about: int, citizen_id: int) -> None:
    """Wish no more."""
    await db.execute(delete(Follow).filter_by(noun=noun, about=about, citizen_id=citizen_id))


async def is_following(db: AsyncSession, noun: str, about: int, citizen_id: int) -> bool:
    """Whether somebody wants to hear."""
    return await db.get(Follow, {"noun": noun, "about": about, "citizen_id": citizen_id}) is not None


async def tell(db: AsyncSession, noun: str, about: int, kind: str, occasion: str, now: datetime) -> None:
    """Tell all who want to hear, once an occasion (storage/notices.py)."""
    said = literal(kind), literal(about), literal(occasion), literal(now, Notice.due.type)
    theirs = select(Follow.citizen_id, *said).where(Follow.noun == noun, Follow.about == about)
    await notices.plan_all(db, theirs)


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """What this person follows."""
    rows = await db.scalars(select(Follow).filter_by(citizen_id=citizen_id).order_by(Follow.noun, Follow.about))
    return [{"follows": row.noun, "number": row.about} for row in rows]


async def erase(db: AsyncSession, citizen_id: int, _now: Any) -> None:
    """Erase what this person follows."""
    await db.execute(delete(Follow).where(Follow.citizen_id == citizen_id))
