"""Declarations of support: each person once, taken back until the petition is deposited, checked by staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import codes, follows, row_locks
from storage.citizens import Declared
from storage.database import is_added, seen, vault
from storage.occasions import Closed, CountedAlready, Occasion
from storage.petitions import BEFORE_DEPOSIT, NOUN, Petition, Support, is_deposited
from storage.schema import Rows

_ERASED = "erased "  # stands before what cannot be anybody's keyed hash


async def support(db: AsyncSession, petition: Petition, occasion: Occasion, who: Declared) -> str:
    """Record a declaration of support; its receipt.  Raises Closed, CountedAlready."""
    if not (await _locked(db, petition.id)).is_open(occasion.now):
        raise Closed
    row: dict[str, Any] = {
        "petition_id": petition.id,
        "citizen_id": occasion.citizen.id,
        "person": who.person,
        "name": vault(db).seal(who.name),
        "cin": vault(db).seal(who.cin) if who.cin and occasion.commune.keep_cin else None,
        "cin_mask": who.mask,
        "quarter": occasion.quarter,
        "channel": occasion.channel,
        "language": occasion.language,
        "assisted": occasion.assisted,
        "receipt": codes.receipt(occasion.commune.receipt_prefix),
        "declared": occasion.now,
        "day": occasion.day,
    }
    if not await is_added(db, Support, row):
        raise CountedAlready
    _see(db, petition, Support(**row), occasion.citizen.id)
    return str(row["receipt"])


def _see(db: AsyncSession, petition: Petition, own: Support, citizen_id: int) -> None:
    """Those who are answered after this one see it counted, without another look."""
    key = ("supports", petition.id)
    if key in seen(db):
        declared, checked, signed, supports = seen(db)[key]
        seen(db)[key] = declared + 1, checked, signed, {**supports, citizen_id: own}


async def _locked(db: AsyncSession, petition_id: int) -> Petition:
    """The petition, shared with other supporters, held against whoever closes it or changes its state."""
    return await row_locks.shared_once(db, Petition, petition_id)


class SignedByHand(Exception):
    """This person signed the list on paper: that is taken back on paper."""


async def withdraw(db: AsyncSession, petition: Petition, citizen_id: int) -> None:
    """Take a declaration of support back, and stop following; it may be declared again.

    Raises Closed, SignedByHand.
    """
    if (await _locked(db, petition.id)).status not in BEFORE_DEPOSIT:
        raise Closed
    mine = select(Support).filter_by(petition_id=petition.id, citizen_id=citizen_id).with_for_update()
    own = await db.scalar(mine.execution_options(populate_existing=True))
    if own and own.signed:
        raise SignedByHand
    if own:
        await db.delete(own)
    await follows.unfollow(db, NOUN, petition.id, citizen_id)
    seen(db).pop(("supports", petition.id), None)


async def check(db: AsyncSession, petition_id: int, receipts: list[str], now: datetime) -> int:
    """Note of these declarations that staff know the person: they saw the card.  How many were not noted before."""
    theirs = update(Support).where(Support.petition_id == petition_id, Support.receipt.in_(receipts))
    done = theirs.where(Support.checked.is_(None)).values(checked=now).returning(Support.id)
    return len((await db.execute(done)).all())


@dataclass(frozen=True, slots=True)
class Supporter:
    """A line of the list to sign; the ID number only where the commune may keep it."""

    name: str
    cin: str
    quarter: str | None


async def supporters(db: AsyncSession, petition_id: int) -> list[Supporter]:
    """All who declare support and have not signed yet, in the order they did: personal data, for the staff."""
    query = select(Support.name, Support.cin, Support.quarter).where(Support.petition_id == petition_id)
    query = query.where(Support.signed.is_(None))
    opened = vault(db).open
    rows = await db.execute(query.order_by(Support.id))
    return [Supporter(opened(name), opened(cin) if cin else "", quarter) for name, cin, quarter in rows]


def participations(citizen_id: int) -> Rows:
    """What this person supports, as «فين وصلات؟» lists it (storage/participations.py)."""
    return (
        select(
            literal("petition").label("noun"),
            Petition.id.label("about"),
            Petition.short.label("title"),
            Support.receipt.label("code"),
            Petition.status.label("state"),
            Support.declared.label("since"),
            Petition.closes.label("until"),
        )
        .join(Support, Support.petition_id == Petition.id)
        .where(Support.citizen_id == citizen_id)
    )


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """What this person declared support for."""
    query = select(Support, Petition).join(Petition, Petition.id == Support.petition_id)
    rows = await db.execute(query.where(Support.citizen_id == citizen_id).order_by(Support.id))
    return [
        {
            "supports": petition.title,
            "receipt": support.receipt,
            "name": vault(db).open(support.name),
            "id_card": vault(db).open(support.cin) if support.cin else support.cin_mask,
            "quarter": support.quarter,
            "channel": support.channel,
            "declared": support.declared.isoformat(),
        }
        for support, petition in rows
    ]


async def erase(db: AsyncSession, citizen_id: int, _now: datetime) -> None:
    """Withdraw the support of this person; what was deposited or signed by hand counts on, cut from them."""
    theirs = Support.citizen_id == citizen_id
    for id in await db.scalars(select(Support.id).where(theirs, _stays())):
        await db.execute(update(Support).where(Support.id == id).values(_nobody(db)))
    await db.execute(delete(Support).where(theirs))


async def cut(db: AsyncSession, those: ColumnElement[bool], limit: int) -> int:
    """Cut declarations from the persons who made them; they count on.  How many."""
    named = ~Support.person.startswith(_ERASED)
    found = list(await db.scalars(select(Support.id).where(those, named).limit(limit)))
    for id in found:
        await db.execute(update(Support).where(Support.id == id).values(_nobody(db)))
    return len(found)


async def staying(db: AsyncSession, citizen_id: int) -> int:
    """How many declarations of this person would stay, without a name."""
    return await db.scalar(select(func.count()).where(Support.citizen_id == citizen_id, _stays())) or 0


def _stays() -> ColumnElement[bool]:
    deposited = select(Petition.id).where(is_deposited())
    return Support.petition_id.in_(deposited) | Support.signed.is_not(None)


def _nobody(db: AsyncSession) -> dict[str, Any]:
    blank = {"citizen_id": None, "cin": None, "cin_mask": ""}
    return {**blank, "person": f"{_ERASED}{codes.draw(16)}", "name": vault(db).seal("")}
