"""Notices: what a citizen is to be told later, or because something changed; each of them once.

A verb that changes something plans its notices in its own transaction.  What a notice says is put into words only
when it is told: in the language the citizen speaks then, from the data as they are then.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    delete,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.citizens import Address, Citizen, CitizenRow
from storage.communes import Commune, Home
from storage.conversations import ConversationRow
from storage.schema import Base, Id

TOLD, MOOT, NOWHERE, STOPPED, FAILED = "told", "moot", "nowhere", "stopped", "failed"

COLUMNS = ("citizen_id", "kind", "about", "occasion", "due")


class Notice(Base):
    """Something to tell one citizen."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("citizen_id", "kind", "about", "occasion"),  # nobody is told twice
        Index("ix_notice_due", "due", postgresql_where=text("done IS NULL"), sqlite_where=text("done IS NULL")),
    )
    id: Mapped[Id]
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"))
    kind: Mapped[str]  # the name under which flows put it into words: petition.moved
    about: Mapped[int] = mapped_column(BigInteger)  # which petition, which workshop
    occasion: Mapped[str]  # which of its changes: a state, "48 hours"
    due: Mapped[datetime]
    done: Mapped[datetime | None]
    outcome: Mapped[str | None]


async def plan(db: AsyncSession, citizen_id: int, kind: str, about: int, occasion: str, due: datetime) -> None:
    """Tell a citizen, from `due` on; nothing changes if it is planned already."""
    row = {"citizen_id": citizen_id, "kind": kind, "about": about, "occasion": occasion, "due": due}
    await db.execute(_dialect(db).insert(Notice).values(row).on_conflict_do_nothing())


async def plan_all(db: AsyncSession, those: Select[Any, Any, Any, Any, Any]) -> None:
    """Tell all of those that a query finds: citizen, kind, about, occasion, due (see COLUMNS)."""
    await db.execute(_dialect(db).insert(Notice).from_select(COLUMNS, those).on_conflict_do_nothing())


def _dialect(db: AsyncSession) -> Any:
    return sqlite if db.get_bind().dialect.name == "sqlite" else postgresql


@dataclass(frozen=True, slots=True)
class Due:
    """A notice whose time has come, and whom it is for; no address: nobody can be reached."""

    id: int
    kind: str
    about: int
    occasion: str
    citizen: Citizen
    commune: Home
    has_stopped: bool
    address_id: int | None
    channel: str


async def due(db: AsyncSession, now: datetime, limit: int) -> list[Due]:
    """Those to be told now, taken so that no other process tells them: each at the address used last."""
    query = (
        select(Notice, CitizenRow, Commune, Address.id.label("address_id"), Address.channel)
        .join(CitizenRow, CitizenRow.id == Notice.citizen_id)
        .join(Commune, Commune.id == CitizenRow.commune_id)
        .outerjoin(Address, (Address.citizen_id == CitizenRow.id) & Address.unreachable_since.is_(None))
        .outerjoin(ConversationRow, ConversationRow.address_id == Address.id)
        .where(Notice.done.is_(None), Notice.due <= now)
        .order_by(Notice.due, Notice.id, ConversationRow.updated.desc())
        .limit(limit)
        .with_for_update(of=Notice, skip_locked=True)
    )
    found: dict[int, Due] = {}
    for notice, person, commune, address_id, channel in await db.execute(query):
        found.setdefault(
            notice.id,
            Due(
                notice.id,
                notice.kind,
                notice.about,
                notice.occasion,
                Citizen(person.id, person.commune_id, person.language),
                Home.of(commune.id, commune.slug, commune.name, commune.settings),
                person.stopped is not None,
                address_id,
                channel or "",
            ),
        )
    return list(found.values())


async def is_any_due(db: AsyncSession, now: datetime) -> bool:
    """Whether there is something to tell: only reads."""
    found = await db.scalar(select(Notice.id).where(Notice.done.is_(None), Notice.due <= now).limit(1))
    return found is not None


async def settle(db: AsyncSession, id: int, outcome: str, now: datetime) -> None:
    """What became of a notice."""
    row: Any = Notice.__table__
    await db.execute(update(row).where(Notice.id == id).values(done=now, outcome=outcome))


async def tell_again(db: AsyncSession, citizen_id: int) -> None:
    """Tell what could not be told before there was an address."""
    row: Any = Notice.__table__
    missed = update(row).where(row.c.citizen_id == citizen_id, row.c.outcome == NOWHERE)
    await db.execute(missed.values(done=None, outcome=None))


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """What this person was told, or is to be told."""
    rows = await db.scalars(select(Notice).where(Notice.citizen_id == citizen_id).order_by(Notice.id))
    return [{"notice": row.kind, "due": row.due.isoformat(), "outcome": row.outcome or "to come"} for row in rows]


async def erase(db: AsyncSession, citizen_id: int, _now: datetime) -> None:
    """Tell this person nothing of what was planned, and forget what was told."""
    await db.execute(delete(Notice).where(Notice.citizen_id == citizen_id))
