"""Surveys, brought to what a file says; questions that people have answered stay as they were asked."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage import ballot_keys, responses
from storage.loading import before
from storage.loading.rows import BegunAlready, Changes, Entry, Rows
from storage.surveys import Survey, SurveyQuestion

_ASKED = ("kind", "options", "least", "most", "only_if")


async def settle(
    db: AsyncSession, commune_id: int, entries: tuple[Entry, ...], now: datetime, changes: Changes
) -> None:
    """Bring the surveys of a commune to what these entries say; raises BegunAlready."""
    surveys = await Rows.of(db, Survey, changes["surveys"], commune_id=commune_id)
    for entry in entries:
        await _settle(db, surveys, entry, now, changes)


async def _settle(db: AsyncSession, surveys: Rows, entry: Entry, now: datetime, changes: Changes) -> None:
    existing, count, asked = surveys.found.get(entry.slug), changes["questions"], entry.parts["questions"]
    if existing and await responses.count(db, existing.id):
        questions = await Rows.of(db, SurveyQuestion, count, survey_id=existing.id)
        if faults := list(_against_answers(existing, questions, entry, now)):
            raise BegunAlready(faults)
    survey = surveys.settle(entry)
    if survey.answer_key is None and survey.closes > now:
        survey.answer_key = ballot_keys.new(db)
    await db.flush()
    questions = await Rows.of(db, SurveyQuestion, count, survey_id=survey.id)
    await questions.settle_all(asked)
    if existing is None:
        await db.flush()
        questions = await Rows.of(db, SurveyQuestion, count, survey_id=survey.id)
        await before.of_survey(db, survey, questions.found, entry, now, changes)


def _against_answers(survey: Survey, questions: Rows, entry: Entry, now: datetime) -> Iterator[str]:
    key = f"surveys.{entry.slug}"
    if survey.is_anonymous != entry.values["is_anonymous"]:
        yield f"{key}.is_anonymous: people have answered under the other; put it back"
    if survey.answer_key is None and entry.values.get("closes", survey.closes) > now:
        yield f"{key}.closes: the survey is over and cannot open again; make a new one with another id"
    told = {question.slug: question for question in entry.parts["questions"]}
    for slug in sorted(questions.found.keys() ^ told.keys()):
        yield f"{key}.questions.{slug}: people have answered already; make a new survey with another id"
    for slug in sorted(questions.found.keys() & told.keys()):
        if any(getattr(questions.found[slug], name) != told[slug].values[name] for name in _ASKED):
            yield f"{key}.questions.{slug}: people have answered it as it was; only its words may change"
