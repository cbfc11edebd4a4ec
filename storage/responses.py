"""Answers to surveys: one a person, counted by question; of an anonymous survey they name nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, LargeBinary, delete, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import ballot_keys, codes, counts, headcounts, row_locks, surveys
from storage.communes import Home
from storage.counts import Option, Suspect, Tally
from storage.database import insert_or_skip, vault
from storage.occasions import Closed, CountedAlready, Occasion
from storage.schema import Base, Localised, Marked, Rows
from storage.start_of_day import StartOf
from storage.surveys import NOUN, NUMBER, OPEN, QUIZ, SCALE, Survey, SurveyQuestion

WORDS = ""  # the option under which an open answer stands


class Response(Base):
    """One person's answers; `citizen_id` only where the survey is not anonymous."""

    __tablename__ = "survey_response"
    __table_args__ = ({"sqlite_with_rowid": False},)  # no numbering in the order of answering
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True, autoincrement=False)
    respondent: Mapped[str] = mapped_column(primary_key=True)
    citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizen.id"), index=True)
    receipt: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    language: Mapped[str]  # empty where the survey is anonymous
    assisted: Mapped[Marked]
    day: Mapped[date]


class Mark(Base):
    """One option of one answer, or its words."""

    __tablename__ = "survey_mark"
    __table_args__ = (
        ForeignKeyConstraint(["survey_id", "respondent"], ["survey_response.survey_id", "survey_response.respondent"]),
        {"sqlite_with_rowid": False},
    )
    survey_id: Mapped[int] = mapped_column(primary_key=True)
    respondent: Mapped[str] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("survey_question.id"), primary_key=True, index=True)
    option: Mapped[str] = mapped_column(primary_key=True)  # of a scale or a number: the figure
    words: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed


async def has_answered(db: AsyncSession, survey: Survey, occasion: Occasion) -> bool:
    """Whether this person has answered; only known while the survey is open."""
    mine = {"survey_id": survey.id, "respondent": ballot_keys.account(db, survey.answer_key, occasion.citizen)}
    return await db.get(Response, mine) is not None


async def respond(db: AsyncSession, survey: Survey, occasion: Occasion, answers: Mapping[int, Sequence[str]]) -> str:
    """Record answers (question id -> options, or words of an open one); the receipt.  Raises Closed, CountedAlready."""
    # Shared with others who answer, exclusive with whoever closes the survey and destroys its key.
    held = await row_locks.shared(db, Survey, survey.id)
    if not held.opens <= occasion.now < held.closes or held.answer_key is None:
        raise Closed
    who = ballot_keys.account(db, held.answer_key, occasion.citizen)
    receipt = codes.receipt(occasion.commune.receipt_prefix)
    row = insert_or_skip(db, Response).values(
        survey_id=held.id,
        respondent=who,
        citizen_id=None if held.is_anonymous else occasion.citizen.id,
        receipt=receipt,
        channel=occasion.channel,
        language="" if held.is_anonymous else occasion.language,  # it would tell whose they are where few are alike
        assisted=occasion.assisted and not held.is_anonymous,  # and so would this
        day=occasion.day,
    )
    if (await db.execute(row.returning(Response.respondent))).scalar_one_or_none() is None:
        raise CountedAlready
    if held.is_anonymous:
        await headcounts.add(db, NOUN, held.id, occasion, has_declared=occasion.citizen.declared is not None)
    asked = {question.id: question for question in await surveys.questions(db, held.id)}
    marks = [
        _mark(db, held.id, who, asked[id], option) for id, given in answers.items() if id in asked for option in given
    ]
    if marks:
        await db.execute(insert(Mark), marks)
    return receipt


def _mark(db: AsyncSession, survey_id: int, who: str, question: SurveyQuestion, said: str) -> dict[str, Any]:
    is_open = question.kind == OPEN
    return {
        "survey_id": survey_id,
        "respondent": who,
        "question_id": question.id,
        "option": WORDS if is_open else said,
        "words": vault(db).seal(said) if is_open else None,
    }


@dataclass(frozen=True, slots=True)
class Counted:
    """A question with what was answered: option -> people, most first; of figures their mean."""

    question: SurveyQuestion
    people: int
    by_option: dict[str, int] = field(default_factory=dict)
    mean: float | None = None

    @property
    def labels(self) -> dict[str, Localised]:
        """What the options say; figures say themselves."""
        if self.question.kind == NUMBER:
            return {figure: {"fr": figure} for figure in self.by_option}
        return {option.id: option.label for option in self.question.choices}


async def results(db: AsyncSession, survey: Survey) -> list[Counted]:
    """What all have answered, question by question."""
    people = select(Mark.question_id, func.count(Mark.respondent.distinct())).where(Mark.survey_id == survey.id)
    answered = {id: count for id, count in await db.execute(people.group_by(Mark.question_id))}
    options = select(Mark.question_id, Mark.option, func.count()).where(Mark.survey_id == survey.id)
    counted: dict[int, dict[str, int]] = {}
    for id, option, count in await db.execute(options.group_by(Mark.question_id, Mark.option)):
        counted.setdefault(id, {})[option] = count
    return [
        _counted(question, answered.get(question.id, 0), counted.get(question.id, {}))
        for question in await surveys.questions(db, survey.id)
    ]


def _counted(question: SurveyQuestion, people: int, by_option: dict[str, int]) -> Counted:
    if question.kind == OPEN:
        return Counted(question, people)
    if question.kind in (SCALE, NUMBER):
        total = sum(int(option) * count for option, count in by_option.items())
        ordered = dict(sorted(by_option.items(), key=lambda each: int(each[0])))
        return Counted(question, people, ordered, round(total / people, 1) if people else None)
    return Counted(question, people, {option.id: by_option.get(option.id, 0) for option in question.choices})


async def words(db: AsyncSession, question_id: int) -> list[str]:
    """The open answers to a question, in no order that tells who wrote them."""
    found = await db.scalars(select(Mark.words).where(Mark.question_id == question_id, Mark.words.is_not(None)))
    return sorted(vault(db).open(each) for each in found if each)


async def count(db: AsyncSession, survey_id: int) -> int:
    """How many have answered."""
    return await db.scalar(select(func.count()).select_from(Response).filter_by(survey_id=survey_id)) or 0


async def tally(db: AsyncSession, survey: Survey, _home: Home, _now: datetime) -> Tally:
    """Count: who answered, and each option of each question."""
    parts = await counts.parts(db, Response, Response.survey_id == survey.id)
    parts = await headcounts.divide(db, NOUN, survey.id, parts) if survey.is_anonymous else parts
    choices = tuple(
        Option(
            f"{counted.question.slug}-{id}",
            _joined(counted.question.text, label),
            counted.by_option.get(id, 0),
            whole=counted.question.slug,
        )
        for counted in await results(db, survey)
        for id, label in counted.labels.items()
    )
    return Tally({"answers": counts.people(parts)}, parts, choices=choices)


def _joined(question: Localised, label: Localised) -> Localised:
    """The question and the option, in each language that both have."""
    return {code: f"{text} {label.get(code, next(iter(label.values())))}" for code, text in question.items()}


async def watch(db: AsyncSession, survey: Survey, home: Home) -> list[Suspect]:
    """What is worth a look: many with one helper; answers keep no minute, and of an anonymous survey no account."""
    return await counts.helpers(db, Response, home.watch_account, Response.survey_id == survey.id)


def participations(citizen_id: int) -> Rows:
    """What this person answered under their own name, as «فين وصلات؟» lists it (storage/participations.py)."""
    return (
        select(
            literal("survey").label("noun"),
            Survey.id.label("about"),
            Survey.title.label("title"),
            Response.receipt.label("code"),
            literal("answered").label("state"),
            StartOf(Response.day).label("since"),
            Survey.closes.label("until"),
        )
        .join(Response, Response.survey_id == Survey.id)
        .where(Response.citizen_id == citizen_id, Survey.kind != QUIZ)
    )


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """What this person answered under their own name."""
    query = (
        select(Response, Survey.title, SurveyQuestion, Mark)
        .join(Survey, Survey.id == Response.survey_id)
        .join(Mark, (Mark.survey_id == Response.survey_id) & (Mark.respondent == Response.respondent))
        .join(SurveyQuestion, SurveyQuestion.id == Mark.question_id)
        .where(Response.citizen_id == citizen_id)
        .order_by(Response.survey_id, SurveyQuestion.place)
    )
    return [
        {
            "survey": title,
            "receipt": response.receipt,
            "day": str(response.day),
            "question": question.text,
            "answer": vault(db).open(mark.words) if mark.words else mark.option,
        }
        for response, title, question, mark in await db.execute(query)
    ]


async def erase(db: AsyncSession, citizen_id: int, _now: datetime) -> None:
    """Take this person's name from the answers; words written under it go, figures stay counted."""
    mine = select(Response.respondent).where(Response.citizen_id == citizen_id)
    await db.execute(
        delete(Mark)
        .where(Mark.respondent.in_(mine), Mark.words.is_not(None))
        .execution_options(synchronize_session=False)
    )
    rows: Any = Response.__table__
    await db.execute(rows.update().where(Response.citizen_id == citizen_id).values(citizen_id=None))
