"""All that a report on a consultation says: its articles, the published comments without names, answers, changes."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import reactions, readings, turnout, wordings
from storage.comments import ANSWERED, PUBLIC, REFUSED, Comment
from storage.consultations import Consultation
from storage.database import vault
from storage.reactions import AGREE, DISAGREE
from storage.readings import Line
from storage.verdicts import Answer
from storage.wordings import Change

_NOBODY = 0  # whose own comments are none of these


@dataclass(frozen=True, slots=True)
class Opinion:
    """A published comment, without its author."""

    article_id: int | None
    stance: str
    words: str
    kind: str
    answer_id: int | None
    agree: int
    disagree: int

    @property
    def weighed(self) -> bool:
        """Whether others said what they think of it."""
        return bool(self.agree or self.disagree)


@dataclass(frozen=True, slots=True)
class Contents:
    """What the report says."""

    people: int
    answered: int
    refused: int
    lines: list[Line]
    opinions: list[Opinion]
    answers: dict[int, Answer]
    changes: dict[int, Change]


async def read(db: AsyncSession, asked: Consultation) -> Contents:
    """Read it, in six looks at the database whatever its size."""
    book = await readings.book(db, asked.commune_id, asked.id, _NOBODY)
    states = await _states(db, asked.id)
    answers = (await db.scalars(select(Answer).where(Answer.consultation_id == asked.id).order_by(Answer.id))).all()
    return Contents(
        people=await turnout.people(db, asked.id),
        answered=states.get(ANSWERED, 0),
        refused=states.get(REFUSED, 0),
        lines=list(book.lines) if book else [],
        opinions=await _opinions(db, asked.id),
        answers={each.id: each for each in answers},
        changes={each.id: each for each in await wordings.changes(db, asked.commune_id, asked.id)},
    )


async def _states(db: AsyncSession, id: int) -> dict[str, int]:
    query = select(Comment.state, func.count()).where(Comment.consultation_id == id).group_by(Comment.state)
    return {state: count for state, count in await db.execute(query)}


async def _opinions(db: AsyncSession, id: int) -> list[Opinion]:
    those: Any = (Comment.consultation_id == id, Comment.state.in_(PUBLIC))
    rows = (await db.scalars(select(Comment).where(*those).order_by(Comment.id))).all()
    weighed = await reactions.counts(db, select(Comment.id).where(*those))
    return [
        Opinion(
            article_id=row.article_id,
            stance=row.stance,
            words=vault(db).open(row.words),
            kind=row.kind,
            answer_id=row.answer_id,
            agree=weighed.get(row.id, {}).get(AGREE, 0),
            disagree=weighed.get(row.id, {}).get(DISAGREE, 0),
        )
        for row in rows
    ]
