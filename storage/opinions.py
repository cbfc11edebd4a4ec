"""Advisory opinions of the equality body (organic law 113-14, art. 120), from the draft to the council's answer."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import follows
from storage.schema import Base, Id, Localised

NOUN = "opinion"
DRAFT, ADOPTED, SENT, ANSWERED = "draft", "adopted", "sent", "answered"
STATES = (DRAFT, ADOPTED, SENT, ANSWERED)  # each follows on the one before


class Opinion(Base):
    """What the body advises the council to do; residents can feed a draft."""

    __tablename__ = "opinion"
    __table_args__ = (UniqueConstraint("commune_id", "slug"),)
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    slug: Mapped[str]
    title: Mapped[Localised]
    short: Mapped[Localised]
    author: Mapped[Localised]  # the body
    about: Mapped[Localised]
    advice: Mapped[list[Any]]  # its recommendations: [{"fr": ..., "ar": ...}]
    state: Mapped[str]
    closes: Mapped[datetime | None]  # until when residents can feed the draft; none: as long as it is one
    moved: Mapped[datetime]
    answer: Mapped[Localised]  # of the council

    def takes_words(self, now: datetime) -> bool:
        """Whether residents can send a contribution now."""
        return self.state == DRAFT and (self.closes is None or now < self.closes)

    @property
    def next_state(self) -> str | None:
        """The state that follows."""
        place = STATES.index(self.state) + 1
        return STATES[place] if place < len(STATES) else None


class MovedAlready(Exception):
    """It is not in the state any more in which this was decided."""


async def page(db: AsyncSession, commune_id: int, offset: int, limit: int) -> list[Opinion]:
    """The opinions of a commune, the last moved first."""
    query = select(Opinion).filter_by(commune_id=commune_id).order_by(Opinion.moved.desc(), Opinion.id)
    return list((await db.scalars(query.offset(offset).limit(limit))).all())


async def every(db: AsyncSession, commune_id: int) -> list[Opinion]:
    """All of a commune, the newest first."""
    return list((await db.scalars(select(Opinion).filter_by(commune_id=commune_id).order_by(Opinion.id.desc()))).all())


async def get(db: AsyncSession, commune_id: int, id: int) -> Opinion | None:
    """One of a commune's."""
    return (await db.scalars(select(Opinion).filter_by(id=id, commune_id=commune_id))).one_or_none()


async def move(
    db: AsyncSession, commune_id: int, id: int, was: str, state: str, answer: Localised, now: datetime
) -> None:
    """Bring it to its next state; those who follow it are told.  Raises MovedAlready."""
    if STATES.index(state) != STATES.index(was) + 1:
        raise MovedAlready
    query = update(Opinion).where(Opinion.id == id, Opinion.commune_id == commune_id, Opinion.state == was)
    done = await db.execute(query.values(state=state, moved=now, answer=answer).returning(Opinion.id))
    if done.scalar_one_or_none() is None:
        raise MovedAlready
    await follows.tell(db, NOUN, id, "opinion.moved", state, now)
