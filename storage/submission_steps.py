"""A submission on its way: begun, written part by part, its documents sent, submitted, taken back, thrown away."""

import unicodedata
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import calls, codes, media, notices, submissions
from storage.calls import Call
from storage.database import is_added, vault
from storage.occasions import Closed, CountedAlready, Occasion
from storage.submissions import ASSOCIATION, DRAFT, SUBMITTED, Document, Submission

MOST_FILES = 20  # of one document, photographed page by page
_MONTH = timedelta(days=30.5)
_REMINDERS = (timedelta(days=3), timedelta(days=1))  # before the deadline: the first that is still to come
_KIND_OF_NAME = ("association", "جمعية", "جمعيه")  # some write it before the name, some do not


class NotNow(Exception):
    """It is not in the state that this needs: submitted, decided or gone."""


async def begin(db: AsyncSession, call_id: int, occasion: Occasion, association: str) -> int:
    """Begin a draft, or go on with the one there is; its number.  Raises Closed."""
    call = await calls.locked(db, call_id, read=True)
    if not call.is_open(occasion.now):
        raise Closed
    row: dict[str, Any] = {
        "call_id": call_id,
        "citizen_id": occasion.citizen.id,
        "words": vault(db).seal({ASSOCIATION: association}),
        "state": DRAFT,
        "receipt": codes.receipt(occasion.commune.receipt_prefix),
        "channel": occasion.channel,
        "language": occasion.language,
        "assisted": occasion.assisted,
        "begun": occasion.now,
        "changed": occasion.now,
        "keep_until": call.closes + occasion.commune.keep_months * _MONTH,
    }
    is_new = await is_added(db, Submission, row)
    own = await submissions.mine(db, call_id, occasion.citizen.id)
    if own is None:
        raise Closed
    if is_new:
        await _remind(db, own, call, occasion)
    return own.id


async def _remind(db: AsyncSession, own: Submission, call: Call, occasion: Occasion) -> None:
    due = [call.closes - before for before in _REMINDERS if call.closes - before > occasion.now]
    if due:
        await notices.plan(db, occasion.citizen.id, "submission.reminder", own.id, "deadline", due[0])


async def write(db: AsyncSession, occasion: Occasion, id: int, part: str, said: str) -> None:
    """Write one part, or write it anew.  Raises Closed, NotNow."""
    row = await _mine(db, occasion, id)
    row.words = vault(db).seal({**vault(db).open(row.words), part: said})


async def attach(db: AsyncSession, occasion: Occasion, id: int, paper: str, kind: str, media_id: int) -> int:
    """Add a file to a paper; how many it has.  Raises Closed, NotNow."""
    row = await _mine(db, occasion, id)
    count = len((await submissions.files(db, [row.id])).get(row.id, {}).get(paper, []))
    if count >= MOST_FILES or not await media.hand_in(db, media_id, occasion.citizen.id, "submission", row.keep_until):
        raise NotNow
    added = {"submission_id": row.id, "paper": paper, "media_id": media_id, "kind": kind}
    return count + await is_added(db, Document, added)


async def detach(db: AsyncSession, occasion: Occasion, id: int, paper: str) -> None:
    """Take the files of a paper out again.  Raises Closed, NotNow."""
    row = await _mine(db, occasion, id)
    gone = delete(Document).where(Document.submission_id == row.id, Document.paper == paper)
    for media_id in list((await db.scalars(gone.returning(Document.media_id))).all()):
        await media.drop(db, media_id)


async def submit(db: AsyncSession, occasion: Occasion, id: int) -> str:
    """Submit it; the receipt.  Raises Closed, NotNow, CountedAlready."""
    row = await _mine(db, occasion, id, alone=True)
    [written] = await submissions.opened(db, Submission.id == row.id)
    if written.missing:
        raise NotNow
    mark = _mark(db, row.call_id, written.words[ASSOCIATION])
    if await db.scalar(select(Submission.id).where(Submission.call_id == row.call_id, Submission.association == mark)):
        raise CountedAlready
    row.association, row.state = mark, SUBMITTED
    row.submitted, row.day = occasion.now, occasion.day
    row.channel, row.language, row.assisted = occasion.channel, occasion.language, occasion.assisted
    await db.flush()
    return row.receipt


def _mark(db: AsyncSession, call_id: int, name: str) -> str:
    """The same for one name, however it is spaced, accented or capitalised."""
    folded = "".join(sign for sign in unicodedata.normalize("NFKD", name).casefold() if sign.isalnum() or sign == " ")
    words = folded.split()
    bare = "".join(words[1:] if len(words) > 1 and words[0] in _KIND_OF_NAME else words)
    return vault(db).recognise(f"association {call_id}", bare)


async def take_back(db: AsyncSession, occasion: Occasion, id: int) -> None:
    """Make a submission a draft again, until the deadline.  Raises Closed, NotNow."""
    row = await _mine(db, occasion, id, SUBMITTED)
    row.association, row.state, row.submitted, row.day = None, DRAFT, None, None


async def drop(db: AsyncSession, occasion: Occasion, id: int) -> None:
    """Throw a draft away, with its files.  Raises Closed, NotNow."""
    row = await _mine(db, occasion, id)
    for paper in (await submissions.files(db, [row.id])).get(row.id, {}):
        await detach(db, occasion, id, paper)
    await db.delete(row)


async def _mine(db: AsyncSession, occasion: Occasion, id: int, state: str = DRAFT, alone: bool = False) -> Submission:
    """One's own, locked, while its call is open; beside others who write, `alone` where names are compared."""
    those = Submission.id == id, Submission.citizen_id == occasion.citizen.id
    call_id = await db.scalar(select(Submission.call_id).where(*those))
    if call_id is None:
        raise NotNow
    call = await calls.locked(db, call_id, read=not alone)
    query = select(Submission).where(*those).with_for_update().execution_options(populate_existing=True)
    row = (await db.scalars(query)).one_or_none()
    if row is None or row.state != state:
        raise NotNow
    if not call.is_open(occasion.now):
        raise Closed
    row.changed = occasion.now
    row.keep_until = call.closes + occasion.commune.keep_months * _MONTH
    return row
