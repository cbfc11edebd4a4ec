"""Consultations on a text in a commune's file, with the comments that came on paper before."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from bot.commune_file import answered, fields
from bot.commune_file.answered import Answer, Became, Wordings
from bot.commune_file.moments import When
from bot.yaml_lines import KeyPath, Tree, shown
from storage.comments import STANCES
from storage.consultations import ACCOUNT, ASSURANCES
from storage.loading import Entry

_LANGUAGES = ("fr", "ar", "ary")


class Article(fields.Part):
    """An article of the text."""

    id: fields.Slug
    number: int = fields.right("a whole number from 1", ge=1, le=1000)
    title: fields.Lines
    text: Wordings
    minutes: int | None = Field(None, description="3 or 10, for those who have no more; else leave it out")
    became: Became | None = Field(None, description="what it says since, or nothing: text, why, on")

    @field_validator("minutes")
    @classmethod
    def _a_length(cls, minutes: int | None) -> int | None:
        if minutes not in (None, 3, 10):
            raise ValueError(f"is {minutes}; write 3 or 10, or leave it out")
        return minutes


class Comment(fields.Part):
    """What somebody said before, without a name: it is published."""

    id: fields.Slug
    article: fields.Slug | None = Field(None, description="the id of an article, or null for the whole text")
    stance: str = fields.right(f"one of {', '.join(STANCES)}", pattern=f"^({'|'.join(STANCES)})$")
    language: str = fields.right(f"one of {', '.join(_LANGUAGES)}", pattern=f"^({'|'.join(_LANGUAGES)})$")
    quarter: fields.Slug | None = Field(None, description="the id of a quarter, or null")
    words: str = fields.right("what was said", min_length=1, max_length=2000, pattern=fields.TEXT)


class Consultation(fields.Part):
    """A text put to the residents."""

    id: fields.Slug
    title: fields.Lines
    short: fields.Briefs
    about: fields.Longs
    assurance: str = Field(
        ACCOUNT, pattern=f"^({'|'.join(ASSURANCES)})$", description=f"one of {', '.join(ASSURANCES)}"
    )
    opens: fields.Opening
    closes: fields.Closing
    report_due: fields.Closing | None = None
    keep_days: int = Field(30, ge=1, le=365, description="a whole number of days, 1 to 365")
    articles: list[Article] = fields.right("a list of articles", min_length=1)
    comments: list[Comment] = Field([], description="a list of comments")
    answers: list[Answer] = Field([], description="a list of answers: comments, verdict, reasons, on")
    reported: fields.Opening | None = Field(None, description="when its report was published, or nothing")

    _after_opening = field_validator("closes")(fields.closes_after)

    @field_validator("report_due")
    @classmethod
    def _after_closing(cls, due: When | None, info: ValidationInfo) -> When | None:
        return due if due is None else fields.closes_after(due, info, "closes")

    @field_validator("reported")
    @classmethod
    def _is_past(cls, reported: When | None, info: ValidationInfo) -> When | None:
        return reported if reported is None else fields.has_been(fields.closes_after(reported, info, "closes"), info)


def as_entry(asked: Consultation) -> Entry:
    """What is loaded: what became of it reaches only a new one, whose life goes on in the chat."""
    bare = asked.model_copy(update={"articles": [], "answers": [], "reported": None})
    kept = fields.entry(bare, parts=("articles", "comments", "answers"))
    del kept.values["reported"]
    reported = asked.reported.at if asked.reported else None
    forget = reported + timedelta(days=asked.keep_days) if reported else None
    parts = {
        "articles": tuple(map(_article, asked.articles)),
        "comments": kept.parts["comments"],
        "answers": tuple(answered.answer(*each) for each in enumerate(asked.answers)),
    }
    return replace(kept, first={**kept.first, "reported": reported, "forget": forget}, parts=parts)


def _article(article: Article) -> Entry:
    bare = fields.entry(article.model_copy(update={"became": None}))
    del bare.values["became"]
    return replace(bare, parts={"became": answered.later_wording(article.became)})


def check(tree: Tree, places: list[Any]) -> None:
    """What holds between a consultation, its articles and comments."""
    for number, asked in fields.entries(tree.value, "consultations"):
        at: KeyPath = ("consultations", number)
        articles, comments = fields.entries(asked, "articles"), fields.entries(asked, "comments")
        fields.check_ids(tree, (*at, "articles"), articles)
        fields.check_ids(tree, (*at, "comments"), comments)
        _check_numbers(tree, (*at, "articles"), articles)
        known = [each.get("id") for _, each in articles]
        for position, each in comments:
            where = (*at, "comments", position)
            if (article := each.get("article")) not in [*known, None]:
                tree.fault((*where, "article"), f"is {shown(article)}; write the id of an article above, or null")
            if (place := each.get("quarter")) not in [*places, None]:
                tree.fault((*where, "quarter"), f"is {shown(place)}; write the id of a quarter above, or null")
        answered.check(tree, at, asked, [each.get("id") for _, each in comments])


def _check_numbers(tree: Tree, at: KeyPath, articles: list[tuple[int, dict[str, Any]]]) -> None:
    first: dict[Any, int] = {}
    for position, each in articles:
        if "number" in each and first.setdefault(shown(each["number"]), position) != position:
            tree.fault((*at, position, "number"), f"is {shown(each['number'])} again; write another number")
