"""Submissions beside the conversation: among what one did, counted, shown to the person, erased, forgotten."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import counts
from storage.calls import Call
from storage.communes import Home
from storage.counts import Suspect, Tally
from storage.database import vault
from storage.enquiries import ANSWERED, Enquiry
from storage.media import Media
from storage.schema import Rows
from storage.scores import Score
from storage.submissions import ASSOCIATION, CONTACT, DRAFT, SUBMITTED, Document, OpenedSubmission, Submission, opened

ASKED = timedelta(days=90)  # after a call closes, so long it is known who asked
_MANY = 1_000


async def around(db: AsyncSession, call_id: int, citizen_id: int) -> tuple[int | None, bool]:
    """This account's own submission to a call, and whether something was asked and answered about it: in one look."""
    own = select(Submission.id).filter_by(call_id=call_id, citizen_id=citizen_id).scalar_subquery()
    answered = exists().where(Enquiry.call_id == call_id, Enquiry.state == ANSWERED)
    row = (await db.execute(select(own, answered))).one()
    return row[0], row[1]


async def tally(db: AsyncSession, call: Call, _home: Home, _now: datetime) -> Tally:
    """Count what was submitted."""
    parts = await counts.parts(db, Submission, Submission.call_id == call.id, Submission.state != DRAFT)
    return Tally({"submissions": counts.people(parts)}, parts)


async def watch(db: AsyncSession, call: Call, home: Home) -> list[Suspect]:
    """What is worth a look: many in one minute, many with one helper; each of them is read by several people anyway."""
    of = Submission.call_id == call.id, Submission.state != DRAFT
    found = await counts.bursts(db, Submission.submitted, home.watch_minute, *of)
    return [*found, *await counts.helpers(db, Submission, home.watch_account, *of)]


def participations(citizen_id: int) -> Rows:
    """What this person writes for a call, as «فين وصلات؟» lists it (storage/participations.py)."""
    return (
        select(
            literal("submission").label("noun"),
            Submission.id.label("about"),
            Call.title.label("title"),
            Submission.receipt.label("code"),
            Submission.state.label("state"),
            func.coalesce(Submission.submitted, Submission.begun).label("since"),
            Call.closes.label("until"),
        )
        .join(Call, Call.id == Submission.call_id)
        .where(Submission.citizen_id == citizen_id)
    )


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """What this person wrote for calls, and asked about them."""
    found = await opened(db, Submission.citizen_id == citizen_id, limit=_MANY)
    asked = await db.execute(
        select(Enquiry, Call.title).join(Call, Call.id == Enquiry.call_id).where(Enquiry.citizen_id == citizen_id)
    )
    return [row for each in found for row in _rows(each)] + [
        {"call": title, "question": vault(db).open(row.words), "written": row.asked.isoformat(), "state": row.state}
        for row, title in asked
    ]


def _rows(each: OpenedSubmission) -> list[dict[str, Any]]:
    whose = {"call": each.call.title, "receipt": each.receipt}
    about = {"association": each.name, "contact": each.words.get(CONTACT)}
    first = {**whose, "state": each.state, **about, "documents": sum(map(len, each.files.values()))}
    said = [(ask.text, each.words[ask.id]) for ask in each.call.asks if each.words.get(ask.id)]
    return [first, *({**whose, "question": text, "answer": words} for text, words in said)]


async def erase(db: AsyncSession, citizen_id: int, _now: datetime) -> None:
    """Erase what this person wrote; of what is decided the association's name stays, since it is published."""
    open_ones = Submission.citizen_id == citizen_id, Submission.state.in_((DRAFT, SUBMITTED))
    await _drop(db, list((await db.scalars(select(Submission.id).where(*open_ones))).all()))
    decided = await opened(db, Submission.citizen_id == citizen_id, limit=_MANY)
    for each in decided:
        await _drop_files(db, [each.id])
        name = vault(db).seal({ASSOCIATION: each.name})
        await db.execute(update(Submission).where(Submission.id == each.id).values(words=name, citizen_id=None))
    await db.execute(delete(Enquiry).where(Enquiry.citizen_id == citizen_id, Enquiry.state != ANSWERED))
    await db.execute(update(Enquiry).where(Enquiry.citizen_id == citizen_id).values(citizen_id=None))


async def forget(db: AsyncSession, now: datetime, limit: int = 1000) -> int:
    """Forget what was kept long enough after the call; how many."""
    ids = list((await db.scalars(select(Submission.id).where(Submission.keep_until < now).limit(limit))).all())
    await _drop(db, ids)
    return len(ids) + await _cut(db, now, limit)


async def _cut(db: AsyncSession, now: datetime, limit: int) -> int:
    """Forget who asked what about a call that closed a while ago; what was not answered goes whole."""
    closed = select(Call.id).where(Call.closes < now - ASKED)
    old = select(Enquiry.id).where(Enquiry.call_id.in_(closed), Enquiry.citizen_id.is_not(None)).limit(limit)
    ids = list((await db.scalars(old)).all())
    if ids:
        await db.execute(delete(Enquiry).where(Enquiry.id.in_(ids), Enquiry.state != ANSWERED))
        await db.execute(update(Enquiry).where(Enquiry.id.in_(ids)).values(citizen_id=None))
    return len(ids)


async def _drop(db: AsyncSession, ids: list[int]) -> None:
    if ids:
        await _drop_files(db, ids)
        await db.execute(delete(Score).where(Score.submission_id.in_(ids)))
        await db.execute(delete(Submission).where(Submission.id.in_(ids)))


async def _drop_files(db: AsyncSession, ids: list[int]) -> None:
    gone = delete(Document).where(Document.submission_id.in_(ids)).returning(Document.media_id)
    media = list((await db.scalars(gone)).all())
    if media:
        await db.execute(delete(Media).where(Media.id.in_(media)))
