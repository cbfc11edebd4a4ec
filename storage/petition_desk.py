"""Petitions on the desk of the staff: drafts that wait, taken on or given back; those in progress, and their counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from storage import notices, petition_drafts, petition_moves
from storage.communes import Home
from storage.database import vault
from storage.petition_drafts import TAKEN, Draft, NotNow, OpenedDraft
from storage.petition_moves import Step
from storage.petitions import (
    ASSOCIATION,
    CITIZENS,
    COLLECTING,
    DRAFT,
    ENDED,
    PRIVATE,
    SUBMITTED,
    Petition,
)
from storage.schema import Localised, Rows


def to_moderate(commune_id: int) -> Rows:
    """Drafts that wait for the staff; who takes one goes on with the flow petition.moderate(about)."""
    return select(
        literal("petition").label("noun"),
        Draft.id.label("about"),
        Draft.label.label("title"),
        Draft.submitted.label("since"),
    ).where(Draft.commune_id == commune_id, Draft.state == SUBMITTED)


def participations(citizen_id: int) -> Rows:
    """The petitions that this person started, as «فين وصلات؟» lists them (storage/participations.py)."""
    given_back = (Draft.state == DRAFT) & (Draft.rounds > 0)
    return (
        select(
            literal("draft").label("noun"),
            Draft.id.label("about"),
            func.coalesce(Petition.short, Draft.label, type_=Petition.short.type).label("title"),
            Draft.code.label("code"),
            func.coalesce(Petition.status, case((given_back, "returned"), else_=Draft.state)).label("state"),
            Draft.begun.label("since"),
            Petition.closes.label("until"),
        )
        .outerjoin(Petition, Petition.id == Draft.petition_id)
        .where(Draft.citizen_id == citizen_id)
    )


@dataclass(frozen=True, slots=True)
class Paper:
    """Something on the desk: a draft that waits, or a petition in progress."""

    noun: str
    about: int
    title: Localised
    state: str

    @property
    def id(self) -> str:
        """What names it in a list."""
        return f"{self.noun}_{self.about}"


async def papers(
    db: AsyncSession, commune_id: int, with_petitions: bool, offset: int, limit: int, **only: Any
) -> list[Paper]:
    """What waits, the oldest first, then petitions in progress, the next to close first."""
    waiting = select(
        literal("draft").label("noun"),
        Draft.id.label("about"),
        Draft.label.label("title"),
        Draft.state.label("state"),
        Draft.submitted.label("since"),
    ).where(Draft.commune_id == commune_id, Draft.state == SUBMITTED)
    begun = select(
        literal("petition").label("noun"),
        Petition.id.label("about"),
        Petition.short.label("title"),
        Petition.status.label("state"),
        Petition.closes.label("since"),
    ).where(Petition.commune_id == commune_id, Petition.status.not_in((*PRIVATE, *ENDED)))
    every = (union_all(waiting, begun) if with_petitions else waiting).subquery()
    query = select(every.c.noun, every.c.about, every.c.title, every.c.state).filter_by(**only)
    query = query.order_by(every.c.noun, every.c.since, every.c.about).offset(offset).limit(limit)
    return [Paper(*row) for row in await db.execute(query)]


async def waiting(db: AsyncSession, commune_id: int, id: int) -> OpenedDraft | None:
    """A draft that waits for the staff."""
    query = select(Draft).where(Draft.id == id, Draft.commune_id == commune_id, Draft.state == SUBMITTED)
    row = await db.scalar(query)
    return petition_drafts.opened(db, row) if row else None


async def give_back(db: AsyncSession, home: Home, id: int, reasons: list[str], answer: str, now: datetime) -> None:
    """Give a draft back with its reasons, and tell who wrote it.  Raises NotNow."""
    row = await _submitted(db, home, id)
    row.state, row.reasons = DRAFT, reasons
    row.answer = vault(db).seal(answer) if answer else None
    row.keep_until = petition_drafts.keep_until(home, now)
    await notices.plan(db, row.citizen_id, "petition.returned", row.id, str(row.rounds), now)


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which the staff take a draft on."""

    closes: datetime
    quarter: str | None = None  # which it concerns


async def take_on(db: AsyncSession, home: Home, id: int, terms: Terms, by: int, now: datetime) -> Petition:
    """Make a petition of a draft: from now on everybody reads it and may support it.  Raises NotNow."""
    row = await _submitted(db, home, id)
    words = vault(db).open(row.words)

    def said(part: str) -> Localised:
        return {row.language: words[part]}

    petition = Petition(
        commune_id=home.id,
        slug=row.code.lower(),
        kind=row.kind,
        title=said("title"),
        short=said("title"),
        request=said("request"),
        reasons=said("reasons"),
        aims=said("aims"),
        mandataire=said("mandataire"),
        association=words.get("association") if row.kind == ASSOCIATION else None,
        threshold=home.petition_threshold if row.kind == CITIZENS else None,
        status=COLLECTING,
        quarter=terms.quarter,
        closes=terms.closes,
        promoter_id=row.citizen_id,
    )
    db.add(petition)
    await db.flush()
    row.state, row.petition_id, row.reasons, row.answer = TAKEN, petition.id, [], None
    row.words = vault(db).seal({})  # public now, in the petition
    await petition_moves.note(db, petition, Step(SUBMITTED, COLLECTING, by), None, now)
    return petition


async def _submitted(db: AsyncSession, home: Home, id: int) -> Draft:
    row = await petition_drafts.locked(db, Draft.id == id, Draft.commune_id == home.id)
    if row is None or row.state != SUBMITTED:
        raise NotNow
    return row


async def count_signed(db: AsyncSession, home: Home, id: int, was: int, signed: int) -> bool:
    """Set how many have signed where it is not entered line by line; False if another did so meanwhile."""
    petition = await _locked(db, home, id)
    if petition.signed_elsewhere != was:
        return False
    petition.signed_elsewhere = signed
    return True


async def extend(db: AsyncSession, home: Home, id: int, closes: datetime) -> bool:
    """Let support be declared until another day; False where nothing is gathered any more."""
    petition = await _locked(db, home, id)
    if petition.status != COLLECTING:
        return False
    petition.closes = closes
    return True


async def _locked(db: AsyncSession, home: Home, id: int) -> Petition:
    query = select(Petition).where(Petition.id == id, Petition.commune_id == home.id).with_for_update()
    return (await db.scalars(query.execution_options(populate_existing=True))).one()
