"""Petitions, and who declared support for them.

A tap is a declaration of support, not a legal signature (organic law 113-14, art. 121-125; decree 2-16-403),
so the code says Support.  The signed list is another counter, which staff keep: `Petition.signed`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, UniqueConstraint, bindparam, delete, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import codes, counts
from storage.citizens import Citizen, Declared
from storage.communes import Home
from storage.counts import Suspect, Tally
from storage.database import COMPANY, is_added, seen, vault
from storage.occasions import Closed, CountedAlready, Occasion
from storage.schema import Base, Id, Localised, Rows

COLLECTING = "collecting"
BEFORE_DEPOSIT = ("draft", "submitted", COLLECTING, "ready")  # until then support can be taken back
STATES = (COLLECTING, "draft", "deposited", "accepted", "refused", "adopted", "rejected")


class Petition(Base):
    """A request that the council put a point on its agenda."""

    __tablename__ = "petition"
    __table_args__ = (UniqueConstraint("commune_id", "slug"),)
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    slug: Mapped[str]
    kind: Mapped[str]  # citizens, association
    title: Mapped[Localised]
    short: Mapped[Localised]
    request: Mapped[Localised]
    reasons: Mapped[Localised]
    aims: Mapped[Localised]
    mandataire: Mapped[Localised]
    threshold: Mapped[int | None]  # signatures the law asks for; none of an association
    signed: Mapped[int] = mapped_column(default=0)  # by hand or on the national portal, entered by staff
    declared_elsewhere: Mapped[int] = mapped_column(default=0)  # support declared before Sawt counted it
    status: Mapped[str]
    closes: Mapped[datetime]


class Support(Base):
    """One person's declaration of support."""

    __tablename__ = "support"
    __table_args__ = (
        UniqueConstraint("petition_id", "person"),  # one person, whatever the account
        UniqueConstraint("petition_id", "citizen_id"),  # one account, whatever the number typed
    )
    id: Mapped[Id]
    petition_id: Mapped[int] = mapped_column(ForeignKey("petition.id"))
    citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizen.id"), index=True)  # none: on paper, or erased
    person: Mapped[str]
    name: Mapped[bytes]
    cin: Mapped[bytes | None]  # only where the commune may keep it
    cin_mask: Mapped[str]
    quarter: Mapped[str | None]
    channel: Mapped[str]
    language: Mapped[str]
    receipt: Mapped[str] = mapped_column(unique=True)
    declared: Mapped[datetime]
    day: Mapped[date]  # of `declared`, in Morocco: tallies by day need no time zone in SQL
    signed: Mapped[datetime | None]  # when a list was entered that this person signed by hand


@dataclass(frozen=True, slots=True)
class Card:
    """A petition as one citizen sees it."""

    petition: Petition
    declared: int
    mine: Support | None


async def opened(db: AsyncSession, commune: Home, now: datetime) -> list[Petition]:
    """Those that can be supported now, the next to close first."""
    key = ("petitions", commune.id, now)
    if key not in seen(db):
        seen(db)[key] = list((await db.scalars(_OPENED, {"of_commune": commune.id, "at_now": now})).all())
    return list(seen(db)[key])


async def every(db: AsyncSession, commune_id: int) -> list[Petition]:
    """All petitions of a commune, the newest first."""
    query = select(Petition).filter_by(commune_id=commune_id).order_by(Petition.id.desc())
    return list((await db.scalars(query)).all())


async def card(db: AsyncSession, petition: Petition, citizen: Citizen) -> Card:
    """The petition with its counter, and this citizen's own support."""
    key = ("supports", petition.id)
    if key not in seen(db):
        together = seen(db).get(COMPANY, [citizen.id])
        rows = (await db.execute(_CARD, {"of_petition": petition.id, "of_citizens": together})).all()
        seen(db)[key] = rows[0].declared, {own.citizen_id: own for own, _declared in rows if own}
    declared, supports = seen(db)[key]
    return Card(petition, declared + petition.declared_elsewhere, supports.get(citizen.id))


async def support(db: AsyncSession, petition: Petition, occasion: Occasion, who: Declared) -> str:
    """Record a declaration of support; its receipt.  Raises Closed, CountedAlready."""
    if not await _stays_open(db, petition, occasion.now):
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
        declared, supports = seen(db)[key]
        seen(db)[key] = declared + 1, {**supports, citizen_id: own}


async def _stays_open(db: AsyncSession, petition: Petition, now: datetime) -> bool:
    """Whether support can be declared until this transaction ends.

    The row is locked: shared with other supporters, exclusive with whoever closes the petition or changes its state.
    """
    key = ("open until the end", petition.id)
    if key not in seen(db):
        locked = select(Petition).where(Petition.id == petition.id).with_for_update(read=True)
        current = (await db.scalars(locked.execution_options(populate_existing=True))).one()
        seen(db)[key] = current.status == COLLECTING and current.closes > now
    return bool(seen(db)[key])


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


def is_deposited() -> ColumnElement[bool]:
    """Of petitions: those that are with the council, so that nothing can be taken back."""
    return Petition.status.not_in(BEFORE_DEPOSIT)


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
    """Withdraw the support of this person; what was deposited counts on, cut from them."""
    theirs = Support.citizen_id == citizen_id
    deposited = select(Petition.id).where(is_deposited())
    for id in await db.scalars(select(Support.id).where(theirs, Support.petition_id.in_(deposited))):
        await db.execute(update(Support).where(Support.id == id).values(_nobody(db)))
    await db.execute(delete(Support).where(theirs))


def _nobody(db: AsyncSession) -> dict[str, Any]:
    blank = {"citizen_id": None, "cin": None, "cin_mask": ""}
    return {**blank, "person": f"erased {codes.draw(16)}", "name": vault(db).seal("")}


async def tally(db: AsyncSession, petition: Petition, _home: Home, _now: datetime) -> Tally:
    """Count: the counters stay apart; the parts divide what was declared here."""
    parts = await counts.parts(db, Support, Support.petition_id == petition.id)
    totals = {"declared": counts.people(parts) + petition.declared_elsewhere, "signed": petition.signed}
    return Tally(totals, parts, petition.threshold)


async def watch(db: AsyncSession, petition: Petition, home: Home) -> list[Suspect]:
    """What is worth a look: many in one minute."""
    return await counts.bursts(db, Support.declared, home.watch_minute, Support.petition_id == petition.id)


# Built once: to build a statement and to find it in SQLAlchemy's cache costs as much as to run it.
_OPENED = (
    select(Petition)
    .where(Petition.commune_id == bindparam("of_commune"), Petition.status == COLLECTING)
    .where(Petition.closes > bindparam("at_now"))
    .order_by(Petition.closes, Petition.id)
)
_COUNT = select(func.count()).where(Support.petition_id == bindparam("of_petition")).scalar_subquery()
_THEIRS = Support.citizen_id.in_(bindparam("of_citizens", expanding=True))
_CARD = (
    select(Support, _COUNT.label("declared"))
    .select_from(Petition)
    .outerjoin(Support, (Support.petition_id == Petition.id) & _THEIRS)
    .where(Petition.id == bindparam("of_petition"))
)
