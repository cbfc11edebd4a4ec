"""What can be chosen: one of several, one of many, several of many."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from flows.questions import GONE, Answered, Button, Drafted, Json, Prompt, Refused, Reply
from locales import _, n_

T = TypeVar("T")


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


@dataclass
class Live:
    """Something that goes on: what can be done with it, and another look, which changes the message in place."""

    prompt: str
    moves: Mapping[str, str]  # value -> label
    again: str

    def show(self, draft: Json) -> Prompt:
        return Prompt(self.prompt, (*(Button(*move) for move in self.moves.items()), Button("again", self.again)))

    def read(self, reply: Reply, draft: Json) -> Answered | Drafted:
        if reply.pressed == "again":
            return Drafted(draft)
        if reply.pressed:
            return Answered(reply.pressed)
        raise Refused(_("We did not understand that answer. Please choose one of those below, or type its number."))

    def load(self, stored: Json) -> str:
        if stored not in self.moves:
            raise Refused(GONE)
        return str(stored)


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
