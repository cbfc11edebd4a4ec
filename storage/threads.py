"""Exchanges between a person and the service: what is kept, sealed, and how it is read and written.

An exchange waits for an answer as long as a message of the citizen is newer than the last one answered.  It closes by
itself some time after the last answer; what is written then begins another.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.communes import Home
from storage.database import vault
from storage.media import Media
from storage.schema import Base, Id

OPEN, ANSWERED, CLOSED = "open", "answered", "closed"
MOST_AN_HOUR = 6  # messages of one person
HOUR = timedelta(hours=1)
STAYS_OPEN = timedelta(days=30)  # after an answer, for what is still to be said
_MONTH = timedelta(days=30.5)
_LATEST = 20  # messages of an exchange that are read at once
_IN_HAND = text("state <> 'closed'")
_WAITS = text("state = 'open'")


class Thread(Base):
    """An exchange between a person and the service."""

    __tablename__ = "thread"
    __table_args__ = (
        Index("uq_thread_in_hand", "citizen_id", unique=True, postgresql_where=_IN_HAND, sqlite_where=_IN_HAND),
        Index("ix_thread_waiting", "commune_id", "asked", postgresql_where=_WAITS, sqlite_where=_WAITS),
    )
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    opened: Mapped[datetime]
    asked: Mapped[datetime]  # when the oldest message was written that waits for an answer
    answer_by: Mapped[datetime]
    closes: Mapped[datetime | None]  # once it is answered
    latest: Mapped[int] = mapped_column(default=0)  # the citizen's last message
    answered: Mapped[int] = mapped_column(default=0)  # the last of them that has an answer
    keep_until: Mapped[datetime] = mapped_column(index=True)


class Message(Base):
    """Something said in an exchange; of the service where it names one of its staff."""

    __tablename__ = "message"
    id: Mapped[Id]
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    words: Mapped[bytes] = mapped_column(LargeBinary)  # sealed
    kind: Mapped[str]  # text, voice, photo, document
    media_id: Mapped[int | None]  # forgotten before the message, perhaps
    written: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Said:
    """A message, opened; `type` and `media` of what was sent along, if it is kept still."""

    id: int
    is_ours: bool
    words: str
    kind: str
    written: datetime
    media: int | None = None
    type: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """An exchange as it is read: its last messages, the oldest first."""

    id: int
    code: str
    state: str
    asked: datetime
    answer_by: datetime
    said: list[Said]

    def next_room(self, now: datetime) -> datetime | None:
        """From when on one more may be written, where that is not now."""
        lately = [each.written for each in self.said if not each.is_ours and each.written > now - HOUR]
        return lately[-MOST_AN_HOUR] + HOUR if len(lately) >= MOST_AN_HOUR else None


async def exchange(db: AsyncSession, *those: Any) -> Exchange | None:
    """The one exchange of which this holds, if there is one."""
    query = (
        select(Message, Thread, Media.type)
        .join(Thread, Thread.id == Message.thread_id)
        .outerjoin(Media, Media.id == Message.media_id)
        .where(*those)
        .order_by(Message.id.desc())
        .limit(_LATEST)
    )
    rows = (await db.execute(query.execution_options(populate_existing=True))).all()
    if not rows:
        return None
    thread = rows[0].Thread
    said = [_said(db, message, type) for message, _thread, type in reversed(rows)]
    return Exchange(thread.id, thread.code, thread.state, thread.asked, thread.answer_by, said)


def _said(db: AsyncSession, row: Message, type: str | None) -> Said:
    kept = row.media_id if type else None
    words = vault(db).open(row.words)
    return Said(row.id, row.staff_id is not None, words, row.kind, row.written, kept, type or "")


async def write(db: AsyncSession, thread_id: int, now: datetime, words: str, kind: str = "text", **of: Any) -> int:
    """Add a message to an exchange; its number."""
    row = Message(thread_id=thread_id, words=vault(db).seal(words), kind=kind, written=now, **of)
    db.add(row)
    await db.flush()
    return row.id


def keep_until(home: Home, now: datetime) -> datetime:
    """Until when an exchange is kept in which something was said now."""
    return now + STAYS_OPEN + home.months("messages") * _MONTH


async def keep(db: AsyncSession, thread: Thread, home: Home, now: datetime) -> None:
    """Each message keeps the whole exchange longer, and what was sent along with it."""
    thread.keep_until = keep_until(home, now)
    sent = select(Message.media_id).where(Message.thread_id == thread.id, Message.media_id.is_not(None))
    longer = update(Media).where(Media.id.in_(sent)).values(keep_until=thread.keep_until)
    await db.execute(longer.execution_options(synchronize_session=False))
    await db.flush()
