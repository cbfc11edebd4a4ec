"""Workshops and meetings: what is announced, and what became of it.  Who comes is in storage/registrations.py."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import codes
from storage.communes import Home
from storage.schema import Base, Id, Localised

KINDS = ("training", "consultation", "meeting", "visit")
_LATELY = timedelta(days=60)
PLANNED, CALLED_OFF = "planned", "cancelled"


class Workshop(Base):
    """A training, a consultation, a meeting, a visit."""

    __tablename__ = "workshop"
    __table_args__ = (UniqueConstraint("commune_id", "slug"), Index(None, "commune_id", "begins"))
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    slug: Mapped[str]
    kind: Mapped[str]
    title: Mapped[Localised]
    short: Mapped[Localised]
    begins: Mapped[datetime]
    ends: Mapped[datetime]
    place: Mapped[Localised]
    quarter: Mapped[str | None]  # where it is, or whom it concerns
    map: Mapped[str | None]  # a link
    audience: Mapped[Localised]  # empty: everybody
    step_free: Mapped[bool] = mapped_column(default=False)
    child_care: Mapped[bool] = mapped_column(default=False)
    sign_language: Mapped[bool] = mapped_column(default=False)
    capacity: Mapped[int]
    given: Mapped[int] = mapped_column(default=0, server_default="0")  # of its seats, by telephone or at the desk
    state: Mapped[str] = mapped_column(default=PLANNED)
    changes: Mapped[int] = mapped_column(default=0)  # of its date or place: each is told once
    arrivals: Mapped[int] = mapped_column(default=0)  # the last number given in the order of arrival
    minutes: Mapped[Localised] = mapped_column(default=dict)
    minutes_media: Mapped[int | None]  # a document or a photo of them
    minutes_kind: Mapped[str | None]
    minutes_sent: Mapped[int] = mapped_column(default=0)  # how often: each is told once
    remembered: Mapped[dict[str, Any]] = mapped_column(default=dict)  # its figures, once its lists are forgotten

    def is_open(self, now: datetime) -> bool:
        """Whether one can register, or be registered from the line."""
        return self.state == PLANNED and now < self.begins

    @property
    def date(self) -> str:
        """When it begins, as notices name it: what was planned for another date says nothing any more."""
        return f"{self.begins.astimezone(UTC):%Y%m%dT%H%M}"

    @property
    def has_minutes(self) -> bool:
        """Whether they were sent."""
        return bool(self.minutes or self.minutes_media)


async def coming(db: AsyncSession, home: Home, now: datetime, offset: int, limit: int) -> Sequence[Workshop]:
    """Those that have not begun, the next first; then those of late whose minutes are there."""
    is_over = Workshop.begins <= now
    shown = or_(Workshop.begins > now, and_(Workshop.begins > now - _LATELY, Workshop.minutes_sent > 0))
    query = select(Workshop).where(Workshop.commune_id == home.id, Workshop.state == PLANNED, shown)
    ordered = query.order_by(is_over, Workshop.begins, Workshop.id)
    return (await db.scalars(ordered.offset(offset).limit(limit))).all()


async def latest(db: AsyncSession, commune_id: int, offset: int, limit: int) -> Sequence[Workshop]:
    """All of them, the last to take place first."""
    query = select(Workshop).where(Workshop.commune_id == commune_id)
    return (await db.scalars(query.order_by(Workshop.begins.desc(), Workshop.id).offset(offset).limit(limit))).all()


async def every(db: AsyncSession, commune_id: int) -> Sequence[Workshop]:
    """All of a commune, the newest first."""
    query = select(Workshop).where(Workshop.commune_id == commune_id)
    return (await db.scalars(query.order_by(Workshop.id.desc()))).all()


async def find(db: AsyncSession, commune_id: int, id: int) -> Workshop | None:
    """One of this commune, whatever became of it."""
    query = select(Workshop).where(Workshop.id == id, Workshop.commune_id == commune_id)
    return (await db.scalars(query)).one_or_none()


async def plan(db: AsyncSession, commune_id: int, **values: Any) -> int:
    """Announce one; its number."""
    row = Workshop(commune_id=commune_id, slug=f"workshop-{codes.draw(6).lower()}", map=None, **values)
    db.add(row)
    await db.flush()
    return row.id
