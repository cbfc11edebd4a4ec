"""What each person was told last without having asked: its buttons can be typed, as those of a question can.

It is a row of its own and no part of a conversation's memory: who tells waits for nobody who is answered just then.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import vault
from storage.schema import Base

Pairs = Sequence[Sequence[str]]  # what a button does, and what it says


class Told(Base):
    """The buttons under the last notice at one address; sealed, since what they say may be of a person."""

    __tablename__ = "told"
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"), primary_key=True, autoincrement=False)
    buttons: Mapped[bytes]
    at: Mapped[datetime]


async def offer_all(db: AsyncSession, offered: Mapping[int, Pairs], now: datetime) -> None:
    """Keep what was told now at these addresses in place of what was told before."""
    if not offered:
        return
    # In one order, so that two who tell never wait in a circle.
    rows: list[dict[str, Any]] = [
        {"address_id": id, "buttons": vault(db).seal([list(pair) for pair in offered[id]]), "at": now}
        for id in sorted(offered)
    ]
    dialect: Any = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
    said = dialect.insert(Told).values(rows)
    newer = {"buttons": said.excluded.buttons, "at": said.excluded.at}
    await db.execute(said.on_conflict_do_update(index_elements=["address_id"], set_=newer))


async def forget(db: AsyncSession, those: Any) -> None:
    """Forget what was told at these addresses."""
    await db.execute(delete(Told).where(Told.address_id.in_(those)))
