"""The audit: who of the staff did what to which, when and where; also looks at personal data.  Rows are only added.

The database itself refuses to change or to delete one (migration 0003).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base, Id
from storage.staff import Staff


class Audit(Base):
    """One deed of one member of staff."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "commune_id", "id"),)
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    citizen_id: Mapped[int] = mapped_column(BigInteger)  # who did it; no key: the row outlives the person
    role: Mapped[str]
    deed: Mapped[str]  # petition.move: the name it is registered under in flows
    about: Mapped[int | None] = mapped_column(BigInteger)  # which petition
    details: Mapped[dict[str, Any]]  # how: never a name, a number or words of a citizen
    channel: Mapped[str]
    at: Mapped[datetime]


def note(
    db: AsyncSession,
    commune_id: int,
    citizen_id: int,
    role: str,
    deed: str,
    about: int | None,
    details: dict[str, Any],
    channel: str,
    at: datetime,
) -> None:
    """Add a row, in the transaction of the deed."""
    db.add(
        Audit(
            commune_id=commune_id,
            citizen_id=citizen_id,
            role=role,
            deed=deed,
            about=about,
            details=details,
            channel=channel,
            at=at,
        )
    )
    db.info["audited"] = True


def note_operator(
    db: AsyncSession, commune_id: int, deed: str, about: int | None, details: dict[str, Any], at: datetime
) -> None:
    """The same, of whoever has the command line: no account, but a trace."""
    note(db, commune_id, 0, "operator", deed, about, details, "command line", at)


async def page(db: AsyncSession, commune_id: int, offset: int, limit: int) -> Sequence[tuple[Audit, str | None]]:
    """The newest deeds of a commune, each with the name of who did it."""
    query = _named().where(Audit.commune_id == commune_id).order_by(Audit.id.desc()).offset(offset).limit(limit)
    return [(row, name) for row, name in await db.execute(query)]


async def find(db: AsyncSession, commune_id: int, id: int) -> tuple[Audit, str | None] | None:
    """One row."""
    row = (await db.execute(_named().where(Audit.commune_id == commune_id, Audit.id == id))).one_or_none()
    return (row[0], row[1]) if row else None


def _named() -> Select[Audit, str | None]:
    """Each with the name under which the person was staff at that time."""
    at_that_time = (Staff.added <= Audit.at) & (Staff.removed.is_(None) | (Staff.removed >= Audit.at))
    name = (
        select(Staff.name)
        .where(Staff.citizen_id == Audit.citizen_id, at_that_time)
        .order_by(Staff.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(Audit, name)
