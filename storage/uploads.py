"""Uploads: what a channel keeps of our files, so that a picture told to a thousand people travels there once."""

from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import insert_or_skip, vault
from storage.schema import Base

# https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media: kept for 30 days
LASTS = timedelta(days=29)


class Upload(Base):
    """A file of ours on an account, as the channel calls it."""

    __tablename__ = "upload"
    account: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(primary_key=True)  # keyed hash of what the file is drawn from
    external_id: Mapped[str]  # with its kind and its name there
    until: Mapped[datetime]


def mark_of(db: AsyncSession, drawing: dict[str, Any]) -> str:
    """The same for the same drawing."""
    return vault(db).recognise("upload", orjson.dumps(drawing, option=orjson.OPT_SORT_KEYS).decode())


async def known(db: AsyncSession, account: str, mark: str, now: datetime) -> str | None:
    """What the channel calls this file, if it keeps it still."""
    query = select(Upload.external_id).where(Upload.account == account, Upload.mark == mark, Upload.until > now)
    return (await db.scalars(query)).one_or_none()


async def keep(db: AsyncSession, account: str, mark: str, external_id: str, now: datetime) -> None:
    """Remember it for as long as the channel does."""
    row = insert_or_skip(db, Upload).values(account=account, mark=mark, external_id=external_id, until=now + LASTS)
    await db.execute(row)


async def drop(db: AsyncSession, account: str, mark: str) -> bool:
    """The channel does not know it any more; whether it was remembered."""
    row = await db.get(Upload, (account, mark))
    if row:
        await db.delete(row)
    return row is not None
