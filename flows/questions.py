"""What can be asked: words, one of several, several of many, and what a typed answer means."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from rapidfuzz import fuzz, process

from locales import Plural, _, n_
from locales.values import Value
from locales.words import meaning, normalise

GONE = _("That choice does not exist any more.")

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Json = Any


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person did: typed words, pressed a button, or sent something else (`kind`: photo, voice, ...)."""

    text: str = ""
    pressed: str = ""
    kind: str = "text"
    media: int | None = None  # what was sent along, as it is kept (storage/media.py)


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
    takes: tuple[str, ...] = ()  # what may be sent in answer beside words: voice, photo, document


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


def match(typed: str, buttons: Sequence[Button]) -> str | None:
    """The button that typed words mean: its number, its label, a known synonym, or nearly its label."""
    written = normalise(typed)
    if written.isdecimal() and 0 < int(written[:6]) <= len(buttons):
        return buttons[int(written) - 1].value
    labels = {button.value: normalise(button.label) for button in buttons}
    same = [value for value, label in labels.items() if label == written]
    synonyms = [button.value for button in buttons if button.value == meaning(typed)]
    if found := same or synonyms:
        return found[0]
    return _nearly(written, labels)


def _nearly(written: str, labels: Mapping[str, str]) -> str | None:
    """A long label misspelt, or some words of just one label.  Yes and no are short: never guessed."""
    if len(written) < 4:
        return None
    parts = [value for value, label in labels.items() if written in label]
    if len(parts) == 1:
        return parts[0]
    likely = process.extract(written, labels, scorer=fuzz.ratio, score_cutoff=85, limit=2)
    return likely[0][2] if len(likely) == 1 and len(written) > 5 else None


@dataclass
class Words:
    """An answer in one's own words; `read_as` makes it tidy or raises Refused."""

    prompt: str
    longest: int = 1000  # characters
    read_as: Callable[[str], str] = str
    is_private: bool = False

    def show(self, draft: Json) -> Prompt:
        return Prompt(self.prompt, is_private=self.is_private)

    def read(self, reply: Reply, draft: Json) -> Answered | Drafted:
        if reply.kind != "text":
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
        return self.read_as(stored)


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

    def show(self, draft: Json) -> Prompt:
        return Prompt(self.prompt, takes=self.takes)

    def read(self, reply: Reply, draft: Json) -> Answered | Drafted:
        if reply.media is None:
            if reply.kind != "text":
                raise Refused(_("We cannot take this here. Please write it, or send it in another way."))
            read = Words(self.prompt, self.longest).read(reply, draft)
            return Answered({"text": read.stored}) if isinstance(read, Answered) else read
        return Answered({"text": reply.text[: self.longest], "kind": reply.kind, "media": reply.media})

    def load(self, stored: Json) -> Given:
        return Given(**stored)


@dataclass
class OneOf(Generic[T]):
    """One of the options: value -> (label, what it stands for)."""

    prompt: str
    options: Mapping[str, tuple[str, T]]
    gone: str = GONE

    def show(self, draft: Json) -> Prompt:
        return Prompt(self.prompt, tuple(Button(value, label) for value, (label, _item) in self.options.items()))

    def read(self, reply: Reply, draft: Json) -> Answered | Drafted:
        if reply.pressed:
            return Answered(reply.pressed)
        raise Refused(_("We did not understand that answer. Please choose one of those below, or type its number."))

    def load(self, stored: Json) -> T:
        if stored not in self.options:
            raise Refused(self.gone)
        return self.options[stored][1]


@dataclass
class Page(OneOf[T]):
    """One of many, of which a page is shown; `turns` lead to the next and the one before."""

    turns: tuple[Button, ...] = ()
    chosen: Mapping[str, T] = field(default_factory=dict)  # chosen before, from whatever page
    typed: str = ""  # what the words of the reply name, if they are no button's

    def show(self, draft: Json) -> Prompt:
        shown = super().show(draft)
        return Prompt(shown.text, (*shown.buttons, *self.turns))

    def read(self, reply: Reply, draft: Json) -> Answered | Drafted:
        return Answered(self.typed) if self.typed and not reply.pressed else super().read(reply, draft)

    def load(self, stored: Json) -> T:
        return self.chosen[stored] if stored in self.chosen else super().load(stored)


@dataclass(frozen=True, slots=True)
class Item(Generic[T]):
    """What can be ticked, and what it costs where there is an envelope."""

    label: str
    thing: T
    cost: int = 0


@dataclass
class Several(Generic[T]):
    """Ticks, until done: `least` to `most` items, within `envelope` if there is one.

    A button says on (`+3`) or off (`-3`), never "the other way": a double tap changes nothing.
    """

    prompt: Callable[[list[T]], str]
    items: Mapping[str, Item[T]]
    done: str
    least: int = 1
    most: int = 100
    envelope: int | None = None

    def show(self, draft: Json) -> Prompt:
        ticked = self._known(draft)
        ticks = tuple(
            Button(f"-{id}", f"☑ {item.label}") if id in ticked else Button(f"+{id}", f"☐ {item.label}")
            for id, item in self.items.items()
        )
        return Prompt(self.prompt([self.items[id].thing for id in ticked]), (*ticks, Button("done", self.done)))

    def read(self, reply: Reply, draft: Json) -> Answered | Drafted:
        ticked = self._known(draft)
        if reply.pressed == "done":
            self._check(ticked)
            return Answered(ticked)
        way, id = reply.pressed[:1], reply.pressed[1:]
        if way not in ("+", "-") or id not in self.items:
            raise Refused(_("Tap a line to choose it or to leave it, then tap “Done”."))
        ticked = [other for other in ticked if other != id] + ([id] if way == "+" else [])
        self._check_room(ticked)
        return Drafted(ticked)

    def load(self, stored: Json) -> list[T]:
        if not isinstance(stored, list) or any(id not in self.items for id in stored):
            raise Refused(GONE)
        self._check(stored)
        return [self.items[id].thing for id in stored]

    def _known(self, draft: Json) -> list[str]:
        return [id for id in draft or [] if id in self.items]

    def _check(self, ticked: Sequence[str]) -> None:
        if len(ticked) < self.least:
            raise Refused(
                n_("Choose at least {count} of them.", "Choose at least {count} of them."), {"count": self.least}
            )
        self._check_room(ticked)

    def _check_room(self, ticked: Sequence[str]) -> None:
        if len(ticked) > self.most:
            raise Refused(
                n_(
                    "You can choose {count} at most. Leave one before you choose another.",
                    "You can choose {count} at most. Leave one before you choose another.",
                ),
                {"count": self.most},
            )
        if self.envelope is not None and sum(self.items[id].cost for id in ticked) > self.envelope:
            raise Refused(_("That costs more than what is left. Leave another project first."))
