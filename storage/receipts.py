"""Receipts: what a short code stands for."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.budgets import Ballot, Budget
from storage.citizens import Citizen
from storage.petitions import Petition, Support


@dataclass(frozen=True, slots=True)
class OfSupport:
    """A declaration of support, its owner's own."""

    support: Support
    petition: Petition


@dataclass(frozen=True, slots=True)
class OfBallot:
    """A ballot is counted; not whose, and not for what: nobody can be made to prove a vote."""

    budget: Budget
    day: date


async def find(db: AsyncSession, citizen: Citizen, code: str) -> OfSupport | OfBallot | None:
    """What this receipt stands for; another person's support stays unknown."""
    supports = select(Support, Petition).join(Petition, Petition.id == Support.petition_id)
    row = (await db.execute(supports.where(Support.receipt == code, Support.citizen_id == citizen.id))).one_or_none()
    if row:
        return OfSupport(*row)
    ballots = select(Budget, Ballot.day).join(Ballot, Ballot.budget_id == Budget.id)
    ballots = ballots.where(Ballot.receipt == code, Budget.commune_id == citizen.commune_id)
    ballot = (await db.execute(ballots)).one_or_none()
    return OfBallot(*ballot) if ballot else None


async def of_supports(db: AsyncSession, citizen: Citizen) -> list[OfSupport]:
    """All declarations of support of this citizen, the newest first."""
    query = select(Support, Petition).join(Petition, Petition.id == Support.petition_id)
    rows = await db.execute(query.where(Support.citizen_id == citizen.id).order_by(Support.id.desc()))
    return [OfSupport(*row) for row in rows]
