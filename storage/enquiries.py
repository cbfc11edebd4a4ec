"""Questions about a call: anyone asks one, the staff answer it, and all can read both, without a name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, func, literal, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import calls, notices
from storage.calls import Call
from storage.database import vault
from storage.occasions import Closed, Occasion
from storage.schema import Base, Id, Localised, Rows

WAITING, ANSWERED, REFUSED = "waiting", "answered", "refused"
MOST_WAITING = 5  # of one person, about one call
_WAITS = text("state = 'waiting'")


class Enquiry(Base):
    """One question, and its answer."""

    __tablename__ = "enquiry"
    __table_args__ = (
        Index("ix_enquiry_waiting", "call_id", "asked", postgresql_where=_WAITS, sqlite_where=_WAITS),
        Index(None, "call_id", "state"),
    )
    id: Mapped[Id]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizen.id"), index=True)  # none: erased
    words: Mapped[bytes] = mapped_column(LargeBinary)  # sealed
    state: Mapped[str]
    reason: Mapped[str | None]  # it was refused, as a code
    asked: Mapped[datetime]
    answered: Mapped[datetime | None]
    answer: Mapped[Localised]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, opened."""

    id: int
    call_id: int
    title: Localised  # of the call
    words: str
    state: str
    reason: str | None
    asked: datetime
    answer: Localised


class TooMany(Exception):
    """This person has as many questions waiting as anybody may."""


class DecidedAlready(Exception):
    """Somebody else has answered or refused it."""


async def ask(db: AsyncSession, call_id: int, occasion: Occasion, words: str) -> None:
    """Ask something.  Raises Closed, TooMany."""
    call = await calls.locked(db, call_id, read=True)
    if not call.is_open(occasion.now):
        raise Closed
    waits = Enquiry.call_id == call_id, Enquiry.citizen_id == occasion.citizen.id, Enquiry.state == WAITING
    if (await db.scalar(select(func.count()).where(*waits)) or 0) >= MOST_WAITING:
        raise TooMany
    sealed = vault(db).seal(words)
    row = Enquiry(call_id=call_id, citizen_id=occasion.citizen.id, words=sealed, state=WAITING, asked=occasion.now)
    row.answer = {}
    db.add(row)
    await db.flush()


async def answered(db: AsyncSession, call_id: int, offset: int, limit: int) -> list[Asked]:
    """A page of what everybody may read, the last answered first."""
    those = Enquiry.call_id == call_id, Enquiry.state == ANSWERED
    return await _read(db, *those, order=(Enquiry.answered.desc(), Enquiry.id), offset=offset, limit=limit)


async def get(db: AsyncSession, commune_id: int, id: int) -> Asked | None:
    """One of a commune's, whatever became of it."""
    found = await _read(db, Enquiry.id == id, Call.commune_id == commune_id, order=(Enquiry.id,), offset=0, limit=1)
    return found[0] if found else None


async def _read(db: AsyncSession, *those: Any, order: tuple[Any, ...], offset: int, limit: int) -> list[Asked]:
    query = select(Enquiry, Call.title).join(Call, Call.id == Enquiry.call_id).where(*those).order_by(*order)
    query = query.offset(offset).limit(limit).execution_options(populate_existing=True)
    return [
        Asked(row.id, row.call_id, title, vault(db).open(row.words), row.state, row.reason, row.asked, row.answer)
        for row, title in await db.execute(query)
    ]


def to_moderate(commune_id: int) -> Rows:
    """Questions that wait for the staff, as the queue lists them (storage/queue.py)."""
    return (
        select(
            literal("enquiry").label("noun"),
            Enquiry.id.label("about"),
            Call.title.label("title"),
            Enquiry.asked.label("since"),
        )
        .join(Call, Call.id == Enquiry.call_id)
        .where(Call.commune_id == commune_id, Enquiry.state == WAITING)
    )


async def answer(db: AsyncSession, id: int, words: Localised, now: datetime) -> None:
    """Answer it for everybody to read, and tell who asked.  Raises DecidedAlready."""
    row = await _waiting(db, id)
    row.state, row.answer, row.answered = ANSWERED, words, now
    await _tell(db, row, now)


async def refuse(db: AsyncSession, id: int, reason: str, now: datetime) -> None:
    """Refuse it for a reason, and tell who asked.  Raises DecidedAlready."""
    row = await _waiting(db, id)
    row.state, row.reason, row.answered = REFUSED, reason, now
    await _tell(db, row, now)


async def _waiting(db: AsyncSession, id: int) -> Enquiry:
    query = select(Enquiry).where(Enquiry.id == id).with_for_update().execution_options(populate_existing=True)
    row = (await db.scalars(query)).one_or_none()
    if row is None or row.state != WAITING:
        raise DecidedAlready
    return row


async def _tell(db: AsyncSession, row: Enquiry, now: datetime) -> None:
    await db.flush()
    if row.citizen_id is not None:
        await notices.plan(db, row.citizen_id, "enquiry.answered", row.id, row.state, now)
