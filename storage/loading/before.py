"""What there was before a file was loaded: ballots counted, a result, its works, ideas, answers on paper.

It reaches only a new vote or survey; from then on it is the people's and the staff's.
"""

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage import codes, headcounts
from storage.ballots import Ballot, Choice
from storage.budgets import NOUN as BUDGET
from storage.budgets import Budget
from storage.communes import Commune
from storage.database import vault
from storage.ideas import Idea
from storage.loading.rows import Changes, Entry
from storage.occasions import PAPER, casablanca_day
from storage.responses import WORDS, Mark, Response
from storage.surveys import NOUN as SURVEY
from storage.surveys import OPEN, Survey, SurveyQuestion
from storage.works import Work


async def of_budget(
    db: AsyncSession, budget: Budget, projects: dict[str, Any], entry: Entry, now: datetime, changes: Changes
) -> None:
    """Its ballots that were counted elsewhere, the works on what won, the ideas that came otherwise."""
    prefix = await _prefix(db, budget.commune_id)
    for each in entry.parts.get("counted", ()):
        voters = [_unknown() for _ballot in range(each.values["count"])]
        of = {"budget_id": budget.id, "channel": PAPER, "day": casablanca_day(min(budget.closes, now))}
        await db.execute(insert(Ballot), [{**of, "voter": who, "receipt": codes.receipt(prefix)} for who in voters])
        chosen = [projects[slug].id for slug in each.values["projects"]]
        marks = [
            {"budget_id": budget.id, "voter": who, "project_id": id, "points": 1} for who in voters for id in chosen
        ]
        await db.execute(insert(Choice), marks)
        headcounts.more(db, BUDGET, budget.id, "assurance", PAPER, len(voters))
        changes["ballots"].added += len(voters)
    for each in entry.parts.get("works", ()):
        step = {key: value for key, value in each.values.items() if key != "project"}
        db.add(Work(project_id=projects[each.values["project"]].id, **step))
        changes["works"].added += 1
    for each in entry.parts.get("ideas", ()):
        db.add(_idea(db, budget, each, prefix, now))
        changes["ideas"].added += 1
    await db.flush()


def _idea(db: AsyncSession, budget: Budget, entry: Entry, prefix: str, now: datetime) -> Idea:
    """An idea that nobody's account proposed: it is public at once."""
    values = dict(entry.values)
    said = {name: values.pop(name) for name in ("title", "words", "place")}
    written = min(now, budget.ideas_close or now)
    return Idea(
        budget_id=budget.id,
        said=vault(db).seal(said),
        receipt=codes.receipt(prefix),
        channel=PAPER,
        written=written,
        changed=written,
        decided=written,
        day=casablanca_day(written),
        **values,
    )


async def of_survey(
    db: AsyncSession, survey: Survey, questions: dict[str, Any], entry: Entry, now: datetime, changes: Changes
) -> None:
    """What was answered on paper; each sheet that says the same is one of a count."""
    prefix = await _prefix(db, survey.commune_id)
    for each in entry.parts.get("answers", ()):
        said = [mark for slug, given in each.values["said"].items() for mark in _marks(db, questions[slug], given)]
        for _sheet in range(each.values["count"]):
            who = {"survey_id": survey.id, "respondent": _unknown()}
            row = {"language": "" if survey.is_anonymous else each.values["language"], "channel": PAPER}
            day = casablanca_day(min(survey.closes, now))
            await db.execute(insert(Response).values(**who, **row, receipt=codes.receipt(prefix), day=day))
            await db.execute(insert(Mark), [{**who, **mark} for mark in said])
            changes["answers"].added += 1
        if survey.is_anonymous:
            _count(db, survey, each)


def _count(db: AsyncSession, survey: Survey, sheets: Entry) -> None:
    """What the sheets say of those who filled them in, beside what they answered."""
    cells = {"assurance": PAPER, "language": sheets.values["language"], "quarter": sheets.values["quarter"]}
    for division, cell in cells.items():
        if cell:
            headcounts.more(db, SURVEY, survey.id, division, cell, sheets.values["count"])


def _marks(db: AsyncSession, question: SurveyQuestion, given: list[str]) -> Iterator[dict[str, Any]]:
    is_open = question.kind == OPEN
    for each in given:
        words = vault(db).seal(each) if is_open else None
        yield {"question_id": question.id, "option": WORDS if is_open else each, "words": words}


def _unknown() -> str:
    """The mark of somebody of whom nobody knows who it is."""
    return secrets.token_hex(32)


async def _prefix(db: AsyncSession, commune_id: int) -> str:
    return str((await db.get_one(Commune, commune_id)).settings["receipt_prefix"])
