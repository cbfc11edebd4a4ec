"""What one can take part in now, of every noun, in one look."""

from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.budgets import Budget
from storage.calls import Call
from storage.communes import Home
from storage.consultations import Consultation
from storage.petitions import COLLECTING, Petition
from storage.surveys import Survey
from storage.workshops import PLANNED, Workshop


async def open_now(db: AsyncSession, home: Home, now: datetime) -> set[str]:
    """The nouns of which something is open."""
    dated: dict[str, Any] = {"budget": Budget, "consultation": Consultation, "survey": Survey, "call": Call}
    there = {
        "petition": exists().where(
            Petition.commune_id == home.id, Petition.status == COLLECTING, Petition.closes > now
        ),
        "workshop": exists().where(Workshop.commune_id == home.id, Workshop.state == PLANNED, Workshop.begins > now),
        **{
            noun: exists().where(each.commune_id == home.id, each.opens <= now, each.closes > now)
            for noun, each in dated.items()
        },
    }
    row = (await db.execute(select(*(found.label(noun) for noun, found in there.items())))).one()
    return {noun for noun, is_there in row._asdict().items() if is_there}
