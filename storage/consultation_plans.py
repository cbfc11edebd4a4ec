"""Consultations that have not opened: written, with their articles one by one, or dropped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import codes, consultations
from storage.consultations import Article, Consultation
from storage.schema import Localised
from storage.wordings import Wording


class OpenAlready(Exception):
    """People take part in it: it cannot be changed so."""


@dataclass(frozen=True, slots=True)
class PlannedArticle:
    """An article as it will be read."""

    number: int
    title: Localised
    text: Localised


async def begin(db: AsyncSession, commune_id: int, **values: Any) -> int:
    """Begin one; its number."""
    row = Consultation(commune_id=commune_id, slug=f"consultation-{codes.draw(6).lower()}", **values)
    db.add(row)
    await db.flush()
    return row.id


async def every(db: AsyncSession, commune_id: int, now: datetime) -> Sequence[Consultation]:
    """Those that have not opened, the newest first."""
    query = select(Consultation).where(Consultation.commune_id == commune_id, Consultation.opens > now)
    return (await db.scalars(query.order_by(Consultation.id.desc()))).all()


async def find(db: AsyncSession, commune_id: int, id: int, now: datetime) -> Consultation | None:
    """One of them."""
    query = select(Consultation).where(Consultation.commune_id == commune_id, Consultation.id == id)
    return (await db.scalars(query.where(Consultation.opens > now))).one_or_none()


async def articles(db: AsyncSession, id: int) -> list[PlannedArticle]:
    """Its articles, in their order."""
    query = (
        select(Article.number, Article.title, Wording.text)
        .join(Wording, (Wording.article_id == Article.id) & (Wording.version == Article.version))
        .where(Article.consultation_id == id)
        .order_by(Article.number)
    )
    return [PlannedArticle(*row) for row in await db.execute(query)]


async def add(
    db: AsyncSession, commune_id: int, id: int, now: datetime, title: Localised, text: Localised, is_main: bool
) -> None:
    """Add an article after the others.  Raises OpenAlready."""
    await _locked(db, commune_id, id, now)
    last = await db.scalar(select(func.max(Article.number)).where(Article.consultation_id == id)) or 0
    article = Article(
        consultation_id=id, slug=f"article-{last + 1}", number=last + 1, title=title, is_main=is_main, is_marked=is_main
    )
    db.add(article)
    await db.flush()
    db.add(Wording(article_id=article.id, version=1, text=text, published=now))
    await db.flush()


async def drop(db: AsyncSession, commune_id: int, id: int, now: datetime) -> None:
    """Throw it away.  Raises OpenAlready."""
    await _locked(db, commune_id, id, now)
    own = select(Article.id).where(Article.consultation_id == id)
    await db.execute(delete(Wording).where(Wording.article_id.in_(own)))
    await db.execute(delete(Article).where(Article.consultation_id == id))
    await db.execute(delete(Consultation).where(Consultation.id == id))


async def _locked(db: AsyncSession, commune_id: int, id: int, now: datetime) -> None:
    found = await consultations.locked(db, commune_id, id)
    if found.opens <= now:
        raise OpenAlready
