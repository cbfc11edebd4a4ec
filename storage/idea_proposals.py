"""Proposing an idea and correcting it; what is kept of whoever did, theirs to see and to have erased."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import codes, media, row_locks
from storage.budgets import Budget
from storage.citizens import CitizenRow
from storage.communes import Home
from storage.database import vault
from storage.ideas import CORRECTION, NOUN, PUBLIC, REFUSED, WAITING, Idea, IdeaSupport, Proposal
from storage.occasions import Closed, Occasion
from storage.schema import Rows

_MONTH = timedelta(days=30.5)


class TooMany(Exception):
    """This person has as many ideas in this call as anybody may have."""


async def propose(db: AsyncSession, call_id: int, occasion: Occasion, proposal: Proposal) -> str:
    """Hand an idea in; its receipt.  Raises Closed, TooMany."""
    citizen, home = occasion.citizen, occasion.commune
    # One person's ideas are counted one after the other, from whichever channel they come.
    await db.execute(select(CitizenRow.id).where(CitizenRow.id == citizen.id).with_for_update())
    call = await row_locks.shared(db, Budget, call_id)
    if not (call.ideas_open and call.ideas_close and call.ideas_open <= occasion.now < call.ideas_close):
        raise Closed
    own = select(func.count()).where(Idea.budget_id == call_id, Idea.citizen_id == citizen.id)
    if (await db.scalar(own) or 0) >= home.ideas_each:
        raise TooMany
    row = Idea(
        budget_id=call_id,
        citizen_id=citizen.id,
        state=WAITING,
        note={},
        receipt=codes.receipt(home.receipt_prefix),
        channel=occasion.channel,
        language=occasion.language,
        assisted=occasion.assisted,
        written=occasion.now,
        day=occasion.day,
    )
    await _write(db, row, call, occasion, proposal)
    db.add(row)
    await db.flush()
    return row.receipt


async def correct(db: AsyncSession, id: int, occasion: Occasion, proposal: Proposal) -> None:
    """Write a refused idea anew: the staff read it again.  Raises Closed."""
    own = select(Idea).where(Idea.id == id, Idea.citizen_id == occasion.citizen.id).with_for_update()
    row = (await db.scalars(own.execution_options(populate_existing=True))).one_or_none()
    is_late = row is None or row.decided is None or row.decided + CORRECTION <= occasion.now
    if row is None or row.state != REFUSED or is_late:
        raise Closed
    row.state, row.reason, row.edition = WAITING, None, row.edition + 1
    await _write(db, row, await row_locks.shared(db, Budget, row.budget_id), occasion, proposal)
    await db.flush()


async def _write(db: AsyncSession, row: Idea, call: Budget, occasion: Occasion, proposal: Proposal) -> None:
    said = {"title": proposal.title, "words": proposal.words, "place": proposal.place}
    row.said, row.quarter, row.cost = vault(db).seal(said), proposal.quarter, proposal.cost
    row.changed, row.media_id = occasion.now, None
    if proposal.media:
        until = call.closes + _MONTH * occasion.commune.keep_months
        if await media.hand_in(db, proposal.media, occasion.citizen.id, NOUN, until):
            row.media_id = proposal.media


def to_moderate(commune_id: int) -> Rows:
    """The ideas that nobody of the staff has read, as the queue lists them (storage/queue.py)."""
    return (
        select(
            literal(NOUN).label("noun"),
            Idea.id.label("about"),
            Budget.title.label("title"),
            Idea.changed.label("since"),
        )
        .join(Budget, Budget.id == Idea.budget_id)
        .where(Budget.commune_id == commune_id, Idea.state == WAITING)
    )


def participations(citizen_id: int) -> Rows:
    """What this person proposed, as «فين وصلات؟» lists it (storage/participations.py)."""
    return (
        select(
            literal(NOUN).label("noun"),
            Budget.id.label("about"),
            Budget.title.label("title"),
            Idea.receipt.label("code"),
            Idea.state.label("state"),
            Idea.written.label("since"),
            Budget.ideas_close.label("until"),
        )
        .join(Budget, Budget.id == Idea.budget_id)
        .where(Idea.citizen_id == citizen_id)
    )


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """What this person proposed."""
    query = select(Idea, Budget.title).join(Budget, Budget.id == Idea.budget_id)
    return [
        {
            "vote": title,
            "receipt": row.receipt,
            "written": row.written.isoformat(),
            **vault(db).open(row.said),
            "quarter": row.quarter,
            "cost": row.cost,
            "state": row.state,
        }
        for row, title in await db.execute(query.where(Idea.citizen_id == citizen_id).order_by(Idea.id))
    ]


async def erase(db: AsyncSession, citizen_id: int, _now: datetime) -> None:
    """Erase what this person proposed; what is public already, and others may support, is cut from them."""
    theirs = Idea.citizen_id == citizen_id
    stays = update(Idea).where(theirs, Idea.state.in_(PUBLIC)).values(citizen_id=None, media_id=None)
    await db.execute(stays)
    gone = select(Idea.id).where(theirs)
    await db.execute(delete(IdeaSupport).where(IdeaSupport.idea_id.in_(gone)))
    await db.execute(delete(Idea).where(theirs))


async def forget(db: AsyncSession, home: Home, now: datetime) -> int:
    """Cut ideas of votes long closed from who proposed and who supported them; how many."""
    past = now - _MONTH * home.keep_months
    old = select(Idea.id).join(Budget, Budget.id == Idea.budget_id)
    old = old.where(Budget.commune_id == home.id, Budget.closes < past)
    known = Idea.citizen_id.is_not(None) | Idea.id.in_(select(IdeaSupport.idea_id))
    ids = list(await db.scalars(old.where(known).limit(1000)))
    given = select(func.count()).where(IdeaSupport.idea_id == Idea.id).correlate(Idea).scalar_subquery()
    values = {"citizen_id": None, "media_id": None, "counted": Idea.counted + given}
    await db.execute(update(Idea).where(Idea.id.in_(ids)).values(values).execution_options(synchronize_session=False))
    await db.execute(delete(IdeaSupport).where(IdeaSupport.idea_id.in_(ids)))
    return len(ids)
