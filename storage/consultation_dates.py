"""The dates of a consultation as staff move them: opened, extended, closed, reported; those who took part are told."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, delete, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import notices, turnout
from storage.comments import Comment
from storage.consultations import Article, Consultation, locked
from storage.media import Media
from storage.notices import Notice
from storage.occasions import Closed
from storage.reactions import Reaction
from storage.readings import Reader, Reading
from storage.schema import Moment
from storage.verdicts import Answer


async def begin(db: AsyncSession, commune_id: int, id: int, now: datetime) -> Consultation:
    """Open it now instead of later.  Raises Closed: it has opened, or is over."""
    row = await locked(db, commune_id, id)
    if row.opens <= now or row.closes <= now:
        raise Closed
    row.opens = now
    await db.flush()
    return row


async def move_end(db: AsyncSession, commune_id: int, id: int, closes: datetime, now: datetime) -> Consultation:
    """Let it close later, or again.  Raises Closed: its report is out, or that would be no later."""
    row = await locked(db, commune_id, id)
    if row.reported or closes <= max(row.closes, now):
        raise Closed
    row.closes = closes
    await _tell(db, row, now)
    return row


async def end(db: AsyncSession, commune_id: int, id: int, now: datetime) -> Consultation:
    """Close it now.  Raises Closed: it is not open."""
    row = await locked(db, commune_id, id)
    if not row.is_open(now) or row.opens >= now:
        raise Closed
    row.closes = now
    await _tell(db, row, now)
    return row


async def _tell(db: AsyncSession, row: Consultation, now: datetime) -> None:
    await db.flush()
    await _tell_all(db, "consultation.moved", row.id, f"{row.closes:%Y-%m-%dT%H:%M}", now)


async def _tell_all(db: AsyncSession, kind: str, id: int, occasion: str, now: datetime) -> None:
    """Tell those who said something in it, each once."""
    told = select(Comment.citizen_id, literal(kind), literal(id), literal(occasion, String()), literal(now, Moment()))
    authors = told.where(Comment.consultation_id == id, Comment.citizen_id.is_not(None))
    await notices.plan_all(db, authors.distinct())


async def report(db: AsyncSession, commune_id: int, id: int, now: datetime) -> Consultation:
    """Publish the report, once: from now on the days run until nobody knows who wrote what.  Raises Closed."""
    row = await locked(db, commune_id, id)
    if row.reported or row.closes > now:
        raise Closed
    row.reported, row.forget = now, now + timedelta(days=row.keep_days)
    await db.flush()
    await _tell_all(db, "consultation.reported", row.id, "", now)
    return row


async def forget_authors(db: AsyncSession, now: datetime) -> int:
    """Forget who wrote what, where the days after the report are over; how many consultations."""
    due = select(Consultation).where(Consultation.forget <= now, Consultation.people.is_(None)).with_for_update()
    rows = list((await db.scalars(due)).all())
    for row in rows:
        row.people = await turnout.people(db, row.id)
        for gone in _links(row.id):
            await db.execute(gone.execution_options(synchronize_session=False))
    return len(rows)


def _links(id: int) -> tuple[Any, ...]:
    """All that tells who wrote what: what was sent along and what was told about it too."""
    its = Comment.consultation_id == id
    comments, sent = select(Comment.id).where(its), select(Comment.media_id).where(its, Comment.media_id.is_not(None))
    articles = select(Article.id).where(Article.consultation_id == id)
    answers = select(Answer.id).where(Answer.consultation_id == id)
    told = {"comment.refused": comments, "comment.answered": answers, "article.changed": articles}
    return (
        *(delete(Notice).where(Notice.kind == kind, Notice.about.in_(those)) for kind, those in told.items()),
        update(Reaction).where(Reaction.comment_id.in_(comments)).values(citizen_id=None),
        delete(Media).where(Media.id.in_(sent)),
        update(Comment).where(its).values(citizen_id=None, person=None, media_id=None),
        delete(Reader).where(Reader.consultation_id == id),
        delete(Reading).where(Reading.article_id.in_(articles)),
    )
