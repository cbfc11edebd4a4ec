"""What can be chosen: one of several, one of many, several of many."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from flows.questions import GONE, Answered, Button, Drafted, Json, Prompt, Refused, Reply, match
from locales import _, n_
from locales.words import digits

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


_NAMED = re.compile(r"(.+?)[\s:=]*(\d{1,6})")  # Parc 3


@dataclass
class Spread(Generic[T]):
    """Points, until done: `total` in all, `most` to one item, `least` to `most_items` items.

    A button says how many an item has then (`3=2`), never "one more": a double tap changes nothing.
    """

    prompt: Callable[[Mapping[str, int]], str]
    items: Mapping[str, Item[T]]
    done: str
    total: int
    most: int
    least: int = 1
    most_items: int = 100

    def show(self, draft: Json) -> Prompt:
        given = self._known(draft)
        left = self.total - sum(given.values())
        steps: list[Button] = []
        for id, item in self.items.items():
            has = given.get(id, 0)
            if left > 0 and has < self.most and (has or len(given) < self.most_items):
                steps.append(Button(f"{id}={has + 1}", f"+ {item.label} · {has + 1}"))
            if has:
                steps.append(Button(f"{id}={has - 1}", f"− {item.label} · {has - 1}"))
        return Prompt(self.prompt(given), (*steps, Button("done", self.done)))

    def read(self, reply: Reply, draft: Json) -> Answered | Drafted:
        given = self._known(draft)
        if reply.pressed == "done":
            self._check(given)
            return Answered(given)
        id, _equals, number = (reply.pressed or self._typed(reply.text)).partition("=")
        if id not in self.items or not number.isdecimal():
            raise Refused(_("Tap + or − under the projects, then “Done”. Or write a name and its points: Park 3."))
        given = {**given, id: int(number)}
        self._check_room(given)
        return Drafted({id: points for id, points in given.items() if points})

    def load(self, stored: Json) -> dict[str, int]:
        if not isinstance(stored, dict) or any(id not in self.items for id in stored):
            raise Refused(GONE)
        self._check(stored)
        return dict(stored)

    def _typed(self, text: str) -> str:
        found = _NAMED.fullmatch(digits(text.strip()))
        named = match(found[1], [Button(id, item.label) for id, item in self.items.items()]) if found else None
        return f"{named}={found[2]}" if found and named else ""

    def _known(self, draft: Json) -> dict[str, int]:
        return {id: points for id, points in (draft or {}).items() if id in self.items}

    def _check(self, given: Mapping[str, int]) -> None:
        if len(given) < self.least:
            raise Refused(
                n_("Choose at least {count} of them.", "Choose at least {count} of them."), {"count": self.least}
            )
        self._check_room(given)

    def _check_room(self, given: Mapping[str, int]) -> None:
        if sum(given.values()) > self.total:
            raise Refused(_("That is more than your points. Take some from another project first."))
        if max(given.values(), default=0) > self.most:
            raise Refused(_("One project may have {most} points at most."), {"most": self.most})
        if sum(points > 0 for points in given.values()) > self.most_items:
            raise Refused(
                n_(
                    "You can choose {count} at most. Leave one before you choose another.",
                    "You can choose {count} at most. Leave one before you choose another.",
                ),
                {"count": self.most_items},
            )
