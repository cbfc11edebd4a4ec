"""One message in one conversation: what it means, where it leads, what is said back."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import entrances, open_flow
from bot.incoming import Incoming
from bot.meanings import Answer, Enter, Meaning, More, Nothing, Old, Speak, Unknown, Word
from bot.play import Play
from bot.screen import Screen
from bot.ways_out import ELSEWHERE, elsewhere, ways_out
from flows.chat import Asked, Chat, FlowMistake, Memory
from flows.questions import Button, Prompt, Reply
from flows.registry import FLOWS
from flows.welcome import GREETINGS
from locales import NAMES, _, texts
from storage import citizens, helping
from storage.citizens import Citizen
from storage.conversations import Conversation
from storage.database import Db

_HELPING = _("You are helping {name}. To end, write “end help”.")
_NOT_HERE = _("This is about the account itself. End the help first: write “end help”.")
OLD = _("That question has passed. Here is the one that is open:")
_LONGEST_CHAIN = 5  # flows entered by one message


class Turn:
    """What one message does to a conversation."""

    def __init__(self, db: Db, talk: Conversation, now: datetime, strict: bool = False):
        self.db, self.talk = db, talk
        self.play, self.screen = Play(db, talk, now, strict), Screen()
        self.outcome = "nothing"
        self.spoke: str | None = None  # the language chosen by this message
        self.aside = ""  # what was done beside the open question: stop, news
        self._on = ""  # the message that may be changed in place
        self._start = 0  # of a list that is longer than a channel shows
        self._chain = 0
        self._before: tuple[str | None, int, dict[str, Any]] | None = None

    async def take(self, incoming: Incoming) -> None:
        """Answer the message."""
        self._on = incoming.on
        if self.talk.flow and not open_flow.may_be(self.talk, self.talk.flow):
            open_flow.begin(self.talk, None)
        if incoming.reply.is_one_of_many:
            self._show([self.play.prompt(_("Of several files we take the first. Send the others one by one."))])
        if self.talk.memory.pop("help_over", False):
            self._show([self.play.prompt(_("The help has ended: nobody wrote for half an hour."))])
        await self._follow(entrances.read(incoming, self.talk))
        if (helped := self.talk.citizen).is_helped:
            name = helped.declared.name if helped.declared else ""
            self.screen.head(self.play.prompt(_HELPING, name=name).text)

    async def _follow(self, meaning: Meaning) -> None:
        match meaning:
            case Enter(flow, args, reply, about):
                self.play.about = about
                await self._enter(flow, args, reply)
            case Answer(reply):
                await self._run(reply)
            case Speak(language):
                await self._speak(language)
            case Word(name):
                await self._obey(name)
            case More(start):
                self._start = start
                await self._run()
            case Old() if self.talk.flow:
                await self._redraw(OLD)
            case Old():
                await self._enter("menu")
            case Unknown():
                await self._unknown()
            case Nothing():
                pass

    # Where a message leads

    async def _enter(self, flow: str, args: dict[str, Any] | None = None, reply: Reply | None = None) -> None:
        self._chain += 1
        if self._chain > _LONGEST_CHAIN:
            raise FlowMistake(f"{flow}: flows go round in a circle")
        if flow != "welcome" and not self.talk.memory.get("welcomed"):
            flow, args, reply = "welcome", {}, None
        if flow == "welcome" == self.talk.flow:
            self.talk.memory["args"] = args or {}  # another place to go afterwards; the language is chosen once
            await self._run()
            return
        if FLOWS[flow].is_own and self.talk.citizen.is_helped:
            await self._redraw(_NOT_HERE)
            return
        if flow == "enrolment":
            self._before = self.talk.flow, self.talk.turn, deepcopy(self.talk.memory)
        open_flow.park(self.talk)
        open_flow.begin(self.talk, flow, args or {})
        await self._run(reply)

    async def _resume(self) -> None:
        parked = self.talk.memory.pop("parked", None)
        if not parked and self._is_asking():  # a double tap
            await self._redraw(OLD)
            return
        if not parked or not open_flow.may_be(self.talk, parked["flow"]):
            await self._enter("menu")
            return
        open_flow.park(self.talk)
        open_flow.begin(self.talk, parked.pop("flow"))
        # It was begun before, so only an answer can finish it.
        self.talk.memory.update(parked, asked="")
        await self._run()

    async def _obey(self, name: str) -> None:
        match name:
            case "back":
                await self._back()
            case "cancel":
                open_flow.begin(self.talk, None)
                await self._enter("menu", {"why": "cancelled"})
            case "resume":
                await self._resume()
            case "language":
                self._ask_language()
            case "help" | "stop" | "news" if self._is_asking():
                await self._say_aside(name)
            case "help" | "stop" | "news":
                await self._enter(name)

    async def _say_aside(self, flow: str) -> None:
        """What asks nothing can be had in the middle of anything; the open question stays open."""
        chat = self.play.chat(Memory())
        await FLOWS[flow].run(chat)
        self.aside = flow
        self.db.info["wrote"] = False  # the person's wish, kept even if the flow that runs next is undone
        self._show(chat.closing())
        await self._run()

    def _is_asking(self) -> bool:
        return self.talk.flow not in (None, "menu", "unsure")

    async def _speak(self, language: str) -> None:
        self.play.language = self.spoke = language
        await citizens.speaks(self.db, self.talk.citizen, language)
        self.db.info["wrote"] = False  # the person's choice, kept even if the flow that runs next is undone
        if not self.talk.memory.get("welcomed") and self.talk.flow != "welcome":
            await self._enter("welcome")
            return
        await self._redraw(_("Perfect, we go on in English. To change, write “language” at any time."))

    def _ask_language(self) -> None:
        buttons = tuple(Button(f"@language={code}", name) for code, name in NAMES.items())
        said = "\n".join(texts(code).lines(texts(code)(_("Choose your language:"))) for code in GREETINGS)
        self.talk.memory["offered"] = _pairs(buttons)
        self._show([Prompt(said, buttons)])

    async def _unknown(self) -> None:
        if self._is_asking():
            await self._redraw(_("We do not know this command."))
        else:
            await self._enter("menu", {"why": "unknown"})

    async def _redraw(self, why: str) -> None:
        self._on = ""
        self._show([self.play.prompt(why)])
        await (self._run() if self.talk.flow else self._enter("menu"))

    async def _back(self) -> None:
        """Forget the last answer given and ask that question again."""
        if not self.talk.flow:
            await self._enter("menu")
            return
        if not self.talk.memory["path"]:
            open_flow.begin(self.talk, None)
            await self._enter("menu")
            return
        self.talk.memory["answers"].pop(self.talk.memory["path"][-1], None)
        await self._run()

    # What the flow does

    async def _run(self, reply: Reply | None = None) -> None:
        self.screen.is_ballot = self.screen.is_ballot or FLOWS[self.talk.flow or ""].is_ballot
        chat, asked = await self.play.run(reply)
        self.screen.is_ballot = self.screen.is_ballot or chat.is_ballot
        if asked:
            await self._stay(chat, asked, reply)
        else:
            await self._leave(chat)

    async def _stay(self, chat: Chat, asked: Asked, reply: Reply | None) -> None:
        """The flow has asked: keep what is open."""
        talk, memory = self.talk, self.talk.memory
        if self.play.strict:
            await self.play.check_twice(asked)
        if reply and not chat.heard and memory["asked"]:
            changed = _("The questions have changed meanwhile; your answers are kept.")
            chat.screen.insert(0, self.play.prompt(changed))
        talk.turn += asked.key != memory["asked"]
        wished = elsewhere(talk, chat, reply) if reply and chat.is_refused else ()
        if wished:
            chat.screen.insert(-1, self.play.prompt(ELSEWHERE))
        buttons = (*asked.prompt.buttons, *wished, *ways_out(talk, chat))
        memory.update(asked=asked.key, offered=_pairs(buttons), path=chat.path, takes=asked.prompt.takes)
        chat.screen[-1] = replace(chat.screen[-1], buttons=buttons)
        self.outcome = "asked"
        self._show(chat.screen, self._on if chat.is_drafting else "", chat.texts.language)
        self.screen.mark(start=self._start, ticks=chat.is_ticking)

    async def _leave(self, chat: Chat) -> None:
        """The flow has ended: follow it where it leads, or offer the menu."""
        memory, self.outcome = self.talk.memory, "ended"
        if self.talk.flow == "welcome":
            memory["welcomed"] = True
        if (memory.get("parked") or {}).get("flow") == self.talk.flow:
            del memory["parked"]  # begun anew and brought to its end
        self.play.language = chat.texts.language
        if chat.is_farewell:
            memory.clear()
        if chat.is_farewell and self.talk.citizen.is_helped:
            chat.becomes = await helping.themselves(self.db, self.talk.owner)
        if chat.becomes:
            await self._become(chat.becomes)
            memory = self.talk.memory
        open_flow.begin(self.talk, None)
        if chat.next or not chat.screen:  # nobody is left without a word
            self._show(chat.screen)
            await self._go_on(*(chat.next or ("menu", {})))
            return
        closing = chat.closing(Button("@menu", chat.t(_("Menu"))))
        memory["offered"] = _pairs(closing[-1].buttons)
        self._show(closing)

    async def _become(self, citizen: Citizen) -> None:
        """Go on as whom this person helps, or as themselves again; nothing of the one is left to the other."""
        before = self.talk.memory
        if citizen.is_helped:
            kept = {"since": self.play.now.isoformat(), "own": before.get("parked")}
        else:
            await helping.clear(self.db, self.talk.address_id, before.get("since", self.play.now.isoformat()))
            self.db.info["wrote"], self.play.keeps = False, True  # it is done, whatever comes next
            kept = {"parked": before.get("own")}
        self.talk.citizen, self.talk.memory = citizen, {"welcomed": True, **kept}
        self.play.language = citizen.language or self.play.language

    async def _go_on(self, flow: str, args: dict[str, Any]) -> None:
        match flow:
            case "@resume" | "@language":
                await self._obey(flow.removeprefix("@"))
            case "@unknown" if self._before:
                self.talk.flow, self.talk.turn, self.talk.memory = self._before
                await self._unknown()
            case "@enter":
                await self._follow(entrances.after_welcome(args["words"], self.talk))
            case _:
                await self._enter(flow, args)

    def _show(self, prompts: list[Prompt], replaces: str = "", language: str = "") -> None:
        self.screen.show(prompts, self.talk.turn, language or self.play.language, replaces)


def _pairs(buttons: Iterable[Button]) -> list[list[str]]:
    return [[button.value, button.label] for button in buttons]
