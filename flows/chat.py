"""The language flows are written in.

A flow is one async function that reads as the conversation.  It is run from the top for every message: a question
already answered returns at once, the first one that is not stops the run.  It is drawing a page, not replaying a
log: screen = flow(answers, data now, language).  The rules that make this safe are in docs/architecture.md.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NoReturn, TypeVar

from flows.questions import (
    GONE,
    Answered,
    Button,
    Drafted,
    Given,
    Giving,
    Item,
    Json,
    OneOf,
    Page,
    Prompt,
    Question,
    Refused,
    Reply,
    Several,
    Words,
    match,
)
from flows.registry import DEEDS
from locales import LANGUAGES, Plural, Texts, _, texts
from locales.values import Value
from storage import approvals, audit, holds
from storage.citizens import Citizen
from storage.communes import Home
from storage.database import Db
from storage.occasions import Occasion
from storage.schema import Localised

T = TypeVar("T")

ANY = "*"  # the words after a command answer whichever question comes first
LONGEST_FLOW = 20  # questions
PAGE = 7  # items of a long list at a time: with three ways on they fit the list of any channel

YES, NO, SKIP = "yes", "no", "skip"


class Asked(BaseException):
    """Stops a run at an open question; not an Exception, so that no flow can swallow it."""

    def __init__(self, key: str, prompt: Prompt):
        super().__init__(key)
        self.key, self.prompt = key, prompt


class Again(BaseException):
    """An answer was taken back: run the flow once more."""


class Stop(Exception):  # it ends a conversation; it is no error
    """Ends a flow early with a last word; whatever the run wrote is undone."""

    def __init__(self, text: str | Plural, **values: Value):
        super().__init__(text)
        self.text, self.values = text, values


class FlowMistake(RuntimeError):
    """A flow breaks the rules it is written by."""


@dataclass(slots=True)
class Memory:
    """All that lasts from one run of a flow to the next."""

    answers: dict[str, Json] = field(default_factory=dict)
    drafts: dict[str, Json] = field(default_factory=dict)
    presets: list[str] = field(default_factory=list)  # answers that nobody had to give
    asked: str | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """Who is talking with whom, where and when: fixed for the run."""

    db: Db
    citizen: Citizen
    commune: Home
    channel: str
    now: datetime
    client_language: str | None = None
    parked: str | None = None  # a flow that was left in the middle


class Chat:
    """One run of one flow."""

    def __init__(self, situation: Situation, texts: Texts, memory: Memory, reply: Reply | None = None):
        self.situation, self.texts = situation, texts
        self.db, self.citizen, self.commune = situation.db, situation.citizen, situation.commune
        self.now = situation.now
        self.path: list[str] = []  # the questions passed in this run
        self.screen: list[Prompt] = []  # what was said since the last of them
        self.heard = False  # has this run read the reply?
        self.is_drafting = False  # the reply changed an unfinished answer: the question is redrawn in place
        self.next: tuple[str, dict[str, Json]] | None = None
        self.offers: list[Button] = []
        self.effects: list[str] = []
        self.is_again = False  # an answer was taken back
        self.is_ballot = False  # what is said would tell whose ballot it is: forgotten when the vote closes
        self._keys: set[str] = set()
        self._memory, self._reply = memory, reply

    # What a flow says

    def t(self, text: str | Plural, **values: Value) -> str:
        """A text in the citizen's language."""
        return self.texts(text, **values)

    def local(self, text: Localised) -> str:
        """The commune's own text, in the citizen's language or the nearest there is."""
        wanted = ("ary", "ar", "fr") if self.texts.language == "ary" else (self.texts.language, "fr", "ar")
        return next((text[code] for code in wanted if text.get(code)), next(iter(text.values()), ""))

    def speak(self, texts: Texts) -> None:
        """Go on in another language."""
        self.texts = texts

    def say(self, text: str | Plural, **values: Value) -> None:
        """Say something."""
        self.say_ready(self.texts.lines(self.t(text, **values)))

    def say_ready(self, shown: str) -> None:
        """Say what is formatted already, perhaps in another language."""
        self.screen.append(Prompt(shown))

    def picture(self, drawing: Mapping[str, Json], text: str | Plural, **values: Value) -> None:
        """Show a picture with its caption; it is drawn when it is delivered (see reports/drawings.py)."""
        self.screen.append(Prompt(self.texts.lines(self.t(text, **values)), picture=drawing))

    def document(self, name: str, drawing: Mapping[str, Json], text: str | Plural, **values: Value) -> None:
        """Hand out a file of that name; it is made when it is delivered (see reports/drawings.py)."""
        document = {"name": name, **drawing}
        self.screen.append(Prompt(self.texts.lines(self.t(text, **values)), document=document))

    def media(self, kind: str, id: int) -> None:
        """Show a photo, a voice note or a document that somebody sent."""
        drawing = {"media": id, "kind": kind}
        self.screen.append(Prompt("", picture=drawing) if kind == "photo" else Prompt("", document=drawing))

    def offer(self, entrance: str, text: str | Plural, **values: Value) -> None:
        """A button under the last word, which opens something: `p_3`, `menu`."""
        self.offers.append(Button(f"@{entrance}", self.t(text, **values)))

    def closing(self, *last: Button) -> list[Prompt]:
        """What was said, with what is offered under the last of it."""
        if not self.screen:
            return []
        return [*self.screen[:-1], replace(self.screen[-1], buttons=(*self.offers, *last))]

    def then(self, flow: str, **args: Json) -> None:
        """Go on with another flow once this one ends."""
        self.next = flow, args

    # What a flow asks

    async def ask(self, key: str, question: Question[T], check: Callable[[T], None] | None = None) -> T:
        """The answer, or stop the run here.  `check` raises Refused; it holds for stored answers too."""
        self._enter(key)
        complaint: Refused | None = None
        try:
            if key in self._memory.answers:
                return self._passed(key, self._stored(key, question, check))
            if (reply := self._take_reply(key, question)) is not None:
                match question.read(reply, self._memory.drafts.get(key)):
                    case Answered(stored):
                        self._memory.answers[key] = stored
                        return self._passed(key, self._stored(key, question, check))
                    case Drafted(draft):
                        self._memory.drafts[key], self.is_drafting = draft, True
                        self.screen.clear()
        except Refused as refused:
            self._memory.answers.pop(key, None)
            self._memory.presets = [preset for preset in self._memory.presets if preset != key]
            complaint = refused
        self._open(key, question.show(self._memory.drafts.get(key)), complaint)

    def _enter(self, key: str) -> None:
        if key in self._keys:
            raise FlowMistake(f"{key!r} is asked twice in one run")
        self._keys.add(key)
        if len(self._keys) > LONGEST_FLOW:
            raise FlowMistake(f"more than {LONGEST_FLOW} questions")

    def _stored(self, key: str, question: Question[T], check: Callable[[T], None] | None) -> T:
        value = question.load(self._memory.answers[key])
        if check:
            check(value)
        return value

    def _take_reply(self, key: str, question: Question[T]) -> Reply | None:
        if self._reply is None or self._memory.asked not in (key, ANY):
            return None
        reply, self._reply, self.heard = self._reply, None, True
        if self._memory.asked == ANY and not reply.pressed:
            meant = match(reply.text, question.show(None).buttons)
            return Reply(pressed=meant) if meant else reply
        return reply

    def _passed(self, key: str, value: T) -> T:
        if key not in self._memory.presets:
            self.path.append(key)
        self.screen.clear()  # all of it has been seen and answered
        return value

    def _open(self, key: str, prompt: Prompt, complaint: Refused | None) -> NoReturn:
        if complaint:
            self.screen.clear()
            self.say(complaint.text, **complaint.values)
        self.screen.append(replace(prompt, text=self.texts.lines(prompt.text)))
        raise Asked(key, prompt)

    def correct(self, *keys: str) -> NoReturn:
        """Take answers back, with their follow-up questions (`cin` and `cin_sure`), and ask them again."""
        for kept in (self._memory.answers, self._memory.drafts):
            for key in [k for k in kept if any(k == taken or k.startswith(f"{taken}_") for taken in keys)]:
                del kept[key]
        raise Again

    async def once(self, key: str, effect: Callable[..., Awaitable[Json]], *args: Json) -> Json:
        """Do an effect that must come before a later question: exactly once for the same arguments."""
        done = self._memory.answers.get(key)
        if done is None or done["args"] != list(args):
            done = {"args": list(args), "result": await effect(*args)}
            self._memory.answers[key] = done
            self.effects.append(key)
        return done["result"]

    # The questions, in a flow's own words

    async def text(
        self, key: str, text: str, *, longest: int = 1000, read_as: Callable[[str], str] = str, **values: Value
    ) -> str:
        """Words; `read_as` tidies them or raises Refused."""
        return await self.ask(key, Words(self.t(text, **values), longest, read_as))

    async def secret(self, key: str, text: str, *, read_as: Callable[[str], str], **values: Value) -> str:
        """Words that are not to stay on a screen that others may see."""
        return await self.ask(key, Words(self.t(text, **values), 100, read_as, is_private=True))

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
        self._preset(key, preset)
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
        **values: Value,
    ) -> T:
        """One of many, a page at a time: `page(offset, limit)` reads those shown, `find(id)` the one chosen.

        `text` may be said for the items shown.  With `named` (typed words -> id) an id is words, and one that is on
        no button can be typed.
        """
        self._preset(key, preset)
        typed = self._named(key, named) if named else ""
        chosen = self._memory.answers.get(key) or typed
        if chosen and (found := await find(chosen if named else int(chosen))) is not None:
            return await self.ask(key, Page("", {}, gone, chosen={chosen: found}, typed=typed))
        start = self._turned_to(key)
        items = await page(start, size + 1)
        options = {str(_id(item)): (label(item), item) for item in items[:size]}
        turns = [Button(f"page-{start + size}", self.t(_("More")))] if len(items) > size else []
        turns += [Button(f"page-{max(0, start - size)}", self.t(_("Those before")))] if start else []
        said = self.t(text, **values) if isinstance(text, str) else text(items[:size])
        return await self.ask(key, Page(said, options, gone, tuple(turns), typed=typed))

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

    async def given(self, key: str, text: str, *takes: str, longest: int = 1000, **values: Value) -> Given:
        """Words, or what `takes` names: voice, photo, document."""
        return await self.ask(key, Giving(self.t(text, **values), takes, longest))

    async def perhaps(
        self, key: str, text: str, items: Sequence[T], label: Callable[[T], str], **values: Value
    ) -> T | None:
        """One of the items, or none: the question may be passed over."""
        options: dict[str, tuple[str, T | None]] = {str(_id(item)): (label(item), item) for item in items}
        options[SKIP] = (self.t(_("Skip this question")), None)
        return await self.ask(key, OneOf(self.t(text, **values), options))

    async def confirm(
        self, key: str, text: str | Plural, yes: str = _("Yes"), no: str = _("No"), **values: Value
    ) -> bool:
        """Yes or no."""
        options = {YES: (self.t(yes), True), NO: (self.t(no), False)}
        return await self.ask(key, OneOf(self.t(text, **values), options))

    async def review(self, key: str, text: str, yes: str, corrections: Mapping[str, str], **values: Value) -> bool:
        """Yes, no, or one of the answers of this run to be corrected: key -> what its button says."""
        options: dict[str, tuple[str, bool | str]] = {YES: (self.t(yes), True)}
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

    # What staff do

    async def do(
        self, name: str, about: int, summary: str | Plural, args: Mapping[str, Json], /, **values: Value
    ) -> None:
        """Do what staff do, or propose it where the commune wants two people; the audit has a row of either.

        `summary` says to the second person what it would do.
        """
        if name not in self.commune.two_people:
            await self.carry_out(name, about, args)
            return
        said = {code: texts(code)(summary, **values) for code in LANGUAGES}
        roles = DEEDS[name].roles
        try:
            await approvals.propose(
                self.db, self.commune.id, name, about, dict(args), said, self.citizen.id, roles, self.now
            )
        except approvals.AlreadyProposed:
            raise Stop(_("This waits for the agreement of a second person already.")) from None
        self.note(name, about, proposed=True)
        self.say(_("A second person has to agree. The others have been told; you will hear what they decide."))

    async def carry_out(self, name: str, about: int, args: Mapping[str, Json], /, **details: Json) -> None:
        """Do it, now."""
        deed = DEEDS[name]
        self.note(name, about, **details, **{key: args[key] for key in deed.notes if key in args})
        await deed.run(self, about, **args)

    async def take_in_hand(self, noun: str, about: int) -> None:
        """Hold an item while it is decided on; ends the flow if a colleague has it."""

        async def take(noun: str, about: int) -> str:
            holder = await holds.take(self.db, noun, about, self.citizen.id, self.now)
            return holder.name if holder else ""

        if name := await self.once(f"held-{noun}-{about}", take, noun, about):
            raise Stop(_("{name} has this in hand just now. Take another one."), name=name)

    async def let_go(self, noun: str, about: int) -> None:
        """It is decided: nobody need hold it."""
        await holds.let_go(self.db, noun, about)

    async def looked(self, noun: str, about: int) -> None:
        """Note for the audit that personal data were looked at: once, however often the screen is drawn."""

        async def note(noun: str, about: int) -> None:
            self.note(f"{noun}.look", about)

        await self.once(f"looked-{noun}-{about}", note, noun, about)

    def note(self, name: str, about: int | None, /, **details: Json) -> None:
        """A row of the audit."""
        who, where = self.citizen, self.situation.channel
        audit.note(self.db, self.commune.id, who.id, who.role or "", name, about, details, where, self.now)

    # What a flow hands to storage

    def occasion(self, quarter: str | None = None) -> Occasion:
        """This citizen, here and now."""
        return Occasion(self.citizen, self.commune, self.situation.channel, self.texts.language, self.now, quarter)


def _id(item: object) -> object:
    return getattr(item, "id", None) or getattr(item, "slug", item)
