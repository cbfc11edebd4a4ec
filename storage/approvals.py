"""What needs two people: one of the staff proposes a deed, another approves it, and only then is it done."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import notices
from storage.schema import Base, Id
from storage.staff import Staff

LASTS = timedelta(days=3)


class Proposal(Base):
    """A deed that waits for a second person."""

    __tablename__ = "proposal"
    __table_args__ = (
        Index(
            "uq_proposal_open",  # the same deed is proposed once at a time
            "commune_id",
            "deed",
            "about",
            unique=True,
            postgresql_where=text("settled IS NULL"),
            sqlite_where=text("settled IS NULL"),
        ),
    )
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    deed: Mapped[str]
    about: Mapped[int] = mapped_column(BigInteger)
    args: Mapped[dict[str, Any]]
    summary: Mapped[dict[str, str]]  # what it would do, in each language, as the proposer saw it
    proposed_by: Mapped[int] = mapped_column(BigInteger)
    proposed: Mapped[datetime]
    settled_by: Mapped[int | None] = mapped_column(BigInteger)
    settled: Mapped[datetime | None]
    is_approved: Mapped[bool | None]


class AlreadyProposed(Exception):
    """The same deed waits for approval already."""


async def propose(
    db: AsyncSession,
    commune_id: int,
    deed: str,
    about: int,
    args: dict[str, Any],
    summary: dict[str, str],
    by: int,
    roles: frozenset[str],
    now: datetime,
) -> Proposal:
    """Ask for a second person; those who may approve are told.  Raises AlreadyProposed."""
    await _expire(db, commune_id, now)
    same = select(Proposal.id).filter_by(commune_id=commune_id, deed=deed, about=about, settled=None)
    if await db.scalar(same):
        raise AlreadyProposed
    row = Proposal(
        commune_id=commune_id, deed=deed, about=about, args=args, summary=summary, proposed_by=by, proposed=now
    )
    db.add(row)
    await db.flush()
    others = select(
        Staff.citizen_id, literal("approval.wanted"), literal(row.id), literal(""), literal(now, Proposal.proposed.type)
    ).where(Staff.commune_id == commune_id, Staff.removed.is_(None), Staff.role.in_(roles), Staff.citizen_id != by)
    await notices.plan_all(db, others)
    return row


async def _expire(db: AsyncSession, commune_id: int, now: datetime) -> None:
    old = update(Proposal).where(Proposal.commune_id == commune_id, Proposal.settled.is_(None))
    await db.execute(old.where(Proposal.proposed < now - LASTS).values(settled=now, is_approved=False))


async def waiting(db: AsyncSession, commune_id: int, now: datetime) -> Sequence[tuple[Proposal, str]]:
    """Those that can still be approved, the oldest first, each with the name of who proposed it."""
    query = (
        select(Proposal, Staff.name)
        .join(Staff, (Staff.citizen_id == Proposal.proposed_by) & Staff.removed.is_(None))
        .where(Proposal.commune_id == commune_id, Proposal.settled.is_(None), Proposal.proposed >= now - LASTS)
        .order_by(Proposal.id)
    )
    return [(proposal, name) for proposal, name in await db.execute(query)]


async def settle(db: AsyncSession, proposal: Proposal, by: int, is_approved: bool, now: datetime) -> bool:
    """Approve or refuse, once; False if another was first.  Nobody approves what they proposed."""
    query = update(Proposal).where(Proposal.id == proposal.id, Proposal.settled.is_(None))
    if is_approved:
        query = query.where(Proposal.proposed_by != by)
    done = await db.execute(query.values(settled=now, settled_by=by, is_approved=is_approved).returning(Proposal.id))
    if done.scalar_one_or_none() is None:
        return False
    if proposal.proposed_by != by:
        await notices.plan(db, proposal.proposed_by, "approval.settled", proposal.id, "", now)
    return True


async def get(db: AsyncSession, id: int) -> Proposal | None:
    """A proposal, whatever became of it."""
    return await db.get(Proposal, id)
