"""Petitions as everybody reads them: open for support, or past with their result.

A tap is a declaration of support, not a legal signature (organic law 113-14, art. 121-125; decree 2-16-403),
so the code says Support.  Three counters stay apart: declared, those of them that staff checked, and signed: the lists
that were entered here line by line, and what staff counted elsewhere.  Each is counted from rows, so that none drifts.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    bindparam,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import counts
from storage.citizens import Citizen
from storage.communes import Home
from storage.counts import Suspect, Tally
from storage.database import COMPANY, seen
from storage.occasions import PAPER
from storage.schema import Base, Id, Localised, Marked

NOUN = "petition"
# Each is stored and stands in commune files: never rename.  Which leads to which: storage/petition_moves.py.
DRAFT, SUBMITTED, COLLECTING, READY, DEPOSITED = "draft", "submitted", "collecting", "ready", "deposited"
UNDER_REVIEW, ACCEPTED, REFUSED, ADOPTED, REJECTED = "under_review", "accepted", "refused", "adopted", "rejected"
STATES = (
    *(DRAFT, SUBMITTED, COLLECTING, READY, DEPOSITED),
    *(UNDER_REVIEW, ACCEPTED, REFUSED, ADOPTED, REJECTED),
)
PRIVATE = (DRAFT, SUBMITTED)  # not for everybody yet
BEFORE_DEPOSIT = (*PRIVATE, COLLECTING, READY)  # until then support can be taken back
COUNTED = (COLLECTING, READY, DEPOSITED)  # the number of signatures can still be entered
WITH_THE_COUNCIL = (DEPOSITED, UNDER_REVIEW, ACCEPTED)
ENDED = (REFUSED, ADOPTED, REJECTED)
CITIZENS, ASSOCIATION = "citizens", "association"


_CHECKED, _SIGNED = text("checked IS NOT NULL"), text("signed IS NOT NULL")


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
    quarter: Mapped[str | None]  # which it concerns; none: the whole commune
    threshold: Mapped[int | None]  # signatures the law asks for; none of an association
    signed_elsewhere: Mapped[int] = mapped_column(default=0)  # on lists and a portal that are not entered line by line
    declared_elsewhere: Mapped[int] = mapped_column(default=0)  # support declared before Sawt counted it
    status: Mapped[str]
    closes: Mapped[datetime]
    promoter_id: Mapped[int | None] = mapped_column(BigInteger, index=True)  # who started it; no key: it outlives them
    association: Mapped[str | None]  # which association asks, of those that were started here
    deposited: Mapped[datetime | None]
    session: Mapped[date | None]  # of the council: the first day of its month

    def is_open(self, now: datetime) -> bool:
        """Whether support can be declared."""
        return self.status == COLLECTING and self.closes > now


class Support(Base):
    """One person's declaration of support."""

    __tablename__ = "support"
    __table_args__ = (
        UniqueConstraint("petition_id", "person"),  # one person, whatever the account
        UniqueConstraint("petition_id", "citizen_id"),  # one account, whatever the number typed
        Index("ix_support_checked", "petition_id", postgresql_where=_CHECKED, sqlite_where=_CHECKED),
        Index("ix_support_signed", "petition_id", postgresql_where=_SIGNED, sqlite_where=_SIGNED),
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
    assisted: Mapped[Marked]
    checked: Mapped[datetime | None]  # when staff saw the card of this person, or found them on a roll


@dataclass(frozen=True, slots=True)
class Card:
    """A petition as one citizen sees it."""

    petition: Petition
    declared: int
    checked: int
    signed: int  # here and elsewhere
    mine: Support | None


async def opened(db: AsyncSession, home: Home, now: datetime, offset: int, limit: int) -> list[Petition]:
    """A page of those that can be supported now, the next to close first."""
    key = ("petitions", home.id, now, offset, limit)
    if key not in seen(db):
        of = {"of_commune": home.id, "at_now": now, "from_row": offset, "rows": limit}
        seen(db)[key] = list((await db.scalars(_OPENED, of)).all())
        for each in seen(db)[key]:
            seen(db).setdefault(("petition", home.id, each.id), each)
    return list(seen(db)[key])


async def past(db: AsyncSession, home: Home, now: datetime, offset: int, limit: int) -> list[Petition]:
    """A page of those that cannot be supported any more, the last to close first."""
    query = (
        select(Petition)
        .where(Petition.commune_id == home.id, Petition.status.not_in(PRIVATE))
        .where(or_(Petition.status != COLLECTING, Petition.closes <= now))
        .order_by(Petition.closes.desc(), Petition.id.desc())
    )
    return list((await db.scalars(query.offset(offset).limit(limit))).all())


async def find(db: AsyncSession, home: Home, id: int) -> Petition | None:
    """One that everybody may read, open or past."""
    key = ("petition", home.id, id)
    if key not in seen(db):
        public = Petition.commune_id == home.id, Petition.status.not_in(PRIVATE)
        seen(db)[key] = await db.scalar(select(Petition).where(Petition.id == id, *public))
    found: Petition | None = seen(db)[key]
    return found


async def public(db: AsyncSession, home: Home, offset: int, limit: int) -> list[Petition]:
    """A page of all that everybody may read, the newest first."""
    query = select(Petition).where(Petition.commune_id == home.id, Petition.status.not_in(PRIVATE))
    return list((await db.scalars(query.order_by(Petition.id.desc()).offset(offset).limit(limit))).all())


async def every(db: AsyncSession, commune_id: int) -> list[Petition]:
    """All petitions of a commune, the newest first."""
    query = select(Petition).filter_by(commune_id=commune_id).order_by(Petition.id.desc())
    return list((await db.scalars(query)).all())


async def card(db: AsyncSession, petition: Petition, citizen: Citizen) -> Card:
    """The petition with its counters, and this citizen's own support."""
    key = ("supports", petition.id)
    if key not in seen(db):
        together = seen(db).get(COMPANY, [citizen.id])
        rows = (await db.execute(_CARD, {"of_petition": petition.id, "of_citizens": together})).all()
        counted = rows[0].declared, rows[0].checked, rows[0].signed
        seen(db)[key] = *counted, {row[0].citizen_id: row[0] for row in rows if row[0]}
    declared, checked, signed, supports = seen(db)[key]
    total = signed + petition.signed_elsewhere
    return Card(petition, declared + petition.declared_elsewhere, checked, total, supports.get(citizen.id))


async def listed(db: AsyncSession, petition_id: int) -> int:
    """How many of the signed list were entered here line by line."""
    return await db.scalar(select(func.count(Support.signed)).where(Support.petition_id == petition_id)) or 0


def has_declared() -> ColumnElement[bool]:
    """Of supports: those that were declared; who only stands on a list that was entered has signed, and no more."""
    return Support.channel != PAPER


def is_deposited() -> ColumnElement[bool]:
    """Of petitions: those that are with the council, so that nothing can be taken back."""
    return Petition.status.not_in(BEFORE_DEPOSIT)


async def tally(db: AsyncSession, petition: Petition, _home: Home, _now: datetime) -> Tally:
    """Count: the counters stay apart; the parts divide what was declared here."""
    of = Support.petition_id == petition.id
    parts = await counts.parts(db, Support, of, has_declared(), of_citizens=of)  # on paper there is none
    checked, signed = (await db.execute(select(_SEEN_BY_STAFF, _ON_LISTS), {"of_petition": petition.id})).one()
    declared = counts.people(parts) + petition.declared_elsewhere
    total = signed + petition.signed_elsewhere
    return Tally({"declared": declared, "checked": checked, "signed": total}, parts, petition.threshold)


async def watch(db: AsyncSession, petition: Petition, home: Home) -> list[Suspect]:
    """What is worth a look: many in one minute, many with one helper."""
    of = Support.petition_id == petition.id, has_declared()  # a list that is entered comes in one minute
    found = await counts.bursts(db, Support.declared, home.watch_minute, *of)
    return [*found, *await counts.helpers(db, Support, home.watch_account, *of)]


# Built once: to build a statement and to find it in SQLAlchemy's cache costs as much as to run it.
_OPENED = (
    select(Petition)
    .where(Petition.commune_id == bindparam("of_commune"), Petition.status == COLLECTING)
    .where(Petition.closes > bindparam("at_now"))
    .order_by(Petition.closes, Petition.id)
    .offset(bindparam("from_row"))
    .limit(bindparam("rows"))
)
_OF_PETITION = Support.petition_id == bindparam("of_petition")
_DECLARED = select(func.count()).where(_OF_PETITION, has_declared()).scalar_subquery()
_SEEN_BY_STAFF = select(func.count()).where(_OF_PETITION, Support.checked.is_not(None)).scalar_subquery()
_ON_LISTS = select(func.count()).where(_OF_PETITION, Support.signed.is_not(None)).scalar_subquery()
_THEIRS = Support.citizen_id.in_(bindparam("of_citizens", expanding=True))
_CARD = (
    select(Support, _DECLARED.label("declared"), _SEEN_BY_STAFF.label("checked"), _ON_LISTS.label("signed"))
    .select_from(Petition)
    .outerjoin(Support, (Support.petition_id == Petition.id) & _THEIRS)
    .where(Petition.id == bindparam("of_petition"))
)
