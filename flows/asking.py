"""The questions, in a flow's own words."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from flows.choices import Item, OneOf, Page, Several, Spread
from flows.questions import GONE, NO, RIGHT, SKIP, YES, Button, Contact, Given, Giving, Words
from flows.run import ANY, Run, Stop
from locales import Plural, _, gazetteer
from locales.values import Value

T = TypeVar("T")

PAGE = 7  # items of a long list at a time: with three ways on they fit the list of any channel

_MOST_NAMED = 60  # of a long list, which may be named in free text


class Asking(Run):
    """A run that asks."""

    async def text(
        self,
        key: str,
        text: str,
        *,
        longest: int = 1000,
        read_as: Callable[[str], str] = str,
        skip: str = "",
        **values: Value,
    ) -> str:
        """Words; `read_as` tidies them or raises Refused.  With `skip` (what its button says) there may be none."""
        return await self.ask(key, Words(self.t(text, **values), longest, read_as, skip=self.t(skip) if skip else ""))

    async def number(self, key: str, text: str, *, read_as: Callable[[str], str], **values: Value) -> str:
        """Figures: a typed 1 is one, and not the first button."""
        return await self.ask(key, Words(self.t(text, **values), 200, read_as, is_number=True))

    async def secret(
        self, key: str, text: str, *, read_as: Callable[[str], str], skip: str = "", **values: Value
    ) -> str:
        """Words that are not to stay on a screen that others may see; with `skip` there may be none."""
        passing = self.t(skip) if skip else ""
        return await self.ask(key, Words(self.t(text, **values), 100, read_as, is_private=True, skip=passing))

    async def choose(
        self,
        key: str,
        text: str,
        items: Sequence[T],
        label: Callable[[T], str],
        preset: int | str | None = None,
        gone: str = GONE,
        **values: Value,
    ) -> T:
        """One of the items, known by their `id`; a preset that is among them is taken without asking, once."""
        options = {str(_id(item)): (label(item), item) for item in items}
        self._preset(key, self.named(items) if preset is None else preset)
        return await self.ask(key, OneOf(self.t(text, **values), options, gone))

    async def browse(
        self,
        key: str,
        text: str | Callable[[Sequence[T]], str],
        page: Callable[[int, int], Awaitable[Sequence[T]]],
        find: Callable[[Any], Awaitable[T | None]],
        label: Callable[[T], str],
        preset: int | str | None = None,
        gone: str = GONE,
        size: int = PAGE,
        named: Callable[[str], str] | None = None,
        ways: Mapping[str, str] = {},
        none: str = "",
        takes_only: bool = False,
        **values: Value,
    ) -> T:
        """One of many, a page at a time: `page(offset, limit)` reads those shown, `find(id)` the one chosen.

        Where there are none at all `none` is said, and the conversation ends.  With `takes_only` the only one there is
        is taken without asking.
        `text` may be said for the items shown.  With `named` (typed words -> id) an id is words, and one that is on
        no button can be typed.  `ways` lead elsewhere: entrance -> what its button says; each takes the room of an
        item.
        """
        size -= len(ways)
        if preset is None and self.situation.about:
            preset = self.named(await page(0, _MOST_NAMED))
        self._preset(key, preset)
        typed = self._named(key, named) if named else ""
        chosen = self._memory.answers.get(key) or typed
        if chosen and (found := await find(chosen if named else int(chosen))) is not None:
            return await self.ask(key, Page("", {}, gone, chosen={chosen: found}, typed=typed))
        start = self._turned_to(key)
        items = await page(start, size + 1)
        if none and not items and not start:
            raise Stop(none)
        if takes_only and len(items) == 1 and not start:
            self._preset(key, str(_id(items[0])))
        options = {str(_id(item)): (label(item), item) for item in items[:size]}
        turns = [Button(f"page-{start + size}", self.t(_("More")))] if len(items) > size else []
        turns += [Button(f"page-{max(0, start - size)}", self.t(_("Those before")))] if start else []
        turns += [Button(f"@{entrance}", self.t(words)) for entrance, words in ways.items()]
        said = self.t(text, **values) if isinstance(text, str) else text(items[:size])
        return await self.ask(key, Page(said, options, gone, tuple(turns), typed=typed))

    def named(self, items: Sequence[Any]) -> str | None:
        """The id of the one item that the free text which led here names, if there is one."""
        if not self.situation.about:
            return None
        return gazetteer.named(self.situation.about, {str(_id(item)): self._names(item) for item in items})

    def _names(self, item: object) -> list[str]:
        """What an item is called in every language, and its neighbourhood."""
        called = [getattr(item, name, None) for name in ("title", "short", "name")]
        place = [quarter.name for quarter in self.commune.quarters if quarter.slug == getattr(item, "place", None)]
        return [text for each in (*called, *place) if isinstance(each, dict) for text in each.values()]

    def _named(self, key: str, named: Callable[[str], str]) -> str:
        """What typed words name that are on no button."""
        is_here = self._reply and not self._reply.pressed and self._memory.asked in (key, ANY)
        words = self._reply.text.strip() if self._reply and is_here else ""
        return named(words) if words else ""

    def _preset(self, key: str, preset: int | str | None) -> None:
        if preset is not None and self._memory.asked in (None, ANY) and key not in self._memory.answers:
            self._memory.answers[key] = str(preset)
            self._memory.presets.append(key)

    def _turned_to(self, key: str) -> int:
        """Where the page of a long list starts; a button says where, so that a double tap turns once."""
        pressed = self._reply.pressed if self._reply and self._memory.asked == key else ""
        start = pressed.removeprefix("page-")
        if pressed.startswith("page-") and start.isdecimal():
            self._reply, self.heard, self.is_drafting = None, True, True
            self._memory.drafts[key] = int(start[:9])
        return self._memory.drafts.get(key) or 0

    async def given(
        self, key: str, text: str, *takes: str, longest: int = 1000, none: str = "", **values: Value
    ) -> Given:
        """Words, or what `takes` names: voice, photo, document; nothing where `none` is tapped."""
        return await self.ask(key, Giving(self.t(text, **values), takes, longest, self.t(none) if none else ""))

    async def file(self, key: str, text: str, *takes: str, none: str, **values: Value) -> Given:
        """What `takes` names and no words; nothing where `none` is tapped."""
        return await self.ask(key, Giving(self.t(text, **values), takes, none=self.t(none), is_file=True))

    async def contact(self, key: str, text: str, **values: Value) -> str:
        """The person's own phone number, shared with a button; figures only."""
        return await self.ask(key, Contact(self.t(text, **values)))

    async def perhaps(
        self,
        key: str,
        text: str,
        items: Sequence[T],
        label: Callable[[T], str],
        skip: str = _("Skip this question"),
        **values: Value,
    ) -> T | None:
        """One of the items, or none: the question may be passed over."""
        options: dict[str, tuple[str, T | None]] = {str(_id(item)): (label(item), item) for item in items}
        options[SKIP] = (self.t(skip), None)
        return await self.ask(key, OneOf(self.t(text, **values), options))

    async def confirm(
        self, key: str, text: str | Plural, yes: str = _("Yes"), no: str = _("No"), **values: Value
    ) -> bool:
        """Yes or no; a yes in words has to be a clear one: it may consent or write."""
        options = {YES: (self.t(yes), True), NO: (self.t(no), False)}
        return await self.ask(key, OneOf(self.t(text, **values), options))

    async def review(self, key: str, text: str, yes: str, corrections: Mapping[str, str], **values: Value) -> bool:
        """Yes, no, or one of the answers of this run to be corrected: key -> what its button says."""
        options: dict[str, tuple[str, bool | str]] = {RIGHT: (self.t(yes), True)}
        for passed in self.path:
            if passed in corrections:
                options[f"fix-{passed}"] = (self.t(corrections[passed]), passed)
        options[NO] = (self.t(_("Cancel")), False)
        answer = await self.ask(key, OneOf(self.t(text, **values), options))
        if isinstance(answer, str):
            self.correct(key, answer)
        return answer is True

    async def several(
        self,
        key: str,
        text: Callable[[list[T]], str],
        items: Sequence[T],
        label: Callable[[T], str],
        least: int,
        most: int,
        cost: Callable[[T], int] = lambda _item: 0,
        envelope: int | None = None,
    ) -> list[T]:
        """Ticks until done; `text` says the question for what is ticked so far."""
        ticks = {str(_id(item)): Item(label(item), item, cost(item)) for item in items}
        return await self.ask(key, Several(text, ticks, self.t(_("Done")), least, most, envelope))

    async def spread(
        self,
        key: str,
        text: Callable[[Mapping[str, int]], str],
        items: Sequence[T],
        label: Callable[[T], str],
        total: int,
        most: int,
        least: int = 1,
        most_items: int = 100,
    ) -> list[tuple[T, int]]:
        """Points on items until done; `text` says the question for the points given so far, by id."""
        known = {str(_id(item)): Item(label(item), item) for item in items}
        given = await self.ask(key, Spread(text, known, self.t(_("Done")), total, most, least, most_items))
        return [(known[id].thing, points) for id, points in given.items()]


def _id(item: object) -> object:
    return getattr(item, "id", None) or getattr(item, "slug", item)
