"""Taking part in a consultation: to say something about an article, to say it otherwise, to take it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import codes, consultations, media
from storage.comments import ACCEPTED, WAITING, Comment, corrects, said
from storage.consultations import Article, Consultation
from storage.database import is_added, vault
from storage.media import Media
from storage.occasions import Closed, CountedAlready, Occasion
from storage.reactions import Reaction
from storage.readings import Reader, Reading

_MONTH = timedelta(days=30.5)


@dataclass(frozen=True, slots=True)
class Voice:
    """What a person says: the stance, and what goes with it."""

    stance: str
    words: str = ""
    kind: str = "text"
    media: int | None = None


async def give(
    db: AsyncSession,
    consultation_id: int,
    article_id: int | None,
    version: int | None,
    occasion: Occasion,
    person: str | None,
    voice: Voice,
) -> str:
    """Record what a person says; its receipt.  Raises Closed, CountedAlready."""
    held = await consultations.must_be_open(db, consultation_id, occasion.now)
    row: dict[str, Any] = {
        "consultation_id": consultation_id,
        "article_id": article_id,
        "version": version,
        "citizen_id": occasion.citizen.id,
        "person": person,
        "edition": 1,
        "channel": occasion.channel,
        "language": occasion.language,
        "quarter": occasion.quarter,
        "assisted": occasion.assisted,
        "receipt": codes.receipt(occasion.commune.receipt_prefix),
        "written": occasion.now,
        "day": occasion.day,
        **_content(db, voice, occasion.now),
    }
    if not await is_added(db, Comment, row):
        raise CountedAlready
    await _hand_in(db, voice, held, occasion)
    return str(row["receipt"])


def _content(db: AsyncSession, voice: Voice, now: datetime) -> dict[str, Any]:
    """What is said; a bare stance holds nothing that staff would have to read first."""
    is_bare = not voice.words and voice.media is None
    return {
        "stance": voice.stance,
        "words": vault(db).seal(voice.words),
        "kind": "stance" if is_bare else voice.kind,
        "media_id": voice.media,
        "state": ACCEPTED if is_bare else WAITING,
        "changed": now,
    }


async def _hand_in(db: AsyncSession, voice: Voice, held: Consultation, occasion: Occasion) -> None:
    if voice.media is not None:
        until = held.closes + occasion.commune.keep_months * _MONTH
        await media.hand_in(db, voice.media, occasion.citizen.id, "comment", until)


async def change(db: AsyncSession, id: int, occasion: Occasion, voice: Voice) -> None:
    """Say it otherwise; staff read it again, and those who reacted to the old words are free to do so anew.

    Raises Closed.
    """
    comment, held = await _own(db, id, occasion)
    if comment.media_id not in (None, voice.media):
        await db.execute(delete(Media).where(Media.id == comment.media_id))
    for key, value in _content(db, voice, occasion.now).items():
        setattr(comment, key, value)
    comment.edition += 1
    comment.reason = comment.answer_id = comment.decided = None
    if comment.article_id is not None:
        comment.version = await db.scalar(select(Article.version).where(Article.id == comment.article_id))
    await _hand_in(db, voice, held, occasion)
    await db.execute(delete(Reaction).where(Reaction.comment_id == id))
    await db.flush()


async def withdraw(db: AsyncSession, id: int, occasion: Occasion) -> None:
    """Take it back whole; who has nothing left in the consultation takes part in it no more.  Raises Closed."""
    comment, held = await _own(db, id, occasion)
    await _drop(db, [comment])
    own = Reader.consultation_id == held.id, Reader.citizen_id == occasion.citizen.id
    here = Comment.consultation_id == held.id
    says = select(Comment.id).where(here, Comment.citizen_id == occasion.citizen.id)
    reacts = select(Reaction.id).join(Comment, Comment.id == Reaction.comment_id)
    reacts = reacts.where(here, Reaction.citizen_id == occasion.citizen.id)
    nothing = update(Reader).where(*own, ~says.exists(), ~reacts.exists()).values(agreed=None)
    await db.execute(nothing.execution_options(synchronize_session=False))


async def _own(db: AsyncSession, id: int, occasion: Occasion) -> tuple[Comment, Consultation]:
    """An own comment, locked, in a consultation that stays as it is: it can be changed.  Raises Closed."""
    own = select(Comment).where(Comment.id == id, Comment.citizen_id == occasion.citizen.id)
    found = (await db.scalars(own)).one_or_none()
    if found is None:
        raise Closed
    held = await consultations.hold(db, found.consultation_id)
    again = own.with_for_update().execution_options(populate_existing=True)
    comment = (await db.scalars(again)).one_or_none()
    if comment is None or not (held.is_open(occasion.now) or corrects(comment.state, comment.decided, occasion.now)):
        raise Closed
    return comment, held


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """What this person said in consultations, and thinks of what others said."""
    rows = await db.execute(said().where(Comment.citizen_id == citizen_id).order_by(Comment.id))
    comments = [
        {
            "consultation": of.title,
            "article": article.title if article else None,
            "stance": row.stance,
            "words": vault(db).open(row.words),
            "kind": row.kind,
            "state": row.state,
            "receipt": row.receipt,
            "quarter": row.quarter,
            "channel": row.channel,
            "written": row.written.isoformat(),
        }
        for row, of, article in rows
    ]
    query = select(Reaction.reaction, Comment.receipt).join(Comment, Comment.id == Reaction.comment_id)
    theirs = await db.execute(query.where(Reaction.citizen_id == citizen_id).order_by(Reaction.id))
    return [*comments, *({"reaction": reaction, "to": receipt} for reaction, receipt in theirs)]


async def erase(db: AsyncSession, citizen_id: int, _now: datetime) -> None:
    """Erase what this person said; what has its answer stays in the report, cut from them."""
    theirs = Comment.citizen_id == citizen_id
    cut = update(Comment).where(theirs, Comment.answer_id.is_not(None)).values(citizen_id=None, person=None)
    await db.execute(cut.execution_options(synchronize_session=False))
    await _drop(db, list((await db.scalars(select(Comment).where(theirs))).all()))
    for gone in (
        update(Reaction).where(Reaction.citizen_id == citizen_id).values(citizen_id=None),
        delete(Reading).where(Reading.citizen_id == citizen_id),
        delete(Reader).where(Reader.citizen_id == citizen_id),
    ):
        await db.execute(gone.execution_options(synchronize_session=False))


async def _drop(db: AsyncSession, those: list[Comment]) -> None:
    await db.execute(delete(Reaction).where(Reaction.comment_id.in_([each.id for each in those])))
    await db.execute(delete(Media).where(Media.id.in_([each.media_id for each in those if each.media_id])))
    await db.execute(delete(Comment).where(Comment.id.in_([each.id for each in those])))
