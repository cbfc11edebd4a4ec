"""What can be asked and answered: words, something sent, a button; and which button typed words mean."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from rapidfuzz import fuzz, process

from locales import Plural, _, gazetteer, n_
from locales.values import Value
from locales.words import answer, normalise, stands_for
from storage.media import LIST

TOO_LARGE, WRONG_TYPE, NOT_RECEIVED = "too_large", "wrong_type", "not_received"
_FAULTS = {
    TOO_LARGE: _("This file is too large for us. Please send a smaller one, or write it."),
    WRONG_TYPE: _("We cannot open this kind of file. Please send a photo, a voice note, a PDF, or write it."),
    NOT_RECEIVED: _("We did not receive the file. Please send it again, or write it."),
}
_NO_LIST = _("We can read a list only as .xlsx or .csv.")
CONTACT = "contact"
LOCATION = "location"  # a place on the map
GONE = _("That choice does not exist any more.")
SKIP = "skip"
YES, NO = "yes", "no"  # a yes takes only words that agree
RIGHT = "right"  # what was read back is right: a yes, or "it is good so"
UNDERSTOOD = "understood"  # a notice is read: a yes, or "understood"
NEVER_GUESSED = frozenset({YES, RIGHT, UNDERSTOOD, NO, "done"})  # the label, its number or a known word, exactly

NONE = "none"  # nothing is given, and that is an answer
NUMBER = "number"  # what is typed in figures is the answer, not the number of a button

_FIGURES = re.compile(r"\d+")

T_co = TypeVar("T_co", covariant=True)
Json = Any


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person did: typed words, pressed a button, or sent something else (`kind`: photo, voice, ...)."""

    text: str = ""
    pressed: str = ""
    kind: str = "text"
    media: int | None = None  # what was sent along, as it is kept (storage/media.py)
    fault: str = ""  # why what was sent along could not be kept
    is_one_of_many: bool = False  # the first of an album: the others are left out


@dataclass(frozen=True, slots=True)
class Button:
    """What it stands for, and what it says."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something said or asked, before any channel's limits."""

    text: str
    buttons: tuple[Button, ...] = ()
    is_private: bool = False  # the answer is not for a screen that others may see later
    picture: Mapping[str, Json] | None = None  # drawn when it is delivered: reports/drawings.py
    document: Mapping[str, Json] | None = None  # the same, with the `name` of the file
    takes: tuple[str, ...] = ()  # what may be sent beside words: voice, photo, document; a number, that is no button's
    is_preview: bool = False  # shown, in words, as it would look on each channel


@dataclass(frozen=True, slots=True)
class Answered:
    """The reply answers the question."""

    stored: Json


@dataclass(frozen=True, slots=True)
class Drafted:
    """The reply changes an answer that is not finished."""

    draft: Json


@dataclass(frozen=True)
class Refused(Exception):  # it reads as what happened to the reply
    """The reply, or an answer kept until now, does not fit; `text` says why and what would."""

    text: str | Plural
    values: Mapping[str, Value] = field(default_factory=dict)


class Question(Protocol[T_co]):
    """Shows itself, reads a reply, and turns what was stored into what the flow works with."""

    def show(self, draft: Json) -> Prompt:
        """The question, with the answer begun so far."""

    def read(self, reply: Reply, draft: Json) -> Answered | Drafted:
        """The reply as an answer, or raises Refused."""

    def load(self, stored: Json) -> T_co:
        """The answer, checked against what can be chosen now, or raises Refused."""


def pin(place: Mapping[str, float]) -> str:
    """A place on the map, to the metre, as maps read it; raises TypeError where it is none."""
    latitude, longitude = place["latitude"], place["longitude"]
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        raise TypeError
    return f"{latitude:.5f}, {longitude:.5f}"


def match(typed: str, buttons: Sequence[Button]) -> str | None:
    """The button that typed words mean: its number, its label, a known synonym, or nearly its label."""
    written = normalise(typed)
    if written.isdecimal() and 0 < int(written[:6]) <= len(buttons):
        return buttons[int(written) - 1].value
    labels = {button.value: normalise(button.label) for button in buttons}
    same = [value for value, label in labels.items() if label == written]
    if any(sign in typed for sign in "?؟"):  # who asks whether to stop has not stopped
        labels = {value: label for value, label in labels.items() if value.lstrip("@") != "stop"}
    known = answer(typed)  # what has a meaning of its own is not taken for a button spelt otherwise
    synonyms = [value for value in labels if known and stands_for(known, value)]
    if found := same or synonyms:
        return found[0]
    guessed = {value: label for value, label in labels.items() if value not in NEVER_GUESSED}
    return _nearly(written, guessed) or (gazetteer.spelt(written, guessed) if len(written) >= 4 and not known else None)


def _nearly(written: str, labels: Mapping[str, str]) -> str | None:
    """A long label misspelt, or some words of just one label."""
    if len(written) < 4:
        return None
    if figures := _FIGURES.findall(written):  # a figure is meant as it stands
        labels = {value: label for value, label in labels.items() if _FIGURES.findall(label) == figures}
    parts = [value for value, label in labels.items() if written in label]
    if len(parts) == 1:
        return parts[0]
    likely = process.extract(written, labels, scorer=fuzz.ratio, score_cutoff=85, limit=2)
    return likely[0][2] if len(likely) == 1 and len(written) > 5 else None


@dataclass
class Words:
    """An answer in one's own words; `read_as` makes it tidy or raises Refused.  Under `skip` it may be passed over."""

    prompt: str
    longest: int = 1000  # characters
    read_as: Callable[[str], str] = str
    is_private: bool = False
    skip: str = ""  # what the button says
    is_number: bool = False
    takes_pin: bool = False  # a place on the map is an answer too

    def show(self, draft: Json) -> Prompt:
        buttons = (Button(SKIP, self.skip),) if self.skip else ()
        takes = [kind for kind, is_taken in ((NUMBER, self.is_number), (LOCATION, self.takes_pin)) if is_taken]
        return Prompt(self.prompt, buttons, self.is_private, takes=tuple(takes))

    def read(self, reply: Reply, draft: Json) -> Answered | Drafted:
        if self.skip and reply.pressed == SKIP:
            return Answered("")
        if reply.kind != "text" and not (self.takes_pin and reply.kind == LOCATION):
            raise Refused(_("We need your answer in words here: please write it."))
        text = reply.text.strip()
        if not text:
            raise Refused(_("We received no words. Please write your answer."))
        if len(text) > self.longest:
            raise Refused(
                n_(
                    "That is too long for us: at most {count} character. Please write it shorter.",
                    "That is too long for us: at most {count} characters. Please write it shorter.",
                ),
                {"count": self.longest},
            )
        return Answered(self.read_as(text))

    def load(self, stored: Json) -> str:
        if not isinstance(stored, str):
            raise Refused(GONE)
        return self.read_as(stored) if stored or not self.skip else ""


@dataclass
class Contact:
    """The person's own phone number, as the channel knows it: nobody can type one, or send somebody else's."""

    prompt: str

    def show(self, draft: Json) -> Prompt:
        return Prompt(self.prompt, takes=(CONTACT,))

    def read(self, reply: Reply, draft: Json) -> Answered | Drafted:
        if reply.kind != CONTACT or not reply.text:
            raise Refused(_("Please use the button under the question: it shares your own number."))
        return Answered(reply.text)

    def load(self, stored: Json) -> str:
        return str(stored)


@dataclass(frozen=True, slots=True)
class Given:
    """What a person had to say: words, or something sent, with the words under it."""

    text: str = ""
    kind: str = "text"
    media: int | None = None


@dataclass
class Giving:
    """An answer in words, a voice note, a photo or a document, whatever suits the person."""

    prompt: str
    takes: tuple[str, ...]
    longest: int = 1000  # characters
    none: str = ""  # what the button says by which nothing is given
    is_file: bool = False  # words are no answer

    def show(self, draft: Json) -> Prompt:
        return Prompt(self.prompt, (Button(NONE, self.none),) if self.none else (), takes=self.takes)

    def read(self, reply: Reply, draft: Json) -> Answered | Drafted:
        if self.none and reply.pressed == NONE:
            return Answered({"kind": NONE})
        if reply.media is None:
            if reply.fault:
                raise Refused(_NO_LIST if self.takes == (LIST,) and reply.fault == WRONG_TYPE else _FAULTS[reply.fault])
            if self.is_file:
                raise Refused(_("We need a file here: please send a photo or a PDF."))
            if reply.kind != "text":
                raise Refused(_("We cannot take this here. Please write it, or send it in another way."))
            read = Words(self.prompt, self.longest).read(reply, draft)
            return Answered({"text": read.stored}) if isinstance(read, Answered) else read
        return Answered({"text": reply.text[: self.longest], "kind": reply.kind, "media": reply.media})

    def load(self, stored: Json) -> Given:
        return Given(**stored)
