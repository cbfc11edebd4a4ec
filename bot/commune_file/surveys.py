"""Surveys and quizzes in a commune's file."""

from dataclasses import replace
from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from bot.commune_file import fields
from bot.yaml_lines import KeyPath, Tree, shown
from storage.loading import Entry
from storage.surveys import ASKED_AS, AT_THE_END, KINDS, MOST_QUESTIONS, QUIZ, SCALE, SEVERAL, SHOWN, SINGLE


class Option(fields.Part):
    """What can be chosen."""

    id: fields.Slug
    label: fields.Lines
    right: fields.Yes = False


class Condition(fields.Part):
    """After which answer a question is asked."""

    question: fields.Slug
    is_: list[fields.Slug] = Field(alias="is", min_length=1, description="a list of ids of its options")


class Question(fields.Part):
    """One question."""

    id: fields.Slug
    kind: str = fields.right(f"one of {', '.join(ASKED_AS)}", pattern=f"^({'|'.join(ASKED_AS)})$")
    text: fields.Longs
    options: list[Option] = Field([], description="a list of options")
    explanation: fields.Longs | None = Field(None, description="the text in each language: fr, and ar or ary")
    least: int = Field(1, ge=0, le=2_000_000_000, description="a whole number from 0")
    most: int | None = Field(None, ge=1, le=2_000_000_000, description="a whole number from 1")
    only_if: Condition | None = Field(None, description="question and is, or nothing")
    may_skip: fields.Yes = False


class Survey(fields.Part):
    """Some questions to everybody."""

    id: fields.Slug
    kind: str = fields.right(f"one of {', '.join(KINDS)}", pattern=f"^({'|'.join(KINDS)})$")
    title: fields.Lines
    short: fields.Briefs
    intro: fields.Longs
    is_anonymous: fields.Yes
    results: str = Field(AT_THE_END, pattern=f"^({'|'.join(SHOWN)})$", description=f"one of {', '.join(SHOWN)}")
    opens: fields.Opening
    closes: fields.Closing
    questions: list[Question] = Field(
        min_length=1, max_length=MOST_QUESTIONS, description=f"a list of 1 to {MOST_QUESTIONS} questions"
    )

    _after_opening = field_validator("closes")(fields.closes_after)

    @field_validator("questions")
    @classmethod
    def _quizzes_know(cls, questions: list[Question], info: ValidationInfo) -> list[Question]:
        if info.data.get("kind") == QUIZ:
            for each in questions:
                if not any(option.right for option in each.options):
                    raise ValueError(f"{each.id} has no right answer; write right: true at an option")
        return questions


def as_entry(survey: Survey) -> Entry:
    """What is loaded."""
    questions = tuple(_question(place, each) for place, each in enumerate(survey.questions))
    bare = survey.model_copy(update={"questions": []})
    return replace(fields.entry(bare, parts=("questions",)), parts={"questions": questions})


def _question(place: int, question: Question) -> Entry:
    options = [option.model_dump(exclude_none=True) for option in question.options]
    only_if = question.only_if.model_dump(by_alias=True) if question.only_if else {}
    values: dict[str, Any] = {
        "place": place,
        "kind": question.kind,
        "text": question.text.model_dump(exclude_none=True),
        "options": options,
        "explanation": question.explanation.model_dump(exclude_none=True) if question.explanation else {},
        "least": question.least,
        "most": question.most or {SCALE: 5, SINGLE: 1, SEVERAL: max(1, len(options))}.get(question.kind, 1_000_000),
        "only_if": only_if,
        "may_skip": question.may_skip,
    }
    return Entry(question.id, values)


def check(tree: Tree, _places: list[Any]) -> None:
    """What holds between the questions of a survey."""
    for number, survey in fields.entries(tree.value, "surveys"):
        at: KeyPath = ("surveys", number, "questions")
        questions = fields.entries(survey, "questions")
        fields.check_ids(tree, at, questions)
        known: dict[str, list[Any]] = {}
        for position, question in questions:
            _check_question(tree, (*at, position), question, known)
            known[str(question.get("id"))] = [option.get("id") for _, option in fields.entries(question, "options")]


def _check_question(tree: Tree, at: KeyPath, question: dict[str, Any], known: dict[str, list[Any]]) -> None:
    options = fields.entries(question, "options")
    fields.check_ids(tree, (*at, "options"), options)
    if question.get("kind") in (SINGLE, SEVERAL) and len(options) < 2:  # a choice is between two
        tree.fault((*at, "options"), "are fewer than two; write what can be chosen")
    condition = question.get("only_if")
    if not isinstance(condition, dict):
        return
    if condition.get("question") not in known:
        says = f"is {shown(condition.get('question'))}; write the id of a question above this one"
        tree.fault((*at, "only_if", "question"), says)
        return
    for option in condition.get("is") or []:
        if option not in known[condition["question"]]:
            tree.fault((*at, "only_if", "is"), f"has {shown(option)}; write ids of options of that question")
