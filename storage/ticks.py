"""When each duty of the clock was last done, whichever process did it: a clock that stands still is seen."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class Tick(Base):
    """A duty, when it was done last and when it failed last."""

    __tablename__ = "tick"
    duty: Mapped[str] = mapped_column(primary_key=True)
    done: Mapped[datetime]
    failed: Mapped[datetime | None]


async def note(db: AsyncSession, duty: str, now: datetime, is_done: bool) -> None:
    """Note that a duty was done, or failed."""
    row = await db.get(Tick, duty) or Tick(duty=duty, done=now)
    if is_done:
        row.done = now
    else:
        row.failed = now
    db.add(row)


async def every(db: AsyncSession) -> list[Tick]:
    """All duties, the one that waits longest first."""
    return list(await db.scalars(select(Tick).order_by(Tick.done)))
