"""Links: one person on several channels, by a code shown on one and typed on another, or by the phone of both."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Select, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import codes, helping, merging, notices
from storage.citizens import Address, Citizen, CitizenRow
from storage.conversations import ConversationRow
from storage.database import COMPANY, Raced, seen, vault
from storage.lines import CHANNEL, SAME_PERSON, Line, phone_mark
from storage.merging import Twice
from storage.schema import Base, Id

LASTS = timedelta(minutes=10)
HELP_LASTS = timedelta(days=183)  # of the code of somebody who was helped
MOST_TRIES, IN = 5, timedelta(hours=1)
LONG = 8  # letters of a code


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


class TooMany(Exception):
    """Too many wrong codes within the hour."""


class SomebodyElse(Exception):
    """The two accounts have declared different ID numbers: they are two persons."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Two accounts are one: on which channels, and what both had done."""

    channels: list[str]
    twice: list[Twice]
    was_helped: bool = False  # one of them took part on somebody else's phone


@dataclass(frozen=True, slots=True)
class Place:
    """A channel that was linked, and can be taken off again."""

    id: int
    channel: str


async def show(db: AsyncSession, citizen: Citizen, now: datetime, lasts: timedelta = LASTS) -> str:
    """A new code; those shown before are good no more."""
    earlier = update(LinkCode).where(LinkCode.citizen_id == citizen.id, LinkCode.used.is_(None))
    await db.execute(earlier.values(used=now))
    code = codes.draw(LONG)
    hashed = vault(db).recognise("link code", code)
    db.add(LinkCode(commune_id=citizen.commune_id, citizen_id=citizen.id, code=hashed, expires=now + lasts))
    await db.flush()
    return codes.spaced(code)


async def join_by_code(db: AsyncSession, citizen: Citizen, typed: str, now: datetime) -> Joined | None:
    """Become one with the account that shows this code; nothing if no account does, which is counted.

    Raises TooMany, SomebodyElse.
    """
    those = await _good(db, citizen, typed, now)
    # Whoever helped has seen the code: it is not for them.
    own = select(CitizenRow.id).where(or_(CitizenRow.id == citizen.id, CitizenRow.helped_by == citizen.id))
    taken = update(LinkCode).where(*those, LinkCode.citizen_id.not_in(own)).values(used=now)
    stays = (await db.execute(taken.returning(LinkCode.citizen_id))).scalar_one_or_none()
    if stays is None:
        await _note_try(db, citizen, now)
        return None
    return await _join(db, stays, citizen, now)


async def shown_to(db: AsyncSession, citizen: Citizen, whom: Select[Any], typed: str, now: datetime) -> int | None:
    """Whose of these people's this code is; it stays good.  Nothing if nobody's, which is counted.  Raises TooMany."""
    those = await _good(db, citizen, typed, now)
    found = await db.scalar(select(LinkCode.citizen_id).where(*those, LinkCode.citizen_id.in_(whom)))
    if found is None:
        await _note_try(db, citizen, now)
    return found


async def _good(db: AsyncSession, citizen: Citizen, typed: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Of codes: that it is the one typed, and good.  Raises TooMany."""
    tries = select(func.count()).select_from(LinkTry).where(LinkTry.citizen_id == citizen.id, LinkTry.at > now - IN)
    if (await db.scalar(tries) or 0) >= MOST_TRIES:
        raise TooMany
    is_it = LinkCode.code == vault(db).recognise("link code", codes.read(typed))
    return is_it, LinkCode.used.is_(None), LinkCode.expires > now, LinkCode.commune_id == citizen.commune_id


async def _note_try(db: AsyncSession, citizen: Citizen, now: datetime) -> None:
    db.add(LinkTry(citizen_id=citizen.id, at=now))
    await db.flush()


async def forget(db: AsyncSession, citizen_id: int) -> None:
    """Forget the codes of this person: they lead nowhere."""
    await db.execute(delete(LinkCode).where(LinkCode.citizen_id == citizen_id))


async def same_phone(db: AsyncSession, citizen: Citizen, number: str, now: datetime) -> int | None:
    """Another account that has shared this phone number, or writes from it: on WhatsApp, lately."""
    mark = phone_mark(db, citizen.commune_id, number)
    of_lines = (Line.key == Address.external_id) & (Address.channel == CHANNEL) & (Line.heard > now - SAME_PERSON)
    query = (
        select(Address.citizen_id)
        .outerjoin(Line, of_lines)
        .where(Address.commune_id == citizen.commune_id, Address.citizen_id != citizen.id)
        .where(or_(Address.phone_mark == mark, Line.phone == mark))
        .order_by(Address.id)
    )
    return await db.scalar(query.limit(1))


async def keep_phone(db: AsyncSession, citizen: Citizen, channel: str, number: str) -> None:
    """Keep the number that a person has shared on a channel."""
    shared = {"phone": vault(db).seal(number), "phone_mark": phone_mark(db, citizen.commune_id, number)}
    here = update(Address).where(Address.citizen_id == citizen.id, Address.channel == channel)
    await db.execute(here.values(shared))


async def join(db: AsyncSession, citizen: Citizen, other: int, now: datetime) -> Joined:
    """Become one with this account; raises SomebodyElse."""
    return await _join(db, other, citizen, now)


async def channels(db: AsyncSession, citizen_id: int) -> list[str]:
    """Where this person can be written to."""
    return list((await db.scalars(_addresses(citizen_id, Address.channel))).all())


async def linked(db: AsyncSession, citizen_id: int) -> list[Place]:
    """The channels that were linked later."""
    rows = await db.execute(_addresses(citizen_id, Address.id, Address.channel).where(_IS_LINKED))
    return [Place(*row) for row in rows]


async def part(db: AsyncSession, citizen: Citizen, address_id: int) -> bool:
    """Take a channel off again: it is the account that it was, empty; whether it was linked still."""
    row = select(Address).where(Address.id == address_id, Address.citizen_id == citizen.id, _IS_LINKED)
    address = (await db.scalars(row.with_for_update())).one_or_none()
    if address is None:
        return False
    first = address.first_citizen_id
    await db.execute(
        update(CitizenRow)
        .where(CitizenRow.id == first)
        .values(merged_into=None, language=citizen.language, person=None, cin_mask=None, name=None)
    )
    address.citizen_id, address.first_citizen_id = first or 0, None
    rested = {"flow": None, "pressed": None, "acting_for": None, "memory": vault(db).seal({"welcomed": True})}
    await db.execute(update(ConversationRow).where(ConversationRow.address_id == address_id).values(rested))
    await db.flush()
    return True


async def _join(db: AsyncSession, stays_id: int, goes: Citizen, now: datetime) -> Joined:
    """What `goes` did is from now on what `stays` did; the citizen in hand becomes the one that stays."""
    # Always in this order; the conversation in hand holds one of them already, and where two such wait for one
    # another the database ends one of them, which is tried again.
    query = select(_PEOPLE).where(_PEOPLE.c.id.in_((stays_id, goes.id))).order_by(_PEOPLE.c.id).with_for_update()
    rows = {row.id: row for row in (await db.execute(query)).all()}
    stays, gone = rows[stays_id], rows[goes.id]
    if stays.merged_into:  # that account has itself become another's meanwhile
        return await _join(db, stays.merged_into, goes, now)
    if stays.person and gone.person and stays.person != gone.person:
        raise SomebodyElse
    kept = Citizen(stays.id, stays.commune_id, stays.language)
    twice = await merging.merge(db, kept, goes, now)
    agreed = _agreed(stays, gone)
    await db.execute(update(_PEOPLE).where(_PEOPLE.c.id == stays.id).values(agreed))
    await db.execute(update(_PEOPLE).where(_PEOPLE.c.id == gone.id).values(merged_into=stays.id))
    await db.execute(update(_PEOPLE).where(_PEOPLE.c.helped_by == gone.id).values(helped_by=stays.id))
    if stays.helped_by and stays.id in seen(db).get(COMPANY, ()):
        raise Raced  # whoever acts for them is answered in this very transaction: not together
    if stays.helped_by:  # from now on nobody acts for them, and what waited for them is told
        await helping.end_help(db, ConversationRow.acting_for == stays.id, now)
        await notices.tell_again(db, stays.id)
    moved = {"citizen_id": stays.id, "first_citizen_id": func.coalesce(Address.first_citizen_id, gone.id)}
    await db.execute(update(Address).where(Address.citizen_id == gone.id).values(moved))
    goes.id, goes.language = stays.id, agreed["language"]
    return Joined(await channels(db, stays.id), twice, bool(stays.helped_by))


def _agreed(stays: Any, gone: Any) -> dict[str, Any]:
    """One language, one name, one word on what is to be heard: who has said STOP anywhere has said it."""
    who = stays if stays.person or not gone.person else gone
    return {
        "language": (gone.language if stays.helped_by else "") or stays.language or gone.language,
        "helped_by": None,
        "stopped": stays.stopped or gone.stopped,
        "person": who.person,
        "cin_mask": who.cin_mask,
        "name": who.name,
    }


def _addresses(citizen_id: int, *what: Any) -> Select[Any]:
    return select(*what).where(Address.citizen_id == citizen_id).order_by(Address.id)


_PEOPLE: Any = CitizenRow.__table__
_IS_LINKED = Address.first_citizen_id.is_not(None)
