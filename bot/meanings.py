"""Meanings: all that a message may be, once it was read."""

from dataclasses import dataclass, field
from typing import Any

from flows.questions import Reply


@dataclass(frozen=True, slots=True)
class Enter:
    """Begin a flow; `reply` answers its first question."""

    flow: str
    args: dict[str, Any] = field(default_factory=dict)
    reply: Reply | None = None
    about: str = ""  # the free text that led here, which may name what it is about


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to the open question."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Speak:
    """Go on in this language."""

    language: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word that means the same everywhere: back, cancel, language, resume, help."""

    name: str


@dataclass(frozen=True, slots=True)
class More:
    """The open question again, its choices from this one on: a list holds so many."""

    start: int


@dataclass(frozen=True, slots=True)
class Old:
    """A button of a question that has passed: show the open one again."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """A double tap, or something that asks for no answer."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A command that there is not, or not for this person."""


Meaning = Enter | Answer | Speak | Word | More | Old | Nothing | Unknown
