"""Consultations, brought to what a file says; what people have commented on stays as they read it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import codes
from storage.comments import ACCEPTED, Comment
from storage.communes import Commune
from storage.consultations import Article, Consultation
from storage.database import vault
from storage.loading import answered
from storage.loading.rows import BegunAlready, Changes, Entry, Rows
from storage.readings import Reading
from storage.wordings import Wording


async def settle(
    db: AsyncSession, commune_id: int, entries: tuple[Entry, ...], now: datetime, changes: Changes
) -> None:
    """Bring the consultations of a commune to what these entries say; raises BegunAlready."""
    consultations = await Rows.of(db, Consultation, changes["consultations"], commune_id=commune_id)
    for entry in entries:
        is_new = entry.slug not in consultations.found
        asked = consultations.settle(entry)
        await db.flush()
        await _articles(db, asked, entry, changes, now)
        if is_new:  # what came on paper is counted once, and what became of it is the staff's from then on
            articles = (await Rows.of(db, Article, changes["articles"], consultation_id=asked.id)).found
            comments = await _comments(db, asked, entry, articles, changes, now)
            await answered.settle(db, asked, entry, articles, comments, changes)


async def _articles(db: AsyncSession, asked: Consultation, entry: Entry, changes: Changes, now: datetime) -> None:
    articles = await Rows.of(db, Article, changes["articles"], consultation_id=asked.id)
    texts = await _texts(db, asked.id)
    if faults := [f"consultations.{asked.slug}.{fault}" for fault in _faults(texts, entry)]:
        raise BegunAlready(faults)
    told = tuple(_article(each) for each in entry.parts["articles"])
    for gone in articles.found.keys() - {each.slug for each in told}:
        id = articles.found[gone].id
        await db.execute(delete(Reading).where(Reading.article_id == id))
        await db.execute(delete(Wording).where(Wording.article_id == id))
    await articles.settle_all(told)
    await db.flush()
    current = await Rows.of(db, Article, changes["wordings"], consultation_id=asked.id)
    for each in entry.parts["articles"]:
        await _word(db, current.found[each.slug], each.values["text"], changes, now)


def _article(entry: Entry) -> Entry:
    values = {key: value for key, value in entry.values.items() if key not in ("text", "minutes")}
    minutes = entry.values["minutes"]
    return Entry(entry.slug, {**values, "is_main": minutes == 3, "is_marked": minutes == 10})


async def _texts(db: AsyncSession, id: int) -> dict[str, tuple[Any, int, int]]:
    """By slug: what an article says now, its version, how many commented on it."""
    said = select(func.count()).where(Comment.article_id == Article.id).scalar_subquery()
    query = (
        select(Article.slug, Wording.text, Article.version, said)
        .join(Wording, (Wording.article_id == Article.id) & (Wording.version == Article.version))
        .where(Article.consultation_id == id)
    )
    return {slug: (text, version, count) for slug, text, version, count in await db.execute(query)}


def _faults(texts: dict[str, tuple[Any, int, int]], entry: Entry) -> Iterator[str]:
    told = {each.slug: each.values["text"] for each in entry.parts["articles"]}
    for slug, (text, version, count) in sorted(texts.items()):
        if slug not in told and count:
            yield f"articles.{slug}: people have commented on this article; put it back"
        elif slug in told and version == 1 and count and told[slug] != text:
            yield f"articles.{slug}.text: people have commented on it as it was; publish a new version in the chat"


async def _word(db: AsyncSession, article: Article, text: Any, changes: Changes, now: datetime) -> None:
    """What an article says at first; its later versions are published in the chat, and stay."""
    first = (await db.scalars(select(Wording).filter_by(article_id=article.id, version=1))).one_or_none()
    if first is None:
        db.add(Wording(article_id=article.id, version=1, text=text, published=now))
        changes["wordings"].added += 1
    elif article.version == 1 and first.text != text:
        first.text = text
        changes["wordings"].changed += 1
    else:
        changes["wordings"].left += 1


async def _comments(
    db: AsyncSession,
    asked: Consultation,
    entry: Entry,
    articles: dict[str, Article],
    changes: Changes,
    now: datetime,
) -> dict[str, Comment]:
    prefix = (await db.get_one(Commune, asked.commune_id)).settings["receipt_prefix"]
    came = min(now, asked.closes)  # a consultation that is over was commented on before it closed
    found = {
        each.slug: _comment(db, asked, articles.get(each.values["article"] or ""), each, prefix, came)
        for each in entry.parts["comments"]
    }
    db.add_all(found.values())
    changes["comments"].added += len(found)
    await db.flush()
    return found


def _comment(
    db: AsyncSession, asked: Consultation, article: Article | None, entry: Entry, prefix: str, now: datetime
) -> Comment:
    """A comment that nobody's account wrote: it is published at once."""
    return Comment(
        consultation_id=asked.id,
        article_id=article.id if article else None,
        version=1 if article else None,
        stance=entry.values["stance"],
        words=vault(db).seal(entry.values["words"]),
        kind="text",
        state=ACCEPTED,
        channel="paper",
        language=entry.values["language"],
        quarter=entry.values["quarter"],
        receipt=codes.receipt(prefix),
        written=now,
        changed=now,
        decided=now,
        day=now.astimezone(ZoneInfo("Africa/Casablanca")).date(),
    )
