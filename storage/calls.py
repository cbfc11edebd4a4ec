"""Calls for joint projects, to associations: what is asked of them, which papers, by what it is judged, until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base, Id, Localised

MOST_QUESTIONS = 20
BEST = 5  # marks for each criterion, from 0


@dataclass(frozen=True, slots=True)
class Ask:
    """A question of the concept note."""

    id: str
    text: Localised
    longest: int  # characters
    is_optional: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that is to be handed in."""

    id: str
    name: Localised
    is_optional: bool


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a project is judged by."""

    id: str
    name: Localised


class Call(Base):
    """An invitation to associations to propose projects that they and the commune do together."""

    __tablename__ = "call"
    __table_args__ = (UniqueConstraint("commune_id", "slug"),)
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    slug: Mapped[str]
    title: Mapped[Localised]
    short: Mapped[Localised]
    about: Mapped[Localised]
    conditions: Mapped[list[Any]]  # [{"fr": ..., "ar": ...}]
    questions: Mapped[list[Any]]  # [{"id": "problem", "text": {...}, "longest": 1000, "optional": false}]
    documents: Mapped[list[Any]]  # [{"id": "statutes", "name": {...}, "optional": false}]
    criteria: Mapped[list[Any]]  # [{"id": "impact", "name": {...}}]
    opens: Mapped[datetime]
    closes: Mapped[datetime]
    info: Mapped[datetime | None]  # when the information session takes place
    info_place: Mapped[Localised]
    scored: Mapped[datetime | None]  # when a coordinator closed the scoring
    decided: Mapped[datetime | None]  # when the result was published

    def is_open(self, now: datetime) -> bool:
        """Whether an association can submit."""
        return self.opens <= now < self.closes

    @property
    def asks(self) -> list[Ask]:
        """The questions of the concept note, in their order."""
        return [Ask(each["id"], each["text"], each["longest"], each["optional"]) for each in self.questions]

    @property
    def papers(self) -> list[Paper]:
        """The documents that are to be handed in, in their order."""
        return [Paper(each["id"], each["name"], each["optional"]) for each in self.documents]

    @property
    def judged_by(self) -> list[Criterion]:
        """What a project is judged by."""
        return [Criterion(each["id"], each["name"]) for each in self.criteria]


async def page(db: AsyncSession, commune_id: int, now: datetime | None, offset: int, limit: int) -> list[Call]:
    """Those that everybody may read, or all if no time is given, the last to close first."""
    query = select(Call).where(Call.commune_id == commune_id, *([Call.opens <= now] if now else []))
    return list((await db.scalars(query.order_by(Call.closes.desc(), Call.id).offset(offset).limit(limit))).all())


async def get(db: AsyncSession, commune_id: int, id: int) -> Call | None:
    """One of a commune's."""
    query = select(Call).filter_by(id=id, commune_id=commune_id).execution_options(populate_existing=True)
    return (await db.scalars(query)).one_or_none()


async def every(db: AsyncSession, commune_id: int) -> list[Call]:
    """All of a commune, the newest first."""
    return list((await db.scalars(select(Call).filter_by(commune_id=commune_id).order_by(Call.id.desc()))).all())


async def locked(db: AsyncSession, id: int, read: bool = False) -> Call:
    """One, held until the end: shared with others who take part, or alone where what all share is changed."""
    query = select(Call).where(Call.id == id).with_for_update(read=read).execution_options(populate_existing=True)
    return (await db.scalars(query)).one()
