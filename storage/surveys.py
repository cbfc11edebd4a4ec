"""Surveys and quizzes: their questions, when they are open, and the key under which each person answers once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, LargeBinary, UniqueConstraint, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import ballot_keys, follows
from storage.communes import Home
from storage.schema import Base, Id, Localised

NOUN = "survey"
SURVEY, QUIZ = "survey", "quiz"
KINDS = (SURVEY, QUIZ)
SINGLE, SEVERAL, SCALE, NUMBER, OPEN = "single", "several", "scale", "number", "open"
ASKED_AS = (SINGLE, SEVERAL, SCALE, NUMBER, OPEN)
AT_ONCE, AT_THE_END, NEVER = "at_once", "at_the_end", "never"
SHOWN = (AT_ONCE, AT_THE_END, NEVER)  # when those who answered see what all have answered
MOST_QUESTIONS = 15  # a flow asks twenty at most


class Survey(Base):
    """Some questions to everybody; a quiz explains each answer."""

    __tablename__ = "survey"
    __table_args__ = (UniqueConstraint("commune_id", "slug"),)
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    slug: Mapped[str]
    kind: Mapped[str]
    title: Mapped[Localised]
    short: Mapped[Localised]
    intro: Mapped[Localised]
    is_anonymous: Mapped[bool]
    results: Mapped[str]  # one of SHOWN
    opens: Mapped[datetime]
    closes: Mapped[datetime]
    answer_key: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed; gone once the survey is closed


class SurveyQuestion(Base):
    """One of its questions."""

    __tablename__ = "survey_question"
    __table_args__ = (UniqueConstraint("survey_id", "slug"),)
    id: Mapped[Id]
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    slug: Mapped[str]
    place: Mapped[int]
    kind: Mapped[str]
    text: Mapped[Localised]
    options: Mapped[list[Any]]  # [{"id": "bus", "label": {"fr": ...}, "right": true}]
    explanation: Mapped[Localised]
    least: Mapped[int]  # options to tick, or the smallest number, or the lower end of a scale
    most: Mapped[int]
    only_if: Mapped[dict[str, Any]]  # {"question": "uses-bus", "is": ["no"]}; empty: always asked
    may_skip: Mapped[bool]

    @property
    def key(self) -> str:
        """Its name in a conversation."""
        return f"q-{self.slug}"

    @property
    def choices(self) -> list["Option"]:
        """What can be chosen, of a scale too."""
        if self.kind == SCALE:
            return [Option(str(step), {"fr": str(step)}) for step in range(self.least, self.most + 1)]
        return [Option(each["id"], each["label"], bool(each.get("right"))) for each in self.options]

    def is_asked(self, answers: dict[str, list[str]]) -> bool:
        """Whether it is asked of somebody who has answered this so far."""
        wanted = self.only_if.get("is", [])
        return not wanted or bool(set(wanted) & set(answers.get(self.only_if["question"], [])))


@dataclass(frozen=True, slots=True)
class Option:
    """What can be chosen; `is_right` in a quiz."""

    id: str
    label: Localised
    is_right: bool = False


async def around(db: AsyncSession, home: Home, now: datetime) -> tuple[list[Survey], bool]:
    """Those that can be answered now, the next to close first; and whether results of others can be read."""
    last = select(Survey.id).where(*_over(home, now)).order_by(Survey.closes.desc()).limit(1).scalar_subquery()
    is_open = (Survey.opens <= now) & (Survey.closes > now)
    query = select(Survey).where(Survey.commune_id == home.id, is_open | (Survey.id == last))
    found = (await db.scalars(query.order_by(Survey.closes, Survey.id))).all()
    opened = [each for each in found if each.closes > now]
    return opened, len(opened) < len(found)


async def over(db: AsyncSession, home: Home, now: datetime, offset: int, limit: int) -> list[Survey]:
    """A page of those that have closed and whose results everybody may read, the last to close first."""
    query = select(Survey).where(*_over(home, now)).order_by(Survey.closes.desc(), Survey.id)
    return list((await db.scalars(query.offset(offset).limit(limit))).all())


def _over(home: Home, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Survey.commune_id == home.id, Survey.closes <= now, Survey.results != NEVER


async def get(db: AsyncSession, commune_id: int, id: int) -> Survey | None:
    """One of a commune's."""
    return (await db.scalars(select(Survey).filter_by(id=id, commune_id=commune_id))).one_or_none()


async def every(db: AsyncSession, commune_id: int) -> list[Survey]:
    """All of a commune, the newest first."""
    query = select(Survey).filter_by(commune_id=commune_id).order_by(Survey.id.desc())
    return list((await db.scalars(query)).all())


async def questions(db: AsyncSession, survey_id: int) -> list[SurveyQuestion]:
    """Its questions, in their order."""
    query = select(SurveyQuestion).filter_by(survey_id=survey_id).order_by(SurveyQuestion.place)
    return list((await db.scalars(query)).all())


async def destroy_keys(db: AsyncSession, now: datetime) -> int:
    """Cut closed surveys from those who answered, for good, and forget what was said to them; how many surveys.

    Whoever asked to hear the results is told.
    """
    closed: list[Survey] = await ballot_keys.destroy(db, Survey.answer_key, now)
    await ballot_keys.write_anew(db, NOUN, [survey.id for survey in closed if survey.is_anonymous], _REWRITE)
    for survey in closed:
        if survey.results != NEVER:
            await follows.tell(db, NOUN, survey.id, "survey.results", "closed", now)
    return len(closed)


_REWRITE = text("""
    WITH marks AS (DELETE FROM survey_mark WHERE survey_id = ANY(:those) RETURNING *),
    slips AS (DELETE FROM survey_response WHERE survey_id = ANY(:those) RETURNING *),
    anew AS (INSERT INTO survey_response SELECT * FROM slips ORDER BY respondent)
    INSERT INTO survey_mark SELECT * FROM marks ORDER BY respondent, question_id, option
""")
