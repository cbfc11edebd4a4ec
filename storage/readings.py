"""How far somebody has read in a consultation: where they go on, whenever they come back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, aliased, mapped_column

from storage.citizens import agrees
from storage.comments import Comment
from storage.consultations import Article, Consultation
from storage.database import insert_or_skip
from storage.reactions import others
from storage.schema import Base, Localised
from storage.wordings import Wording

THREE, TEN, ALL = "three", "ten", "all"
LENGTHS = (THREE, TEN, ALL)


class Reader(Base):
    """One person in one consultation: what they set out to read, and what they agreed to."""

    __tablename__ = "reader"
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), primary_key=True)
    length: Mapped[str]
    agreed: Mapped[datetime | None]
    person: Mapped[str | None]
    quarter: Mapped[str | None]  # none: not asked yet; empty: rather not said


class Reading(Base):
    """An article that somebody has read."""

    __tablename__ = "reading"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), primary_key=True)


@dataclass(frozen=True, slots=True)
class Line:
    """An article as one person sees it."""

    id: int
    number: int
    title: Localised
    text: Localised
    version: int
    lengths: tuple[str, ...]
    is_read: bool
    stance: str | None  # what this person says about it
    comment: int | None
    has_others: bool  # comments of others wait to be weighed


@dataclass(frozen=True, slots=True)
class Book:
    """A whole consultation as one person sees it."""

    consultation: Consultation
    reader: Reader | None
    lines: Sequence[Line]
    whole: int | None  # this person's comment on the whole text

    @property
    def said_something(self) -> bool:
        """Whether this person has said anything."""
        return self.whole is not None or any(line.comment for line in self.lines)

    @property
    def length(self) -> str:
        """What this person set out to read."""
        return self.reader.length if self.reader else ALL

    @property
    def chosen(self) -> list[Line]:
        """The articles of the length that was chosen."""
        return [line for line in self.lines if self.length in line.lengths]

    def line(self, article_id: int) -> Line | None:
        """One article."""
        return next((line for line in self.lines if line.id == article_id), None)

    def unread(self) -> Line | None:
        """Where to go on."""
        return next((line for line in self.chosen if not line.is_read), None)

    def after(self, number: int) -> Line | None:
        """The next article to read: further on, else one that was left out before."""
        further = next((line for line in self.chosen if line.number > number), None)
        return further or next((line for line in self.chosen if not line.is_read and line.number != number), None)

    def before(self, number: int) -> Line | None:
        """The article before."""
        return next((line for line in reversed(self.chosen) if line.number < number), None)


async def book(db: AsyncSession, commune_id: int, consultation_id: int, citizen_id: int) -> Book | None:
    """A consultation with its articles, open or not, as this person sees them: one look at the database."""
    return await _book(db, commune_id, Consultation.id == consultation_id, citizen_id)


async def opened(
    db: AsyncSession, commune_id: int, consultation_id: int, citizen_id: int, now: datetime
) -> Book | None:
    """The same, once it has opened: before, it is a draft of the staff."""
    found = await book(db, commune_id, consultation_id, citizen_id)
    return found if found and found.consultation.opens <= now else None


async def opened_of(db: AsyncSession, commune_id: int, article_id: int, citizen_id: int, now: datetime) -> Book | None:
    """The same, by one of its articles."""
    its = select(Article.consultation_id).where(Article.id == article_id).scalar_subquery()
    found = await _book(db, commune_id, Consultation.id == its, citizen_id)
    return found if found and found.consultation.opens <= now else None


async def _book(db: AsyncSession, commune_id: int, those: Any, citizen_id: int) -> Book | None:
    mine = aliased(Comment)
    waits = select(Comment.id).where(Comment.article_id == Article.id, others(citizen_id)).exists()
    whole = select(Comment.id).where(
        Comment.consultation_id == Consultation.id, Comment.article_id.is_(None), Comment.citizen_id == citizen_id
    )
    seen = Article, Wording.text, Reading.article_id, mine.stance, mine.id, waits
    query = (
        select(*seen, Consultation, Reader, whole.correlate(Consultation).scalar_subquery())
        .join(Consultation, Consultation.id == Article.consultation_id)
        .join(Wording, (Wording.article_id == Article.id) & (Wording.version == Article.version))
        .outerjoin(Reading, (Reading.article_id == Article.id) & (Reading.citizen_id == citizen_id))
        .outerjoin(mine, (mine.article_id == Article.id) & (mine.citizen_id == citizen_id))
        .outerjoin(Reader, (Reader.consultation_id == Consultation.id) & (Reader.citizen_id == citizen_id))
        .where(Consultation.commune_id == commune_id, those)
        .order_by(Article.number)
    )
    rows = (await db.execute(query.execution_options(populate_existing=True))).all()
    if not rows:
        return None
    return Book(rows[0].Consultation, rows[0].Reader, [_line(*row[:6]) for row in rows], rows[0][8])


def _line(article: Article, text: Localised, read: Any, stance: str, comment: int, has_others: bool) -> Line:
    lengths = (*((THREE,) if article.is_main else ()), *((TEN,) if article.is_main or article.is_marked else ()), ALL)
    return Line(
        id=article.id,
        number=article.number,
        title=article.title,
        text=text,
        version=article.version,
        lengths=lengths,
        is_read=read is not None,
        stance=stance,
        comment=comment,
        has_others=bool(has_others),
    )


async def begins(db: AsyncSession, consultation_id: int, citizen_id: int, length: str) -> None:
    """Somebody sets out to read so much; what was read before stays read."""
    row = {"consultation_id": consultation_id, "citizen_id": citizen_id, "length": length}
    await db.execute(insert_or_skip(db, Reader).values(row))
    await db.execute(_reader(consultation_id, citizen_id).values(length=length))


def _reader(consultation_id: int, citizen_id: int) -> Any:
    own = update(Reader).where(Reader.consultation_id == consultation_id, Reader.citizen_id == citizen_id)
    return own.execution_options(synchronize_session=False)


async def has_read(db: AsyncSession, article_id: int, citizen_id: int) -> None:
    """An article is read."""
    await db.execute(insert_or_skip(db, Reading).values(article_id=article_id, citizen_id=citizen_id))


async def consents(db: AsyncSession, consultation_id: int, citizen_id: int, person: str | None, now: datetime) -> None:
    """Keep that a person agreed to what becomes of a contribution, and who they declared to be."""
    row = {"consultation_id": consultation_id, "citizen_id": citizen_id, "length": ALL}
    await db.execute(insert_or_skip(db, Reader).values(row))
    await db.execute(_reader(consultation_id, citizen_id).values(agreed=now, person=person))
    agrees(db, citizen_id, "comment", now)


async def lives(db: AsyncSession, consultation_id: int, citizen_id: int, quarter: str) -> None:
    """Keep where a person lives, for the figures; empty where it is not said."""
    await db.execute(_reader(consultation_id, citizen_id).values(quarter=quarter))
    theirs = update(Comment).where(Comment.consultation_id == consultation_id, Comment.citizen_id == citizen_id)
    await db.execute(theirs.values(quarter=quarter or None).execution_options(synchronize_session=False))
