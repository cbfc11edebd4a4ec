"""What became of a consultation before it was loaded: its answers, and what its articles say since."""

from sqlalchemy.ext.asyncio import AsyncSession

from storage.comments import ANSWERED, Comment
from storage.consultations import Article, Consultation
from storage.loading.rows import Changes, Entry
from storage.verdicts import Answer
from storage.wordings import Wording


async def settle(
    db: AsyncSession,
    asked: Consultation,
    entry: Entry,
    articles: dict[str, Article],
    comments: dict[str, Comment],
    changes: Changes,
) -> None:
    """Add what the entry says of a new consultation, by the slugs of its articles and comments."""
    for each in entry.parts["articles"]:
        for version in each.parts["became"]:
            articles[each.slug].version = int(version.slug)
            db.add(Wording(article_id=articles[each.slug].id, version=int(version.slug), **version.values))
            changes["wordings"].added += 1
    for each in entry.parts["answers"]:
        await _answer(db, asked, each, comments)
        changes["answers"].added += 1
    await db.flush()


async def _answer(db: AsyncSession, asked: Consultation, entry: Entry, comments: dict[str, Comment]) -> None:
    values = {key: value for key, value in entry.values.items() if key != "comments"}
    given = Answer(consultation_id=asked.id, staff_id=None, **values)
    db.add(given)
    await db.flush()
    for slug in entry.values["comments"]:
        comments[slug].state, comments[slug].answer_id = ANSWERED, given.id
