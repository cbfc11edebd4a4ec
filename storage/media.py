"""Photos, voice notes and documents that citizens sent: sealed, shown to staff and to who sent them, then forgotten."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import vault
from storage.schema import Base, Id

PHOTO, VOICE, DOCUMENT, LIST = KINDS = ("photo", "voice", "document", "list")  # a list: a spreadsheet to be read
UNUSED = timedelta(days=1)  # what was sent and then not handed in


class Media(Base):
    """Something sent, as its bytes are and not as its name says."""

    __tablename__ = "media"
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), index=True)
    kind: Mapped[str]
    type: Mapped[str]  # image/jpeg: what the bytes are
    size: Mapped[int]  # bytes, in clear
    content: Mapped[bytes] = mapped_column(LargeBinary)
    received: Mapped[datetime]
    used: Mapped[str | None]  # where it was handed in: comment
    keep_until: Mapped[datetime] = mapped_column(index=True)


async def keep(
    db: AsyncSession, commune_id: int, citizen_id: int, kind: str, type: str, content: bytes, now: datetime
) -> int:
    """Keep what was sent until its question is answered; its number."""
    row = Media(
        commune_id=commune_id,
        citizen_id=citizen_id,
        kind=kind,
        type=type,
        size=len(content),
        content=vault(db).seal_bytes(content),
        received=now,
        keep_until=now + UNUSED,
    )
    db.add(row)
    await db.flush()
    return row.id


async def hand_in(db: AsyncSession, id: int, citizen_id: int, used: str, until: datetime) -> bool:
    """It belongs to something now, and is kept as long; whether it is there and this citizen's own."""
    row = update(Media).where(Media.id == id, Media.citizen_id == citizen_id).values(used=used, keep_until=until)
    return (await db.execute(row.returning(Media.id))).scalar_one_or_none() is not None


async def content(db: AsyncSession, id: int) -> tuple[str, bytes] | None:
    """Type and bytes, or nothing if it was forgotten."""
    row = (await db.execute(select(Media.type, Media.content).where(Media.id == id))).one_or_none()
    return (row.type, vault(db).open_bytes(row.content)) if row else None


async def drop(db: AsyncSession, id: int) -> None:
    """Forget it now: a list of the staff is not kept once it is entered."""
    await db.execute(delete(Media).where(Media.id == id))


async def forget(db: AsyncSession, now: datetime, limit: int = 100) -> int:
    """Forget what has had its time; how many."""
    old = select(Media.id).where(Media.keep_until < now).limit(limit)
    gone = await db.execute(delete(Media).where(Media.id.in_(old)).returning(Media.id))
    return len(gone.all())


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """What this person sent that is kept still."""
    query = select(Media.kind, Media.type, Media.size, Media.received, Media.used, Media.keep_until)
    rows = await db.execute(query.where(Media.citizen_id == citizen_id).order_by(Media.id))
    return [
        {
            "kind": row.kind,
            "type": row.type,
            "bytes": row.size,
            "received": row.received.isoformat(),
            "handed_in_with": row.used,
            "kept_until": row.keep_until.isoformat(),
        }
        for row in rows
    ]


async def erase(db: AsyncSession, citizen_id: int, _now: datetime) -> None:
    """Erase what this person sent."""
    await db.execute(delete(Media).where(Media.citizen_id == citizen_id))
