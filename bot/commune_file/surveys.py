"""Surveys and quizzes in a commune's file."""

from dataclasses import replace
from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from bot.commune_file import fields
from bot.yaml_lines import KeyPath, Tree, shown
from storage.loading import Entry
from storage.surveys import ASKED_AS, AT_THE_END, KINDS, MOST_QUESTIONS, OPEN, QUIZ, SCALE, SEVERAL, SHOWN, SINGLE

_LANGUAGES = ("fr", "ar", "ary")


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


class Answers(fields.Part):
    """Sheets on paper that say the same."""

    count: int = fields.right("a whole number of sheets", ge=1, le=10_000)
    language: str = fields.right(f"one of {', '.join(_LANGUAGES)}", pattern=f"^({'|'.join(_LANGUAGES)})$")
    quarter: fields.Slug | None = Field(None, description="the id of a quarter, or nothing")
    said: dict[fields.Slug, list[fields.Line]] = fields.right("for ids of questions, lists of what was said")


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
    answers: list[Answers] = Field([], description="what was answered on paper: count, language, said")

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
    bare = survey.model_copy(update={"questions": [], "answers": []})
    answers = tuple(Entry(str(number), each.model_dump()) for number, each in enumerate(survey.answers))
    parts = {"questions": questions, "answers": answers}
    return replace(fields.entry(bare, parts=tuple(parts)), parts=parts)


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


def check(tree: Tree, places: list[Any]) -> None:
    """What holds between the questions of a survey, and what was answered on paper."""
    for number, survey in fields.entries(tree.value, "surveys"):
        at: KeyPath = ("surveys", number, "questions")
        questions = fields.entries(survey, "questions")
        fields.check_ids(tree, at, questions)
        known: dict[str, list[Any]] = {}
        for position, question in questions:
            _check_question(tree, (*at, position), question, known)
            known[str(question.get("id"))] = [option.get("id") for _, option in fields.entries(question, "options")]
        _check_answers(tree, ("surveys", number), survey, questions, places)


def _check_answers(
    tree: Tree, at: KeyPath, survey: dict[str, Any], questions: list[tuple[int, dict[str, Any]]], places: list[Any]
) -> None:
    asked = {str(question.get("id")): question for _, question in questions}
    for number, each in fields.entries(survey, "answers"):
        where = (*at, "answers", number)
        if (place := each.get("quarter")) not in [*places, None]:
            tree.fault((*where, "quarter"), f"is {shown(place)}; write the id of a quarter above, or null")
        elif place and survey.get("is_anonymous") is False:
            tree.fault((*where, "quarter"), "is counted where answers carry no name; take it out")
        said = each.get("said")
        for slug, given in said.items() if isinstance(said, dict) else ():
            if slug not in asked:
                tree.fault((*where, "said"), f"has {shown(slug)}; write ids of questions of this survey")
            elif unfit := [one for one in given or [] if not _fits(asked[slug], one)]:
                tree.fault((*where, "said"), f"has {shown(unfit[0])} for {slug}; write what can be answered there")


def _fits(question: dict[str, Any], said: Any) -> bool:
    kind = question.get("kind")
    if kind in (SINGLE, SEVERAL):
        return said in [option.get("id") for _, option in fields.entries(question, "options")]
    if kind == OPEN:
        return isinstance(said, str)
    most = question.get("most", 5 if kind == SCALE else 1_000_000)
    return isinstance(said, str) and said.isdecimal() and question.get("least", 1) <= int(said) <= most


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
