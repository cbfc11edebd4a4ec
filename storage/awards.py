"""The result of a call: decided with reasons, one by one; published at once, and told once to each association."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import calls, notices, scores
from storage.citizens import Address
from storage.database import vault
from storage.schema import Localised
from storage.scores import NotNow
from storage.submissions import DECLINED, DRAFT, SELECTED, Submission, opened

_MANY = 1_000


@dataclass(frozen=True, slots=True)
class Result:
    """What everybody may read of a decided call."""

    selected: list[str]  # the associations
    count: int  # how many had submitted


async def decide(db: AsyncSession, call_id: int, id: int, is_selected: bool, reasons: Localised) -> None:
    """Decide on one, with reasons; nobody is told yet.  Raises NotNow."""
    call = await calls.locked(db, call_id)
    if call.decided:
        raise NotNow("decided")
    if not (await scores.stand(db, call)).is_shown:
        raise NotNow("hidden")
    those = Submission.id == id, Submission.call_id == call_id, Submission.state != DRAFT
    row = (await db.scalars(select(Submission).where(*those).with_for_update())).one_or_none()
    if row is None:
        raise NotNow("changed")
    row.verdict, row.reasons = SELECTED if is_selected else DECLINED, vault(db).seal(reasons)
    await db.flush()


async def publish(db: AsyncSession, call_id: int, now: datetime) -> int:
    """Publish the result and tell each association; how many.  Raises NotNow."""
    call = await calls.locked(db, call_id)
    if call.decided:
        raise NotNow("decided")
    those = Submission.call_id == call_id, Submission.state != DRAFT
    rows = list((await db.scalars(select(Submission).where(*those).order_by(Submission.id).with_for_update())).all())
    if not rows or any(row.verdict is None for row in rows):
        raise NotNow("undecided")
    call.decided = now
    for row in rows:
        row.state, row.changed = row.verdict or DECLINED, now
    await db.flush()
    for row in rows:
        if row.citizen_id is not None:
            await notices.plan(db, row.citizen_id, "submission.decided", row.id, row.state, now)
    return len(rows)


async def out_of_reach(db: AsyncSession, call_id: int) -> list[str]:
    """The associations of people who took part on somebody else's phone: we cannot write to them."""
    has_phone = exists().where(Address.citizen_id == Submission.citizen_id)
    those = Submission.call_id == call_id, Submission.state != DRAFT, Submission.citizen_id.is_not(None), ~has_phone
    return [each.name for each in await opened(db, *those, limit=_MANY, with_files=False)]


async def result(db: AsyncSession, call_id: int) -> Result:
    """Who was selected, in the order of their names, of how many."""
    found = await opened(db, Submission.call_id == call_id, Submission.state.in_((SELECTED, DECLINED)), limit=_MANY)
    return Result(sorted(each.name for each in found if each.state == SELECTED), len(found))
