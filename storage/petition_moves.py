"""The states of a petition: which leads to which, and what is kept of each step; those concerned are told once."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import codes, follows, notices, petitions
from storage.communes import Home
from storage.petitions import (
    ACCEPTED,
    ADOPTED,
    COLLECTING,
    DEPOSITED,
    DRAFT,
    NOUN,
    READY,
    REFUSED,
    REJECTED,
    SUBMITTED,
    UNDER_REVIEW,
    Petition,
)
from storage.schema import Base, Id, Localised

MOVED = "petition.moved"  # the notice of a step
# From a state to those that may follow.  A draft is handed in and given back, or taken on, in petition_drafts.py.
MOVES: dict[str, tuple[str, ...]] = {
    DRAFT: (SUBMITTED,),
    SUBMITTED: (DRAFT, COLLECTING),
    COLLECTING: (READY, DEPOSITED),
    READY: (DEPOSITED, COLLECTING),
    DEPOSITED: (UNDER_REVIEW,),
    UNDER_REVIEW: (ACCEPTED, REFUSED),
    ACCEPTED: (ADOPTED, REJECTED),
    REFUSED: (),
    ADOPTED: (),
    REJECTED: (),
}
# Why the bureau refuses: stored with the move, never rename.  What each says: flows/petition_words.py.
REFUSALS = ("few_signatures", "powers", "form", "not_concerned", "association", "unlawful")


class Move(Base):
    """One step of a petition."""

    __tablename__ = "petition_move"
    id: Mapped[Id]
    petition_id: Mapped[int] = mapped_column(ForeignKey("petition.id"), index=True)
    state: Mapped[str]  # the one it came to
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(BigInteger)  # who of the staff; none: the commune's file
    reasons: Mapped[list[str]]
    note: Mapped[Localised]  # the words of the commune, for everybody
    session: Mapped[date | None]
    receipt: Mapped[str | None]  # of a deposit


@dataclass(frozen=True, slots=True)
class Step:
    """What is to happen to a petition, as whoever decides it saw it."""

    was: str
    state: str
    by: int
    reasons: tuple[str, ...] = ()
    note: Localised = field(default_factory=dict)
    session: date | None = None


class MovedAlready(Exception):
    """It is not in the state any more in which this was decided."""


class NotAllowed(Exception):
    """This state does not follow on that one, or something it needs is missing."""


class TooFewSigned(Exception):
    """Fewer have signed than the law asks for."""


async def move(db: AsyncSession, home: Home, petition_id: int, step: Step, now: datetime) -> Move:
    """Bring a petition to another state, note it, and tell those concerned.

    The row is locked, so that of two who decide at once the first is right.  Raises MovedAlready, NotAllowed,
    TooFewSigned.
    """
    locked = select(Petition).where(Petition.id == petition_id, Petition.commune_id == home.id).with_for_update()
    petition = (await db.scalars(locked.execution_options(populate_existing=True))).one_or_none()
    if petition is None or petition.status != step.was:
        raise MovedAlready
    _check(step)
    if step.state == READY and await _signed(db, petition) < (petition.threshold or 0):
        raise TooFewSigned
    petition.status = step.state
    petition.session = step.session or petition.session
    if step.state == DEPOSITED:
        petition.deposited = now
    receipt = codes.receipt(home.receipt_prefix) if step.state == DEPOSITED else None
    return await note(db, petition, step, receipt, now)


def _check(step: Step) -> None:
    if step.state not in MOVES[step.was] or SUBMITTED in (step.was, step.state):
        raise NotAllowed(f"{step.was} to {step.state}")
    if step.state == REFUSED and not (step.reasons and set(step.reasons) <= set(REFUSALS)):
        raise NotAllowed("a refusal has its reasons")
    if step.state == ACCEPTED and step.session is None:
        raise NotAllowed("what is accepted is for a session")


async def _signed(db: AsyncSession, petition: Petition) -> int:
    """All who have signed; the petition is locked, so that no list is entered meanwhile."""
    return petition.signed_elsewhere + await petitions.listed(db, petition.id)


async def note(db: AsyncSession, petition: Petition, step: Step, receipt: str | None, now: datetime) -> Move:
    """Keep what happened, and plan to tell the promoter and all who follow."""
    row = Move(
        petition_id=petition.id,
        state=step.state,
        at=now,
        by=step.by,
        reasons=list(step.reasons),
        note=step.note,
        session=petition.session,
        receipt=receipt,
    )
    db.add(row)
    await db.flush()
    if petition.promoter_id is not None:
        await notices.plan(db, petition.promoter_id, MOVED, petition.id, str(row.id), now)
    await follows.tell(db, NOUN, petition.id, MOVED, str(row.id), now)
    return row


async def history(db: AsyncSession, petition_id: int) -> list[Move]:
    """What happened to a petition, in order."""
    query = select(Move).where(Move.petition_id == petition_id).order_by(Move.at, Move.id)
    return list((await db.scalars(query)).all())


async def get(db: AsyncSession, id: int) -> tuple[Petition, Move] | None:
    """A step, and the petition as it is now."""
    query = select(Petition, Move).join(Move, Move.petition_id == Petition.id).where(Move.id == id)
    row = (await db.execute(query)).one_or_none()
    return (row[0], row[1]) if row else None
