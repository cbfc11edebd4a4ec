"""Links: one person on several channels."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base, Id


class LinkCode(Base):
    """A code shown on one channel, to be typed on another; good once, and only its keyed hash is kept."""

    __tablename__ = "link_code"
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    expires: Mapped[datetime] = mapped_column(index=True)
    used: Mapped[datetime | None]


class LinkTry(Base):
    """A code that was wrong: so many an hour, and no more are read."""

    __tablename__ = "link_try"
    id: Mapped[Id]
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
