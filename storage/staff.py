"""Staff: roles in a commune, and the one-time codes by which people are enrolled."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import codes
from storage.database import vault
from storage.schema import Base, Id

ROLES = ("agent", "coordinator", "programme", "admin")
CODE_LASTS = timedelta(hours=24)


class Staff(Base):
    """A role that a person has; a row is never deleted, it ends."""

    __tablename__ = "staff"
    __table_args__ = (
        Index(
            "uq_staff_current",
            "citizen_id",
            unique=True,
            postgresql_where=text("removed IS NULL"),
            sqlite_where=text("removed IS NULL"),
        ),
    )
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"))
    name: Mapped[str]
    role: Mapped[str]
    added: Mapped[datetime]
    removed: Mapped[datetime | None]
    wants_summary: Mapped[bool] = mapped_column(default=False)  # each morning
    wants_alerts: Mapped[bool | None]  # of what has just come in; none: as the summary


class StaffCode(Base):
    """An invitation, good once and for a day; only its keyed hash is kept."""

    __tablename__ = "staff_code"
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    expires: Mapped[datetime]
    used: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a valid code gives."""

    id: int
    name: str
    role: str


async def invite(db: AsyncSession, commune_id: int, name: str, role: str, now: datetime) -> str:
    """A one-time code that makes the person who types it in chat a member of staff."""
    code = codes.draw(10)
    hashed = vault(db).recognise("staff code", code)
    row = StaffCode(commune_id=commune_id, code=hashed, name=name, role=role, expires=now + CODE_LASTS)
    db.add(row)
    await db.flush()
    return codes.spaced(code)


async def invitation(db: AsyncSession, commune_id: int, typed: str, now: datetime) -> Invitation | None:
    """What this code gives, if it is good."""
    hashed = vault(db).recognise("staff code", codes.read(typed))
    query = select(StaffCode).where(
        StaffCode.commune_id == commune_id,
        StaffCode.code == hashed,
        StaffCode.used.is_(None),
        StaffCode.expires > now,
    )
    row = await db.scalar(query)
    return Invitation(row.id, row.name, row.role) if row else None


async def enrol(db: AsyncSession, commune_id: int, citizen_id: int, invited: Invitation, now: datetime) -> bool:
    """Use up the code and give the role; False if another has just used it."""
    code = update(StaffCode).where(StaffCode.id == invited.id, StaffCode.used.is_(None)).values(used=now)
    if not (await db.execute(code.returning(StaffCode.id))).scalar_one_or_none():
        return False
    await add(db, commune_id, citizen_id, invited.name, invited.role, now)
    return True


async def add(db: AsyncSession, commune_id: int, citizen_id: int, name: str, role: str, now: datetime) -> None:
    """Give a person a role, in place of the one they had."""
    current = update(Staff).where(Staff.citizen_id == citizen_id, Staff.removed.is_(None))
    await db.execute(current.values(removed=now))
    db.add(Staff(commune_id=commune_id, citizen_id=citizen_id, name=name, role=role, added=now))
    await db.flush()


async def current(db: AsyncSession, commune_id: int) -> list[Staff]:
    """All who have a role now."""
    query = select(Staff).where(Staff.commune_id == commune_id, Staff.removed.is_(None)).order_by(Staff.id)
    return list((await db.scalars(query)).all())


async def number(db: AsyncSession, citizen_id: int) -> int | None:
    """Which member of staff a person is now."""
    query = select(Staff.id).where(Staff.citizen_id == citizen_id, Staff.removed.is_(None))
    return (await db.scalars(query)).one_or_none()


async def remove(db: AsyncSession, commune_id: int, staff_id: int, now: datetime) -> bool:
    """End a role at once; False if there was none."""
    query = update(Staff).where(Staff.id == staff_id, Staff.commune_id == commune_id, Staff.removed.is_(None))
    ended = await db.execute(query.values(removed=now).returning(Staff.id))
    return ended.scalar_one_or_none() is not None
