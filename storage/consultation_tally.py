"""The tally of a consultation: comments and people, by article and stance; and what is worth a look."""

from collections import Counter
from datetime import datetime

from sqlalchemy import Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import counts, turnout
from storage.comments import STANCES, Comment
from storage.communes import Home
from storage.consultations import Article, Consultation
from storage.counts import Option, Suspect, Tally
from storage.occasions import PAPER
from storage.schema import Localised


async def tally(db: AsyncSession, asked: Consultation, _home: Home, _now: datetime) -> Tally:
    """Count: the parts divide the comments; each article divides by stance."""
    of = Comment.consultation_id == asked.id
    author = func.coalesce(Comment.person, cast(Comment.citizen_id, Text))
    parts, people = await counts.divided(db, Comment, of, author=author)
    totals = {"comments": counts.people(parts), "authors": await turnout.people(db, asked.id)}
    return Tally(totals, parts, choices=await _by_article(db, asked), people=people)


async def _by_article(db: AsyncSession, asked: Consultation) -> tuple[Option, ...]:
    articles = (await db.scalars(select(Article).filter_by(consultation_id=asked.id).order_by(Article.number))).all()
    query = select(Comment.article_id, Comment.stance, func.count()).where(Comment.consultation_id == asked.id)
    found: dict[int | None, Counter[str]] = {}
    for article, stance, count in await db.execute(query.group_by(Comment.article_id, Comment.stance)):
        found.setdefault(article, Counter())[stance] = count
    options = [_option(each.slug, _numbered(each), found.get(each.id, Counter())) for each in articles]
    whole = [_option("whole", asked.short, found[None])] if None in found else []
    return (*options, *whole)


def _numbered(article: Article) -> Localised:
    return {code: f"{article.number}. {title}" for code, title in article.title.items()}


def _option(slug: str, title: Localised, stances: Counter[str]) -> Option:
    return Option(slug, title, stances.total(), {stance: stances[stance] for stance in STANCES})


async def watch(db: AsyncSession, asked: Consultation, home: Home) -> list[Suspect]:
    """What is worth a look: many in one minute, many with one helper."""
    of = Comment.consultation_id == asked.id, Comment.channel != PAPER  # a list that is entered comes in one minute
    found = await counts.bursts(db, Comment.written, home.watch_minute, *of)
    return [*found, *await counts.helpers(db, Comment, home.watch_account, *of)]
