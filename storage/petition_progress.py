"""How far a petition has come, for who started it: milestones of the declared support, each told once.

They are an encouragement on the way: so many *declare support*, beside the number of *signatures* that the law asks
for.  The law's own bar, on charts and cards, is measured with the signed list alone.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import notices
from storage.notices import Notice
from storage.petitions import COLLECTING, Petition, Support, has_declared

MILESTONES = (25, 50, 75, 100)  # percent
TOLD_AS = "petition.milestone"
_DECLARED = select(func.count()).where(Support.petition_id == Petition.id, has_declared())
_DECLARED_HERE = _DECLARED.correlate(Petition).scalar_subquery()


def reached(declared: int, threshold: int | None) -> int:
    """The last milestone that this many have reached, in percent; 0 for none."""
    if not threshold:
        return 0
    return max((percent for percent in MILESTONES if declared * 100 >= threshold * percent), default=0)


async def new_milestones(db: AsyncSession, now: datetime) -> list[tuple[int, int, int]]:
    """Who is to be told of which petition and milestone: only reads, and finds none that was told already.

    Where several were passed at once the last of them is told.
    """
    told = (Notice.kind == TOLD_AS) & (Notice.about == Petition.id) & (Notice.citizen_id == Petition.promoter_id)
    query = (
        select(Petition, (_DECLARED_HERE + Petition.declared_elsewhere).label("declared"), Notice.occasion)
        .outerjoin(Notice, told)
        .where(Petition.status == COLLECTING, Petition.closes > now)
        .where(Petition.promoter_id.is_not(None), Petition.threshold > 0)
    )
    known: dict[int, int] = {}
    found: dict[int, tuple[int, int, int]] = {}
    for petition, declared, occasion in await db.execute(query):
        known[petition.id] = max(known.get(petition.id, 0), int(occasion or 0))
        found[petition.id] = petition.promoter_id, petition.id, reached(declared, petition.threshold)
    return [each for id, each in found.items() if each[2] > known[id]]


async def plan(db: AsyncSession, milestones: list[tuple[int, int, int]], now: datetime) -> None:
    """Have them told; of two processes that found the same, one does."""
    for promoter, petition, percent in milestones:
        await notices.plan(db, promoter, TOLD_AS, petition, str(percent), now)
