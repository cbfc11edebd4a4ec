"""Bodies that residents can join: the youth council, neighbourhood committees, the equality body."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base, Id, Localised

STAFF, LOTTERY = "staff", "lottery"
SELECTIONS = (STAFF, LOTTERY)
WOMEN, MEN, YOUTH = "women", "men", "youth"
GROUPS = (WOMEN, MEN, YOUTH)  # quotas count these
UNSAID = "unsaid"  # who prefers not to say
KINDS = ("youth", "quarter", "equality", "other")


class Body(Base):
    """A body with seats; its rules are published before people apply."""

    __tablename__ = "body"
    __table_args__ = (UniqueConstraint("commune_id", "slug"), CheckConstraint("closes > opens", name="closes_last"))
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    slug: Mapped[str]
    kind: Mapped[str]
    title: Mapped[Localised]
    short: Mapped[Localised]
    about: Mapped[Localised]
    seats: Mapped[int]
    quotas: Mapped[dict[str, int]]  # seats at least: {"women": 4, "men": 4, "youth": 3}
    min_age: Mapped[int]
    max_age: Mapped[int | None]
    youth_until: Mapped[int]  # the greatest age that counts as youth
    quarter: Mapped[str | None]  # whose residents alone may apply
    selection: Mapped[str]
    reply_days: Mapped[int]  # within which an offered seat is taken
    opens: Mapped[datetime]
    closes: Mapped[datetime]
    frozen: Mapped[datetime | None]  # when the list was closed and its fingerprint published
    tickets: Mapped[list[Any]]  # the list as published: [["0001", "women"], ...]; it outlives the applications
    fingerprint: Mapped[str | None]
    seed: Mapped[str | None]
    decided: Mapped[datetime | None]  # when the seats were offered
    kept: Mapped[dict[str, int] | None]  # what of each quota could be kept

    def is_open(self, now: datetime) -> bool:
        """Whether people can apply now."""
        return self.opens <= now < self.closes

    def is_for(self, age: int) -> bool:
        """Whether people of this age can apply."""
        return self.min_age <= age <= (self.max_age or age)


async def page(db: AsyncSession, commune_id: int, offset: int, limit: int) -> list[Body]:
    """The bodies of a commune: those to apply for first, then the newest."""
    query = select(Body).filter_by(commune_id=commune_id).order_by(Body.closes.desc(), Body.id)
    return list((await db.scalars(query.offset(offset).limit(limit))).all())


async def every(db: AsyncSession, commune_id: int) -> list[Body]:
    """All bodies of a commune, the newest first."""
    query = select(Body).filter_by(commune_id=commune_id).order_by(Body.id.desc())
    return list((await db.scalars(query)).all())


async def get(db: AsyncSession, commune_id: int, id: int) -> Body | None:
    """One of a commune's."""
    return (await db.scalars(select(Body).filter_by(id=id, commune_id=commune_id))).one_or_none()


async def locked(db: AsyncSession, id: int) -> Body:
    """One, held until the end of the transaction: its list and its seats are changed by one at a time."""
    query = select(Body).filter_by(id=id).with_for_update().execution_options(populate_existing=True)
    return (await db.scalars(query)).one()
