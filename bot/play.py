"""Runs the open flow of a conversation, and decides whether what it wrote may stay."""

from datetime import datetime

from bot.incoming import SHARES_PHONE
from flows.chat import ANY, Again, Asked, Chat, FlowMistake, Memory, Situation, Stop
from flows.questions import Prompt, Reply
from flows.registry import FLOWS
from locales import _, texts
from locales.values import Value
from storage.conversations import Conversation
from storage.database import Db, wrote

_MOST_CORRECTIONS = 3  # in one run


class Play:
    """The runs of one turn: a flow is run from the top, stops at an open question, or ends."""

    def __init__(self, db: Db, talk: Conversation, now: datetime, strict: bool = False):
        self.db, self.talk, self.now, self.strict = db, talk, now, strict
        self.about = ""  # the free text that led to the flow in this turn
        self.keeps = False  # something was written that stays
        self.must_undo = False  # something was written that must not
        proposed = (talk.sender.language or "")[:2]
        self.language = talk.citizen.language or ("fr" if proposed == "fr" else "ary")

    async def run(self, reply: Reply | None = None) -> tuple[Chat, Asked | None]:
        """One run with this reply: what was said, and the question it stopped at."""
        memory = self.talk.memory
        heard, effects = False, list[str]()
        for _correction in range(_MOST_CORRECTIONS):
            kept = self.memory(memory["asked"])
            if reply and kept.asked is None:
                kept.asked = ANY
            chat = self.chat(kept, None if heard else reply)
            chat.heard, chat.effects = heard, effects
            asked, is_finished = await self._once(chat)
            memory.update(answers=kept.answers, drafts=kept.drafts, presets=kept.presets)
            if not chat.is_again:
                await self._settle(chat, asked, is_finished)
                return chat, asked
            heard = heard or chat.heard
        raise FlowMistake(f"{self.talk.flow} takes answers back for ever")

    async def _once(self, chat: Chat) -> tuple[Asked | None, bool]:
        """Run to the open question or to the end; whether it may stand as finished."""
        is_entered = self.talk.memory["asked"] is None
        try:
            await FLOWS[self.talk.flow or ""].run(chat, **self.talk.memory["args"])
        except Asked as asked:
            return asked, False
        except Again:
            chat.is_again = True
            return None, False
        except Stop as stop:
            _say_instead(chat, stop)
            return None, False
        if is_entered or chat.heard:
            return None, True
        # The open question is gone, and nobody has answered what would finish the flow: it is not finished.
        _say_instead(chat, Stop(_("The questions have changed meanwhile. Nothing was recorded: please begin again.")))
        return None, False

    async def _settle(self, chat: Chat, asked: Asked | None, is_finished: bool) -> None:
        """What an answer finished stays, and what `once` did; anything else is undone."""
        has_written, stays = wrote(self.db), is_finished or bool(asked and chat.effects)
        if stays:
            await self.db.flush()  # what waits to be written is this flow's, not the next one's
            self.keeps = self.keeps or has_written
            if has_written and not self.db.info.pop("audited", False) and FLOWS[self.talk.flow or ""].roles:
                raise FlowMistake(f"{self.talk.flow} is of the staff and leaves no trace in the audit: see chat.do")
        self.db.info["wrote"] = False
        if stays or not has_written:
            return
        if asked and self.strict:
            raise FlowMistake(f"{self.talk.flow} writes before it asks {asked.key!r}")
        if self.keeps:
            raise FlowMistake(f"{self.talk.flow} wrote what must be undone after another flow had finished")
        for key in chat.effects:
            self.talk.memory["answers"].pop(key, None)
        self.db.expunge_all()  # what waits to be written is undone too
        self.must_undo = True

    async def check_twice(self, asked: Asked) -> None:
        """In tests: a flow must ask the same thing when it is run again."""
        again, _finished = await self._once(self.chat(self.memory(asked.key)))
        if again is None or (again.key, again.prompt) != (asked.key, asked.prompt):
            raise FlowMistake(f"{self.talk.flow} asks something else when it is run twice")

    def memory(self, asked: str | None) -> Memory:
        """What the flow remembers, to be changed by a run."""
        kept = self.talk.memory
        return Memory(dict(kept["answers"]), dict(kept["drafts"]), list(kept["presets"]), asked)

    def chat(self, memory: Memory, reply: Reply | None = None) -> Chat:
        """A run in this conversation."""
        parked = self.talk.memory.get("parked") or {}
        situation = Situation(
            db=self.db,
            citizen=self.talk.citizen,
            commune=self.talk.commune,
            channel=self.talk.sender.channel,
            now=self.now,
            client_language=self.talk.sender.language,
            shares_phone=self.talk.sender.channel in SHARES_PHONE,
            parked=parked.get("flow"),
            owner=self.talk.owner,
            about=self.about,
        )
        return Chat(situation, texts(self.language), memory, reply)

    def prompt(self, text: str, **values: Value) -> Prompt:
        """Something said beside the flow."""
        own = texts(self.language)
        return Prompt(own.lines(own(text, **values)))


def _say_instead(chat: Chat, stop: Stop) -> None:
    chat.screen.clear()
    chat.next = None
    chat.say(stop.text, **stop.values)
