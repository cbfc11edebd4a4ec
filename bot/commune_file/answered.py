"""What became of a consultation before it was loaded: answers with reasons, and what its articles say since."""

from typing import Annotated, Any

from pydantic import field_validator

from bot.commune_file import fields
from bot.yaml_lines import KeyPath, Tree, shown
from storage.loading import Entry
from storage.verdicts import VERDICTS

_Wording = Annotated[str, fields.right("the text of the article", min_length=1, max_length=3000, pattern=fields.TEXT)]
Wordings = Annotated[fields.Texts[_Wording], fields.right("the text in each language: fr, and ar or ary")]


class Became(fields.Part):
    """What an article says since the answers, and why."""

    text: Wordings
    why: fields.Longs
    on: fields.Opening

    _is_past = field_validator("on")(fields.has_been)


class Answer(fields.Part):
    """What the commune answered to some of the comments."""

    comments: list[fields.Slug] = fields.right("a list of ids of comments", min_length=1)
    verdict: str = fields.right(f"one of {', '.join(VERDICTS)}", pattern=f"^({'|'.join(VERDICTS)})$")
    reasons: fields.Longs
    on: fields.Opening

    _is_past = field_validator("on")(fields.has_been)


def later_wording(became: Became | None) -> tuple[Entry, ...]:
    """The second version of an article, if it has one."""
    if became is None:
        return ()
    text, why = (each.model_dump(exclude_none=True) for each in (became.text, became.why))
    return (Entry("2", {"text": text, "why": why, "published": became.on.at}),)


def answer(number: int, said: Answer) -> Entry:
    """An answer, and the comments that it is for."""
    reasons = said.reasons.model_dump(exclude_none=True)
    values = {"comments": said.comments, "verdict": said.verdict, "reasons": reasons, "answered": said.on.at}
    return Entry(str(number), values)


def check(tree: Tree, at: KeyPath, asked: dict[str, Any], comments: list[Any]) -> None:
    """Each answer is for comments of this consultation, and each comment has one at most."""
    answered: list[Any] = []
    for number, each in fields.entries(asked, "answers"):
        for said in each["comments"] if isinstance(each.get("comments"), list) else []:
            if said not in comments:
                tree.fault((*at, "answers", number, "comments"), f"has {shown(said)}; write ids of comments above")
            elif said in answered:
                tree.fault((*at, "answers", number, "comments"), f"has {shown(said)} again; write it in one answer")
            answered.append(said)
