"""Lines: persons on WhatsApp, each known by a key of ours, because both names that WhatsApp has for them may change.

A person with a username comes without a phone number; a new number brings a new user id.  Both are kept sealed and
found again by a keyed hash.  `heard` is when the person last wrote: for a day from then on anything may be said.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, Select, UniqueConstraint, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.citizens import Address
from storage.database import Raced, insert_or_skip, vault
from storage.outbox import HELD, WAITING, Outbound
from storage.schema import Base, Id

CHANNEL = "whatsapp"
WINDOW = timedelta(hours=24)
# Operators give numbers to other people; WhatsApp itself gives an account up after as long in silence.
SAME_PERSON = timedelta(days=45)


class Line(Base):
    """A person on the WhatsApp number of a commune."""

    __tablename__ = "line"
    __table_args__ = (UniqueConstraint("commune_id", "user"), UniqueConstraint("commune_id", "phone"))
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    key: Mapped[str] = mapped_column(unique=True)  # what `Address.external_id` says
    user: Mapped[str | None]  # keyed hash of the user id
    phone: Mapped[str | None]  # keyed hash of the number
    names: Mapped[bytes] = mapped_column(LargeBinary)  # both, sealed
    heard: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Who:
    """What WhatsApp calls a person; one of the two at least."""

    user: str = ""
    phone: str = ""  # figures only: 2126...


@dataclass(frozen=True, slots=True)
class Ends:
    """Where to write to, and until when anything may be written."""

    who: Who
    until: datetime


def phone_mark(db: AsyncSession, commune_id: int, number: str) -> str:
    """The keyed hash by which a phone number is found again, whichever channel it was shared on."""
    return vault(db).recognise(f"phone {commune_id}", number)


async def recognise(db: AsyncSession, commune_id: int, who: Who, heard: datetime) -> str:
    """The key of whoever wrote at that moment; a stranger gets one.  Raises Raced where two are greeted at once."""
    marks = _marks(db, commune_id, who)
    by_user, by_phone = await _find(db, commune_id, marks)
    line = by_user
    if by_phone and by_phone is not line:
        if line is None and (not by_phone.user or not who.user or heard - by_phone.heard < SAME_PERSON):
            line = by_phone
        else:
            await _give_up_phone(db, by_phone)
    if line is None:
        return await _begin(db, commune_id, who, marks, heard)
    await _hear(db, line, who, marks, heard)
    return line.key


async def moved(db: AsyncSession, commune_id: int, before: Who, now: Who) -> None:
    """WhatsApp says that a person has another number, or another user id."""
    by_user, by_phone = await _find(db, commune_id, _marks(db, commune_id, before))
    line, marks = by_user or by_phone, _marks(db, commune_id, now)
    if line is None:
        return
    taken = [other for other in await _find(db, commune_id, marks) if other and other is not line]
    for other in taken:
        other.user = other.phone = None  # written before we were told: it is this person's name from now on
    await db.flush()
    await _hear(db, line, now, marks, line.heard)


async def ends(db: AsyncSession, commune_id: int, key: str) -> Ends | None:
    """Where a line leads."""
    line = (await db.execute(select(Line.names, Line.heard).filter_by(commune_id=commune_id, key=key))).one_or_none()
    if line is None:
        return None
    names = vault(db).open(line.names)
    is_shown = names["is_shown"] or not names["user"]
    return Ends(Who(names["user"], names["phone"] if is_shown else ""), line.heard + WINDOW)


async def let_through(db: AsyncSession, commune_id: int, key: str, now: datetime) -> bool:
    """The person writes: what was held back for that can go now; whether there was anything."""
    address = select(Address.id).filter_by(commune_id=commune_id, channel=CHANNEL, external_id=key).scalar_subquery()
    held = update(Outbound).where(Outbound.address_id == address, Outbound.status == HELD)
    freed: Any = await db.execute(held.values(status=WAITING, due=now).execution_options(synchronize_session=False))
    await db.execute(
        update(Address)
        .where(Address.id == address, Address.unreachable_since.is_not(None))
        .values(unreachable_since=None)
        .execution_options(synchronize_session=False)
    )
    return bool(freed.rowcount)


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """What WhatsApp calls this person."""
    return [
        {"channel": CHANNEL, "phone": names["phone"], "user_id": names["user"], "last_wrote": line.heard.isoformat()}
        for line in (await db.scalars(_lines_of(citizen_id))).all()
        for names in [vault(db).open(line.names)]
    ]


async def erase(db: AsyncSession, citizen_id: int, _now: datetime) -> None:
    """Forget the phone number where there is a user id: one of them is needed to answer at all."""
    for line in (await db.scalars(_lines_of(citizen_id).where(Line.user.is_not(None)))).all():
        await _give_up_phone(db, line)


def _lines_of(citizen_id: int) -> Select[Any]:
    theirs = (Address.external_id == Line.key) & (Address.channel == CHANNEL) & (Address.citizen_id == citizen_id)
    return select(Line).join(Address, theirs).order_by(Line.id)


def _marks(db: AsyncSession, commune_id: int, who: Who) -> Who:
    user = vault(db).recognise(f"whatsapp {commune_id}", who.user) if who.user else ""
    return Who(user, phone_mark(db, commune_id, who.phone) if who.phone else "")


async def _find(db: AsyncSession, commune_id: int, marks: Who) -> tuple[Line | None, Line | None]:
    """By the user id, and by the phone number."""
    named = (Line.user == marks.user) | (Line.phone == marks.phone)
    query = select(Line).where(Line.commune_id == commune_id, named).order_by(Line.id).with_for_update()
    lines = list((await db.scalars(query.execution_options(populate_existing=True))).all())
    by_user = next((line for line in lines if marks.user and line.user == marks.user), None)
    return by_user, next((line for line in lines if marks.phone and line.phone == marks.phone), None)


async def _begin(db: AsyncSession, commune_id: int, who: Who, marks: Who, heard: datetime) -> str:
    key = secrets.token_hex(12)
    row: dict[str, Any] = {"user": marks.user or None, "phone": marks.phone or None, "heard": heard}
    row["names"] = vault(db).seal(_names(who, is_shown=bool(who.phone)))
    added = insert_or_skip(db, Line).values(commune_id=commune_id, key=key, **row).returning(Line.id)
    if (await db.execute(added)).scalar_one_or_none() is None:
        raise Raced
    return key


async def _hear(db: AsyncSession, line: Line, who: Who, marks: Who, heard: datetime) -> None:
    known = vault(db).open(line.names)
    names = _names(Who(who.user or known["user"], who.phone or known["phone"]), is_shown=bool(who.phone))
    if names != known:
        line.names, line.user, line.phone = vault(db).seal(names), marks.user or line.user, marks.phone or line.phone
    line.heard = max(line.heard, heard)
    await db.flush()


async def _give_up_phone(db: AsyncSession, line: Line) -> None:
    known = vault(db).open(line.names)
    line.phone, line.names = None, vault(db).seal(_names(Who(known["user"]), is_shown=False))
    await db.flush()


def _names(who: Who, is_shown: bool) -> dict[str, Any]:
    """`is_shown`: whether the number came with the last message; if not, one writes to the user id."""
    return {"user": who.user, "phone": who.phone, "is_shown": is_shown}
