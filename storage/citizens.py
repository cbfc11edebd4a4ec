"""Citizens (persons), their addresses (a person on one channel), what they declared and agreed to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import later, vault
from storage.schema import Base, Id


class CitizenRow(Base):
    """A person as kept: no clear name, no clear number."""

    __tablename__ = "citizen"
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    language: Mapped[str | None]
    name: Mapped[bytes | None]
    person: Mapped[str | None]  # keyed hash of the ID number
    cin_mask: Mapped[str | None]
    created: Mapped[datetime]
    stopped: Mapped[datetime | None]  # wants to hear nothing but what was asked for
    erased: Mapped[datetime | None]  # asked to be; the account stays empty for a while (storage/retention.py)
    merged_into: Mapped[int | None] = mapped_column(BigInteger)  # who this turned out to be
    helped_by: Mapped[int | None] = mapped_column(BigInteger, index=True)  # on whose phone they are


class Address(Base):
    """One citizen on one channel."""

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("commune_id", "channel", "external_id"),)
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    channel: Mapped[str]
    external_id: Mapped[str]
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), index=True)
    unreachable_since: Mapped[datetime | None]
    first_citizen_id: Mapped[int | None] = mapped_column(BigInteger)  # whose it was before it was linked
    phone: Mapped[bytes | None]  # shared here by its owner, sealed
    phone_mark: Mapped[str | None] = mapped_column(index=True)  # keyed hash, to find it again


class Consent(Base):
    """The ledger of what a person agreed to, and when."""

    __tablename__ = "consent"
    __table_args__ = (Index(None, "citizen_id", "purpose"),)
    id: Mapped[Id]
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"))
    purpose: Mapped[str]
    notice: Mapped[str]  # the version of the text that was shown
    given: Mapped[datetime]
    withdrawn: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Declared:
    """Who a person says to be: a name, a keyed hash of the ID number, and its mask (I••••56)."""

    person: str
    mask: str
    name: str = ""
    cin: str = ""  # in clear only on its way to a commune that keeps it


@dataclass(slots=True)
class Citizen:
    """A person in a conversation."""

    id: int
    commune_id: int
    language: str | None
    role: str | None = None
    declared: Declared | None = None
    is_helped: bool = False  # on somebody else's phone


NOTICE = "2026-11"  # the version of the consent text in flows/identity.py


_TABLE: Any = CitizenRow.__table__  # nobody holds such a row: the ORM need not look for one to change
_CONSENTS: Any = Consent.__table__


def recognised(db: AsyncSession, citizen: Citizen, cin: str) -> str:
    """The keyed hash by which a person is counted once in a commune."""
    return recognised_in(db, citizen.commune_id, cin)


def recognised_in(db: AsyncSession, commune_id: int, cin: str) -> str:
    """The same, of somebody who came with paper."""
    return vault(db).recognise(f"person {commune_id}", cin)


async def speaks(db: AsyncSession, citizen: Citizen, language: str) -> None:
    """Remember the language a person chose."""
    later(db, _SPEAK, {"of_id": citizen.id, "in_language": language})
    citizen.language = language


async def declares(db: AsyncSession, citizen: Citizen, who: Declared, purpose: str, now: datetime) -> None:
    """Keep who a person says to be, and the consent it was said under."""
    sealed = vault(db).seal(who.name) if who.name else None
    later(db, _DECLARE, {"of_id": citizen.id, "is_person": who.person, "is_mask": who.mask, "is_name": sealed})
    agrees(db, citizen.id, purpose, now)


def agrees(db: AsyncSession, citizen_id: int, purpose: str, now: datetime) -> None:
    """Keep a consent in the ledger."""
    later(db, _AGREE, {"citizen_id": citizen_id, "purpose": purpose, "notice": NOTICE, "given": now})


_SPEAK = update(_TABLE).where(CitizenRow.id == bindparam("of_id")).values(language=bindparam("in_language"))
_DECLARE = (
    update(_TABLE)
    .where(CitizenRow.id == bindparam("of_id"))
    .values(
        person=bindparam("is_person"),
        cin_mask=bindparam("is_mask"),
        name=func.coalesce(bindparam("is_name", type_=LargeBinary), CitizenRow.name),
    )
)
_AGREE = insert(_CONSENTS)


async def stop(db: AsyncSession, citizen_id: int, now: datetime) -> None:
    """Tell this person nothing any more but what they ask for."""
    await db.execute(update(_TABLE).where(CitizenRow.id == citizen_id).values(stopped=now))


async def come_back(db: AsyncSession, citizen_id: int) -> None:
    """Tell this person what is new again."""
    await db.execute(update(_TABLE).where(CitizenRow.id == citizen_id).values(stopped=None))


async def has_stopped(db: AsyncSession, citizen_id: int) -> bool:
    """Whether this person wants to hear nothing but what they ask for."""
    return await db.scalar(select(CitizenRow.stopped).where(CitizenRow.id == citizen_id)) is not None


async def consents(db: AsyncSession, citizen_id: int) -> list[Consent]:
    """The last consent of this person for each purpose, withdrawn or not, the newest first."""
    newest = select(func.max(Consent.id)).where(Consent.citizen_id == citizen_id).group_by(Consent.purpose)
    return list(await db.scalars(select(Consent).where(Consent.id.in_(newest)).order_by(Consent.id.desc())))


async def withdraw(db: AsyncSession, citizen_id: int, purpose: str, now: datetime) -> None:
    """Withdraw the consent for a purpose."""
    given = Consent.citizen_id == citizen_id, Consent.purpose == purpose, Consent.withdrawn.is_(None)
    await db.execute(update(_CONSENTS).where(*given).values(withdrawn=now))


async def forget_who(db: AsyncSession, citizen_id: int) -> None:
    """Forget who this person says to be; they are asked anew."""
    await db.execute(update(_TABLE).where(CitizenRow.id == citizen_id).values(_NOBODY))


_NOBODY: dict[str, Any] = {"name": None, "person": None, "cin_mask": None}


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """Who this person says to be, where they write from, and what they agreed to."""
    row = (await db.execute(select(CitizenRow).where(CitizenRow.id == citizen_id))).scalar_one()
    places = await db.scalars(select(Address).where(Address.citizen_id == citizen_id).order_by(Address.id))
    given = await db.scalars(select(Consent).where(Consent.citizen_id == citizen_id).order_by(Consent.id))
    who = {
        "language": row.language,
        "name": vault(db).open(row.name) if row.name else None,
        "id_card": row.cin_mask,
        "since": row.created.isoformat(),
        "wants_no_messages_since": row.stopped.isoformat() if row.stopped else None,
    }
    return [
        {key: value for key, value in who.items() if value},
        *(_place(db, each) for each in places),
        *(_agreed(each) for each in given),
    ]


def _place(db: AsyncSession, each: Address) -> dict[str, Any]:
    phone = {"phone": vault(db).open(each.phone)} if each.phone else {}
    return {"channel": each.channel, "account": each.external_id, **phone}


def _agreed(each: Consent) -> dict[str, Any]:
    withdrawn = {"withdrawn": each.withdrawn.isoformat()} if each.withdrawn else {}
    return {"consent": each.purpose, "notice": each.notice, "given": each.given.isoformat(), **withdrawn}


async def erase(db: AsyncSession, citizen_id: int, now: datetime) -> None:
    """Erase who this person says to be and what they agreed to; the account stays, empty, and is told nothing."""
    await db.execute(delete(_CONSENTS).where(Consent.citizen_id == citizen_id))
    blank = {**_NOBODY, "language": None, "stopped": now, "erased": now}
    await db.execute(update(_TABLE).where(CitizenRow.id == citizen_id).values(blank))
    await db.execute(update(Address).where(Address.citizen_id == citizen_id).values(phone=None, phone_mark=None))
