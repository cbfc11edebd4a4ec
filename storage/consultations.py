"""Public consultations on a text: when they are open, and their articles."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import row_locks
from storage.occasions import Closed
from storage.schema import Base, Id, Localised

ACCOUNT, DECLARED = "account", "declared"
ASSURANCES = (ACCOUNT, DECLARED)  # how sure a person must be to take part


class Consultation(Base):
    """A text put to the residents, article by article."""

    __tablename__ = "consultation"
    __table_args__ = (UniqueConstraint("commune_id", "slug"), CheckConstraint("closes > opens", name="closes_last"))
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    slug: Mapped[str]
    title: Mapped[Localised]
    short: Mapped[Localised]
    about: Mapped[Localised]
    assurance: Mapped[str]
    opens: Mapped[datetime]
    closes: Mapped[datetime]
    report_due: Mapped[datetime | None]
    keep_days: Mapped[int] = mapped_column(default=30)  # from the report until nobody knows who wrote what
    reported: Mapped[datetime | None]
    forget: Mapped[datetime | None] = mapped_column(index=True)  # when the link to the authors is forgotten
    people: Mapped[int | None]  # how many took part, counted before the links are forgotten

    def is_open(self, now: datetime) -> bool:
        """Whether people can take part now."""
        return self.opens <= now < self.closes


class Article(Base):
    """An article of the text; what it says is its wording of this version (storage/wordings.py)."""

    __tablename__ = "article"
    __table_args__ = (UniqueConstraint("consultation_id", "slug"), UniqueConstraint("consultation_id", "number"))
    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    slug: Mapped[str]
    number: Mapped[int]
    title: Mapped[Localised]
    is_main: Mapped[bool] = mapped_column(default=False)  # read by those who have three minutes
    is_marked: Mapped[bool] = mapped_column(default=False)  # read by those who have ten
    version: Mapped[int] = mapped_column(default=1)


async def every(db: AsyncSession, commune_id: int) -> list[Consultation]:
    """All consultations of a commune, the newest first."""
    query = select(Consultation).filter_by(commune_id=commune_id).order_by(Consultation.id.desc())
    return list((await db.scalars(query)).all())


async def get(db: AsyncSession, commune_id: int, id: int) -> Consultation | None:
    """One of this commune's."""
    return (await db.scalars(select(Consultation).filter_by(commune_id=commune_id, id=id))).one_or_none()


async def must_be_open(db: AsyncSession, id: int, now: datetime) -> Consultation:
    """The consultation, which stays open until this transaction ends.  Raises Closed.

    The row is locked: shared with others who take part, exclusive with who moves its dates.
    """
    found = await hold(db, id)
    if not found.is_open(now):
        raise Closed
    return found


async def hold(db: AsyncSession, id: int) -> Consultation:
    """The consultation as it stays until this transaction ends."""
    return await row_locks.shared_once(db, Consultation, id)


async def locked(db: AsyncSession, commune_id: int, id: int) -> Consultation:
    """The consultation, to be changed: nobody takes part meanwhile."""
    query = select(Consultation).filter_by(commune_id=commune_id, id=id).with_for_update()
    row = (await db.scalars(query.execution_options(populate_existing=True))).one()
    row_locks.changes(db, row, id)
    return row
