"""How long what is known of persons is kept: each process as long as the commune says, then it is cut from them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import idea_proposals, profiles, supports
from storage.citizens import Address, CitizenRow, Consent, forget_who
from storage.communes import Home
from storage.conversations import ConversationRow
from storage.notices import Notice
from storage.outbox import Outbound
from storage.petitions import WITH_THE_COUNCIL, Petition, Support

MONTH = timedelta(days=30.5)
ERASED = timedelta(days=30)  # an erased account stays empty so long: nobody votes twice by being erased
_AT_ONCE = 500  # in one transaction


async def forget(db: AsyncSession, home: Home, now: datetime) -> int:
    """Forget who it was, where the time of a process is over; how many rows."""
    return sum(
        [
            await _supports(db, home, now - home.months("petitions") * MONTH),
            await _identities(db, home, now - home.months("identity") * MONTH),
            await _profiles(db, home, now - home.months("profiles") * MONTH),
            await _notices(db, home, now - home.months("notices") * MONTH),
            await idea_proposals.forget(db, home, now),
            await _accounts(db, home, now - ERASED),
        ]
    )


async def _supports(db: AsyncSession, home: Home, before: datetime) -> int:
    """Support of petitions that closed then counts on, and nobody knows whose it is; not while the council decides."""
    closed = select(Petition.id).where(Petition.commune_id == home.id, Petition.closes < before)
    closed = closed.where(Petition.status.not_in(WITH_THE_COUNCIL))
    return await supports.cut(db, Support.petition_id.in_(closed), _AT_ONCE)


async def _identities(db: AsyncSession, home: Home, before: datetime) -> int:
    """Who a person says to be, where the last consent is as old."""
    last = select(func.max(Consent.given)).where(Consent.citizen_id == CitizenRow.id).scalar_subquery()
    known = CitizenRow.commune_id == home.id, CitizenRow.person.is_not(None)
    old = list(
        await db.scalars(
            select(CitizenRow.id).where(*known, func.coalesce(last, CitizenRow.created) < before).limit(_AT_ONCE)
        )
    )
    for id in old:
        await forget_who(db, id)
    gone = delete(Consent).where(Consent.citizen_id.in_(old), Consent.given < before)
    await db.execute(gone.execution_options(synchronize_session=False))
    return len(old)


async def _profiles(db: AsyncSession, home: Home, before: datetime) -> int:
    """What people said about themselves, where they have not written since."""
    lately = select(Address.citizen_id).join(ConversationRow, ConversationRow.address_id == Address.id)
    lately = lately.where(ConversationRow.updated >= before, Address.commune_id == home.id)
    silent = select(profiles.Profile.citizen_id).join(CitizenRow, CitizenRow.id == profiles.Profile.citizen_id)
    silent = silent.where(CitizenRow.commune_id == home.id, profiles.Profile.citizen_id.not_in(lately)).limit(_AT_ONCE)
    silent = silent.where(
        or_(CitizenRow.helped_by.is_(None), CitizenRow.created < before)
    )  # who is helped has no address
    old = list(await db.scalars(silent))
    for id in old:
        await profiles.erase(db, id, before)
    return len(old)


async def _notices(db: AsyncSession, home: Home, before: datetime) -> int:
    """That something was told."""
    theirs = select(CitizenRow.id).where(CitizenRow.commune_id == home.id)
    old = select(Notice.id).where(Notice.done < before, Notice.citizen_id.in_(theirs)).limit(_AT_ONCE)
    return await _count(db, delete(Notice).where(Notice.id.in_(old)))


async def _accounts(db: AsyncSession, home: Home, before: datetime) -> int:
    """The account of somebody who was erased, where they have not come back: its address is forgotten."""
    silent = ConversationRow.updated < before, CitizenRow.erased < before, CitizenRow.language.is_(None)
    query = select(Address).join(CitizenRow, CitizenRow.id == Address.citizen_id)
    query = query.join(ConversationRow, ConversationRow.address_id == Address.id)
    old = list(await db.scalars(query.where(Address.commune_id == home.id, *silent, _is_named()).limit(_AT_ONCE)))
    for address in old:
        address.external_id = f"erased {address.id}"
        await db.execute(
            update(Outbound).where(Outbound.address_id == address.id).values(message=None, external_id=None)
        )
    await db.flush()
    return len(old)


def _is_named() -> Any:
    return ~Address.external_id.startswith("erased ")


async def _count(db: AsyncSession, statement: Any) -> int:
    result: Any = await db.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
