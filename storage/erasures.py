"""Erasure by the staff, for who asked for it at the desk: whose a receipt is, and how much is kept of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from storage import notices, own_data
from storage.applications import Application
from storage.citizens import CitizenRow
from storage.comments import Comment
from storage.contributions import Contribution
from storage.ideas import Idea
from storage.media import Media
from storage.petition_drafts import Draft
from storage.petitions import Support
from storage.responses import Response
from storage.seats import Registration
from storage.staff import Staff
from storage.submissions import Submission
from storage.threads import Thread

ERASED = "person.erased"  # the notice
# What has a receipt and a person.  No ballot has one: nobody can be found through a vote.
RECEIPTS: dict[Any, Any] = {
    Support: Support.receipt,
    Draft: Draft.code,
    Thread: Thread.code,
    Comment: Comment.receipt,
    Registration: Registration.receipt,
    Response: Response.receipt,
    Application: Application.receipt,
    Contribution: Contribution.receipt,
    Idea: Idea.receipt,
    Submission: Submission.receipt,
}
COUNTED = (*RECEIPTS, Media)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody found by a receipt: a number, and how much is kept of them; no word of theirs."""

    id: int
    is_staff: bool
    kept: dict[str, int]  # the name of a table, and its rows
    staying: int  # declarations of support that stay, without a name


async def whose(db: AsyncSession, commune_id: int, receipt: str) -> Person | None:
    """The person who was given this receipt."""
    those = union_all(*(select(model.citizen_id).where(code == receipt) for model, code in RECEIPTS.items())).subquery()
    query = select(CitizenRow.id).join(those, those.c.citizen_id == CitizenRow.id)
    id = await db.scalar(query.where(CitizenRow.commune_id == commune_id).limit(1))
    if id is None:
        return None
    every = (
        select(literal(str(model.__tablename__)).label("name"), func.count().label("count")).where(
            model.citizen_id == id
        )
        for model in COUNTED
    )
    kept = {name: count for name, count in await db.execute(union_all(*every)) if count}
    return Person(id, await _is_staff(db, id), kept, await own_data.staying(db, id))


async def erase(db: AsyncSession, commune_id: int, citizen_id: int, now: datetime) -> bool:
    """Erase a person and tell them, in their language; False if they were erased before, or are of the staff."""
    theirs = select(CitizenRow.language).where(CitizenRow.id == citizen_id, CitizenRow.commune_id == commune_id)
    row = (await db.execute(theirs.where(CitizenRow.erased.is_(None)).with_for_update())).one_or_none()
    if row is None or await _is_staff(db, citizen_id):
        return False
    await own_data.erase(db, citizen_id, now)
    await notices.plan(db, citizen_id, ERASED, citizen_id, row.language or "fr", now)
    return True


async def _is_staff(db: AsyncSession, citizen_id: int) -> bool:
    query = select(Staff.id).where(Staff.citizen_id == citizen_id, Staff.removed.is_(None)).limit(1)
    return await db.scalar(query) is not None
