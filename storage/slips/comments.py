"""What people said aloud or on paper about a consultation: one comment a person and article."""

from datetime import datetime
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import citizens, codes, consultations, id_cards
from storage.comments import ACCEPTED, ADD, AMEND, OPPOSE, SUPPORT, WAITING, Comment
from storage.communes import Home
from storage.consultations import Article, Consultation
from storage.database import insert_or_skip, vault
from storage.occasions import PAPER, Closed, casablanca_day
from storage.schema import Rows
from storage.slips.slip import ARTICLE, CIN, COUNTED, STANCE, TWICE, Report, Slip, in_parts, quarter

# As a clerk writes it in a column.
_STANCES = {
    SUPPORT: (SUPPORT, "pour", "favorable", "d'accord", "مع", "موافق"),
    AMEND: (AMEND, "modifier", "à modifier", "تعديل", "يتبدل"),
    ADD: (ADD, "ajouter", "compléter", "à compléter", "إضافة", "يتزاد"),
    OPPOSE: (OPPOSE, "contre", "défavorable", "ضد"),
}
_MEANT = {word: stance for stance, words in _STANCES.items() for word in words}


def taking(home: Home, now: datetime) -> Rows:
    """Consultations that are open, as `Register` has them."""
    columns = literal("consultation").label("noun"), Consultation.id.label("about"), Consultation.slug
    query = select(*columns, Consultation.short.label("title")).where(Consultation.commune_id == home.id)
    return query.where(Consultation.opens <= now, Consultation.closes > now)


async def enter(
    db: AsyncSession, home: Home, about: int, slips: list[Slip], now: datetime, keep: bool = True
) -> Report:
    """Enter them, or with `keep` false only say what would be; staff read the words like all others.  Raises Closed."""
    held = await consultations.must_be_open(db, about, now)
    if held.commune_id != home.id:
        raise Closed
    report, articles = Report(), await numbered(db, about)
    rows: dict[tuple[str, int | None], tuple[Slip, dict[str, Any]]] = {}
    for slip in slips:
        cin, stance = id_cards.read(slip.cin), _MEANT.get(slip.stance.strip().casefold())
        article = articles.get(slip.article.strip()) if slip.article.strip() else None
        if cin is None:
            report.refuse(slip, CIN)
        elif slip.article.strip() and article is None:
            report.refuse(slip, ARTICLE)
        elif stance is None:
            report.refuse(slip, STANCE)
        else:
            person = citizens.recognised_in(db, home.id, cin)
            key = person, article.id if article else None
            if key in rows:
                report.refuse(slip, TWICE)
            else:
                rows[key] = slip, _row(db, home, about, now, person, article, stance, slip)
    for key in await _counted(db, about, list({person for person, _article in rows})):
        if key in rows:
            report.refuse(rows.pop(key)[0], COUNTED)
    report.entered = len(rows)
    if keep:
        for part in in_parts([row for _slip, row in rows.values()]):
            await db.execute(insert_or_skip(db, Comment).values(list(part)))
    return report.sorted()


async def numbered(db: AsyncSession, about: int) -> dict[str, Article]:
    """The articles of a consultation by their number, as it is written."""
    query = select(Article).where(Article.consultation_id == about).order_by(Article.number)
    return {str(each.number): each for each in await db.scalars(query)}


def _row(
    db: AsyncSession,
    home: Home,
    about: int,
    now: datetime,
    person: str,
    article: Article | None,
    stance: str,
    slip: Slip,
) -> dict[str, Any]:
    words = slip.words.strip()
    return {
        "consultation_id": about,
        "article_id": article.id if article else None,
        "version": article.version if article else None,
        "citizen_id": None,
        "person": person,
        "stance": stance,
        "words": vault(db).seal(words),
        "kind": "text" if words else "stance",
        "state": WAITING if words else ACCEPTED,
        "edition": 1,
        "channel": PAPER,
        "quarter": quarter(home, slip.quarter),
        "language": "",  # paper has none
        "receipt": codes.receipt(home.receipt_prefix),
        "written": now,
        "changed": now,
        "day": casablanca_day(now),
    }


async def _counted(db: AsyncSession, about: int, people: list[str]) -> list[tuple[str, int | None]]:
    """Who has commented on what already."""
    found: list[tuple[str, int | None]] = []
    for part in in_parts(people):
        query = select(Comment.person, Comment.article_id)
        rows = await db.execute(query.where(Comment.consultation_id == about, Comment.person.in_(part)))
        found += [(row.person, row.article_id) for row in rows]
    return found
