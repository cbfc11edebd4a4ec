"""When a survey, a council or a call is open, as the staff decide it while people take part."""

from datetime import datetime
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import follows, notices
from storage.applications import APPLIED, Application
from storage.bodies import Body
from storage.budget_desk import NotPossible
from storage.calls import Call
from storage.notices import Notice
from storage.submissions import Submission
from storage.surveys import NOUN as SURVEY
from storage.surveys import Survey

Opening = Survey | Body | Call
TABLES: dict[str, type[Survey] | type[Body] | type[Call]] = {SURVEY: Survey, "body": Body, "call": Call}


async def find(db: AsyncSession, commune_id: int, noun: str, id: int) -> Opening | None:
    """One of a commune's."""
    found: Opening | None = (await db.scalars(_here(noun, commune_id, id))).one_or_none()
    return found


async def open_now(db: AsyncSession, commune_id: int, noun: str, id: int, now: datetime) -> None:
    """Open it before its day; raises NotPossible."""
    row = await _locked(db, commune_id, noun, id, now)
    if row.opens <= now:
        raise NotPossible("changed")
    row.opens = now
    await db.flush()


async def extend(db: AsyncSession, commune_id: int, noun: str, id: int, closes: datetime, now: datetime) -> None:
    """Close it later than was said; those concerned are told.  Raises NotPossible."""
    row = await _locked(db, commune_id, noun, id, now)
    if closes <= max(now, row.closes):
        raise NotPossible("changed")
    row.closes = closes
    await _tell(db, noun, id, closes, now)


async def end(db: AsyncSession, commune_id: int, noun: str, id: int, now: datetime) -> None:
    """Close it before its day; those concerned are told.  Raises NotPossible."""
    row = await _locked(db, commune_id, noun, id, now)
    if row.opens >= now:
        raise NotPossible("changed")
    row.closes = now
    if noun != SURVEY:  # whoever follows a survey is told of its results
        await _tell(db, noun, id, now, now)
    await db.flush()


async def _locked(db: AsyncSession, commune_id: int, noun: str, id: int, now: datetime) -> Opening:
    """Held against those who take part; what is over stays so: its key may be gone, its files may have been read."""
    query = _here(noun, commune_id, id).with_for_update()
    row: Opening | None = (await db.scalars(query.execution_options(populate_existing=True))).one_or_none()
    if row is None or row.closes <= now:
        raise NotPossible("changed")
    return row


def _here(noun: str, commune_id: int, id: int) -> Any:
    table = TABLES[noun]
    return select(table).where(table.commune_id == commune_id, table.id == id)


async def _tell(db: AsyncSession, noun: str, id: int, closes: datetime, now: datetime) -> None:
    await db.flush()
    kind, occasion = f"{noun}.moved", closes.isoformat()
    if noun == SURVEY:
        await follows.tell(db, noun, id, kind, occasion, now)
        return
    said = literal(kind), literal(id), literal(occasion), literal(now, Notice.due.type)
    applied = select(Application.citizen_id, *said).where(Application.body_id == id, Application.state == APPLIED)
    wrote = select(Submission.citizen_id, *said).where(Submission.call_id == id, Submission.citizen_id.is_not(None))
    await notices.plan_all(db, applied if noun == "body" else wrote)
