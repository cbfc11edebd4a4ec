"""Comments on the articles of a consultation: a stance, with words, a voice note or a photo if the person likes.

One person says one thing about an article, and may change or withdraw it while the consultation is open.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, func, literal, select, text, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.consultations import Article, Consultation
from storage.database import vault
from storage.schema import Base, Id, Json, Localised, Marked, Rows

SUPPORT, AMEND, ADD, OPPOSE = "support", "amend", "add", "oppose"
STANCES = (SUPPORT, AMEND, ADD, OPPOSE)
WAITING, ACCEPTED, REFUSED, ANSWERED = "waiting", "accepted", "refused", "answered"
PUBLIC = (ACCEPTED, ANSWERED)  # what others may see
CORRECTION = timedelta(days=7)  # for what was refused, even after the closing
_WHOLE = text("article_id IS NULL")
_WAITS = text("state = 'waiting'")


class Comment(Base):
    """What one person says about an article, or about the whole text where it names none."""

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("article_id", "citizen_id"),  # one account
        UniqueConstraint("article_id", "person"),  # one person, whatever the account
        Index(
            "uq_comment_whole",
            "consultation_id",
            "citizen_id",
            unique=True,
            postgresql_where=_WHOLE,
            sqlite_where=_WHOLE,
        ),
        Index(
            "uq_comment_whole_person",
            "consultation_id",
            "person",
            unique=True,
            postgresql_where=_WHOLE,
            sqlite_where=_WHOLE,
        ),
        Index("ix_comment_waiting", "changed", postgresql_where=_WAITS, sqlite_where=_WAITS),
        Index(None, "consultation_id", "article_id", "state"),
    )
    id: Mapped[Id]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    version: Mapped[int | None]  # of the article, as it was read
    citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizen.id"), index=True)  # none: forgotten, or paper
    person: Mapped[str | None]
    stance: Mapped[str]
    words: Mapped[bytes] = mapped_column(LargeBinary)  # sealed; empty where the stance says it all
    kind: Mapped[str]  # stance, text, voice, photo
    media_id: Mapped[int | None]
    state: Mapped[str]
    edition: Mapped[int] = mapped_column(default=1)  # how often it was written: each is read by the staff
    reason: Mapped[str | None]  # it was refused, as a code
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("comment_answer.id"), index=True)
    channel: Mapped[str]
    language: Mapped[str]
    assisted: Mapped[Marked]
    quarter: Mapped[str | None]
    receipt: Mapped[str] = mapped_column(unique=True)
    written: Mapped[datetime]
    changed: Mapped[datetime]
    decided: Mapped[datetime | None]
    day: Mapped[date]  # of `written`, in Morocco


@dataclass(frozen=True, slots=True)
class Said:
    """A comment, opened, with what it is about."""

    id: int
    consultation_id: int
    article_id: int | None
    number: int | None
    title: Localised
    stance: str
    words: str
    kind: str
    media: int | None
    state: str
    edition: int
    version: int | None
    newest: int | None  # the version of the article now
    reason: str | None
    answer_id: int | None
    receipt: str
    changed: datetime
    decided: datetime | None
    closes: datetime
    opens: datetime

    def can_change(self, now: datetime) -> bool:
        """While the consultation is open, and some days longer after it was refused."""
        return self.opens <= now < self.closes or corrects(self.state, self.decided, now)


def corrects(state: str, decided: datetime | None, now: datetime) -> bool:
    """Whether it was refused, so lately that its author may still correct it."""
    return state == REFUSED and decided is not None and now < decided + CORRECTION


async def opened(db: AsyncSession, those: Rows) -> list[Said]:
    """The comments that a query finds (see `said`), opened."""
    rows = await db.execute(those.execution_options(populate_existing=True))
    return [_said(db, *row) for row in rows]


def said() -> Any:
    """The query of comments with what they are about, to be narrowed."""
    return (
        select(Comment, Consultation, Article)
        .join(Consultation, Consultation.id == Comment.consultation_id)
        .outerjoin(Article, Article.id == Comment.article_id)
    )


def _said(db: AsyncSession, row: Comment, of: Consultation, article: Article | None) -> Said:
    return Said(
        id=row.id,
        consultation_id=of.id,
        article_id=row.article_id,
        number=article.number if article else None,
        title=article.title if article else of.title,
        stance=row.stance,
        words=vault(db).open(row.words),
        kind=row.kind,
        media=row.media_id,
        state=row.state,
        edition=row.edition,
        version=row.version,
        newest=article.version if article else None,
        reason=row.reason,
        answer_id=row.answer_id,
        receipt=row.receipt,
        changed=row.changed,
        decided=row.decided,
        closes=of.closes,
        opens=of.opens,
    )


async def mine(db: AsyncSession, citizen_id: int, consultation_id: int, offset: int, limit: int) -> list[Said]:
    """What this person says in a consultation, article by article."""
    own = said().where(Comment.citizen_id == citizen_id, Comment.consultation_id == consultation_id)
    return await opened(db, own.order_by(Article.number, Comment.id).offset(offset).limit(limit))


async def own(db: AsyncSession, citizen_id: int, id: int) -> Said | None:
    """One comment of this person."""
    found = await opened(db, said().where(Comment.citizen_id == citizen_id, Comment.id == id))
    return found[0] if found else None


async def one(db: AsyncSession, commune_id: int, id: int) -> Said | None:
    """One comment, for the staff of this commune."""
    found = await opened(db, said().where(Consultation.commune_id == commune_id, Comment.id == id))
    return found[0] if found else None


def to_moderate(commune_id: int) -> Rows:
    """The comments that nobody of the staff has read, as the queue lists them (storage/queue.py)."""
    return (
        select(
            literal("comment").label("noun"),
            Comment.id.label("about"),
            _title().label("title"),
            Comment.changed.label("since"),
        )
        .join(Consultation, Consultation.id == Comment.consultation_id)
        .outerjoin(Article, Article.id == Comment.article_id)
        .where(Consultation.commune_id == commune_id, Comment.state == WAITING)
    )


def participations(citizen_id: int) -> Rows:
    """What this person says in consultations, as «فين وصلات؟» lists it (storage/participations.py)."""
    return (
        select(
            literal("comment").label("noun"),
            Consultation.id.label("about"),
            _title().label("title"),
            Comment.receipt.label("code"),
            Comment.state.label("state"),
            Comment.written.label("since"),
            Consultation.closes.label("until"),
        )
        .join(Consultation, Consultation.id == Comment.consultation_id)
        .outerjoin(Article, Article.id == Comment.article_id)
        .where(Comment.citizen_id == citizen_id)
    )


def _title() -> Any:
    return type_coerce(func.coalesce(Article.title, Consultation.short), Json)
