"""One run of a flow: what is said, the question it stops at, and what lasts until the next run.

A flow is run from the top for every message: a question already answered returns at once, the first one that is not
stops the run.  It is drawing a page, not replaying a log: screen = flow(answers, data now, language).  The rules that
make this safe are in docs/architecture.md.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NoReturn, TypeVar

from flows.questions import Answered, Button, Drafted, Json, Prompt, Question, Refused, Reply, match
from locales import Plural, Texts
from locales.values import Value
from storage.citizens import Citizen
from storage.communes import Home
from storage.database import Db
from storage.schema import Localised

T = TypeVar("T")

ANY = "*"  # the words after a command answer whichever question comes first
LONGEST_FLOW = 20  # questions


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
    shares_phone: bool = False  # whether a person can share their own number here
    parked: str | None = None  # a flow that was left in the middle
    owner: int = 0  # whose address it is: another person's, where the citizen is helped
    about: str = ""  # the free text that led here in this turn


class Run:
    """One run of one flow."""

    def __init__(self, situation: Situation, texts: Texts, memory: Memory, reply: Reply | None = None):
        self.situation, self.texts = situation, texts
        self.db, self.citizen, self.commune = situation.db, situation.citizen, situation.commune
        self.now = situation.now
        self.path: list[str] = []  # the questions passed in this run
        self.screen: list[Prompt] = []  # what was said since the last of them
        self.heard = False  # has this run read the reply?
        self.is_drafting = False  # the reply changed an unfinished answer: the question is redrawn in place
        self.is_ticking = False  # it ticked one of several
        self.told: dict[str, str] | None = None  # of a notice: the values of its texts, as templates take them
        self.next: tuple[str, dict[str, Json]] | None = None
        self.offers: list[Button] = []
        self.effects: list[str] = []
        self.is_again = False  # an answer was taken back
        self.is_farewell = False  # the person is erased: nothing of the conversation is remembered
        self.is_refused = False  # the reply did not fit the question that is open
        self.becomes: Citizen | None = None  # who takes part here from the end of this flow on
        self.is_ballot = False  # what is said would tell whose ballot it is: forgotten when the vote closes
        self._keys: set[str] = set()
        self._memory, self._reply = memory, reply

    # What a flow says

    def t(self, text: str | Plural, **values: Value) -> str:
        """A text in the citizen's language."""
        return self.texts(text, **values)

    def local(self, text: Localised) -> str:
        """The commune's own text, in the citizen's language or the nearest there is."""
        return self.texts.local(text)

    def speak(self, texts: Texts) -> None:
        """Go on in another language."""
        self.texts = texts

    def say(self, text: str | Plural, **values: Value) -> None:
        """Say something."""
        if self.told is not None:
            self.told |= {name: self.texts.plain("{value}", value=value) for name, value in values.items()}
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

    def preview(self, prompt: Prompt) -> None:
        """Show how something would look on each channel."""
        self.screen.append(replace(prompt, is_preview=True))

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
                        self._memory.drafts[key], self.is_drafting, self.is_ticking = draft, True, True
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
            self.is_refused = True
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
