"""What the articles of a consultation say, in each version they have had; a new one is told to those who commented."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, aliased, mapped_column

from storage import notices
from storage.comments import Comment
from storage.consultations import Article, Consultation
from storage.schema import Base, Id, Localised, Moment, Rows


class Wording(Base):
    """What an article says in one of its versions."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("article_id", "version"),)
    id: Mapped[Id]
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    version: Mapped[int]
    text: Mapped[Localised]
    why: Mapped[Localised | None]  # it differs from the one before
    published: Mapped[datetime]


class Overtaken(Exception):
    """Somebody has published another version meanwhile."""


@dataclass(frozen=True, slots=True)
class Change:
    """An article before and after; `why` as the last of its changes was explained."""

    id: int
    consultation_id: int
    number: int
    title: Localised
    before: Localised
    after: Localised
    why: Localised | None


async def changes(db: AsyncSession, commune_id: int, consultation_id: int) -> list[Change]:
    """The articles that read otherwise than when they were first put to the residents."""
    of_commune = select(Consultation.id).filter_by(id=consultation_id, commune_id=commune_id)
    query = _changed(1).where(Article.consultation_id.in_(of_commune)).order_by(Article.number)
    return [Change(*row) for row in await db.execute(query)]


async def since(db: AsyncSession, commune_id: int, article_id: int, version: int) -> Change | None:
    """How an article read in this version, and how it reads now; nothing if that is the same."""
    query = _changed(version).join(Consultation, Consultation.id == Article.consultation_id)
    row = (await db.execute(query.where(Article.id == article_id, Consultation.commune_id == commune_id))).one_or_none()
    return Change(*row) if row else None


def _changed(version: int) -> Rows:
    before, after = aliased(Wording), aliased(Wording)
    columns: Any = (
        Article.id,
        Article.consultation_id,
        Article.number,
        Article.title,
        before.text.label("before"),
        after.text.label("after"),
        after.why,
    )
    return (
        select(*columns)
        .join(before, (before.article_id == Article.id) & (before.version == version))
        .join(after, (after.article_id == Article.id) & (after.version == Article.version))
        .where(Article.version > version)
    )


async def publish(
    db: AsyncSession, commune_id: int, article_id: int, base: int, text: Localised, why: Localised, now: datetime
) -> int:
    """Publish a new version of an article, and tell those who commented on it; its number.  Raises Overtaken."""
    of_commune = select(Consultation.id).where(Consultation.commune_id == commune_id)
    query = select(Article).where(Article.id == article_id, Article.consultation_id.in_(of_commune)).with_for_update()
    article = (await db.scalars(query.execution_options(populate_existing=True))).one()
    if article.version != base:
        raise Overtaken
    article.version = base + 1
    db.add(Wording(article_id=article.id, version=article.version, text=text, why=why, published=now))
    await db.flush()
    await _tell(db, article, now)
    return article.version


async def _tell(db: AsyncSession, article: Article, now: datetime) -> None:
    told = select(
        Comment.citizen_id,
        literal("article.changed"),
        literal(article.id),
        literal(str(article.version), String()),
        literal(now, Moment()),
    )
    await notices.plan_all(db, told.where(Comment.article_id == article.id, Comment.citizen_id.is_not(None)))
