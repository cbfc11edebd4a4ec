"""One message in, replies out, one transaction."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from weakref import WeakValueDictionary

import structlog

import flows  # registers the conversations
from bot.incoming import Incoming
from bot.journal import log
from bot.render import CONSOLE, TELEGRAM, WEB, WHATSAPP, Limits, render
from bot.screen import Screen
from bot.turn import Turn
from flows.questions import Button, Prompt
from locales import _, texts
from storage import citizens, conversations, outbox
from storage.conversations import Conversation, Sender
from storage.database import Database, Db, is_passing, is_race
from storage.outbox import Batch, Letter, Said

__all__ = ["NotNow", "Runner", "flows"]

LIMITS = {"telegram": TELEGRAM, "whatsapp": WHATSAPP, "web": WEB, "console": CONSOLE}
PULLED = frozenset({"web", "console"})  # the person comes and reads
_RACES = 3  # tries

Listener = Callable[[list[Letter], int | None], None]


class NotNow(Exception):
    """The surroundings fail for the moment: the message was not taken and must be delivered again."""


class _UndoneError(Exception):
    def __init__(self, turn: Turn):
        super().__init__()
        self.turn = turn


class Runner:
    """Takes each inbound message to its replies."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        limits: dict[str, Limits] | None = None,
        strict: bool = False,
    ):
        self.database, self.now, self.strict = database, now, strict
        self.limits = {**LIMITS, **(limits or {})}
        self._listeners: dict[str, Listener] = {}
        self._turns: WeakValueDictionary[Sender, asyncio.Lock] = WeakValueDictionary()

    def hears(self, channel: str, listener: Listener) -> None:
        """Tell this listener what was just said on a channel, once it is committed."""
        self._listeners[channel] = listener

    async def receive(self, incoming: Incoming) -> None:
        """Answer a message, once however often it is delivered; raises NotNow if it must come again."""
        # One after the other for each person: no connection waits for a lock, and what is said keeps its order.
        place = Sender(incoming.sender.commune_id, incoming.sender.channel, incoming.sender.external_id)
        turn = self._turns.setdefault(place, asyncio.Lock())
        with structlog.contextvars.bound_contextvars(trace=secrets.token_hex(6)):
            async with turn:
                await self._receive(incoming)

    async def _receive(self, incoming: Incoming) -> None:
        for attempt in range(_RACES):
            try:
                return await self._answer(incoming)
            except Exception as error:
                if is_race(error) and attempt + 1 < _RACES:
                    continue
                if is_passing(error):
                    log.error("not_now", channel=incoming.sender.channel, error=error)
                    raise NotNow from error
                log.error("flow_failed", channel=incoming.sender.channel, error=error)
                if self.strict:
                    raise
                return await self._apologise(incoming)
        return None

    async def _answer(self, incoming: Incoming) -> None:
        try:
            async with self.database.writing() as db:
                now = self.now()
                talk = await conversations.receive(db, incoming.sender, incoming.id, now)
                if talk.is_repeat:
                    return
                turn = Turn(db, talk, now, self.strict)
                await turn.take(incoming)
                if turn.play.must_undo:
                    raise _UndoneError(turn)
                letters, said = await self._save(db, talk, turn.screen, now)
        except _UndoneError as undone:
            letters, said = await self._save_undone(incoming, undone.turn)
        log.debug("turn", channel=incoming.sender.channel, flow=talk.flow, outcome=turn.outcome)
        self._hand_over(incoming.sender.channel, letters, said)

    async def _save_undone(self, incoming: Incoming, turn: Turn) -> tuple[list[Letter], Said]:
        """Nothing of what the flow wrote, but the conversation and what was said."""
        async with self.database.writing() as db:
            now = self.now()
            talk = await conversations.receive(db, incoming.sender, incoming.id, now)
            before = turn.talk
            talk.flow, talk.turn, talk.pressed, talk.memory = before.flow, before.turn, before.pressed, before.memory
            if turn.spoke:
                await citizens.speaks(db, talk.citizen, turn.spoke)
            return await self._save(db, talk, turn.screen, now)

    async def _apologise(self, incoming: Incoming) -> None:
        """A mistake of ours: the answers are kept, the message counts as handled (else it would come for ever)."""
        try:
            async with self.database.writing() as db:
                now = self.now()
                talk = await conversations.receive(db, incoming.sender, incoming.id, now)
                if talk.is_repeat:
                    return
                own = texts(talk.citizen.language or "fr")
                said = own.lines(
                    own(
                        _(
                            "Sorry, something went wrong on our side. Nothing of what you wrote is lost. "
                            "Try again in a moment, or write “menu”."
                        )
                    )
                )
                menu = Button("@menu", own(_("Menu")))
                screen = Screen()
                screen.show([Prompt(said, (menu,))], talk.turn, own.language)
                letters, kept = await self._save(db, talk, screen, now)
        except Exception as error:
            raise NotNow from error
        self._hand_over(incoming.sender.channel, letters, kept)

    async def _save(self, db: Db, talk: Conversation, screen: Screen, now: datetime) -> tuple[list[Letter], Said]:
        sender = talk.sender
        limits = self.limits[sender.channel]
        parts = [part for message in screen.messages for part in render(message, limits)]
        status = outbox.KEPT if sender.channel in PULLED else outbox.WAITING
        trace = structlog.contextvars.get_contextvars().get("trace", "")
        said = await conversations.save(db, talk, Batch(parts, status, trace, now, screen.is_ballot))
        letters = [
            Letter(id, talk.address_id, sender.channel, sender.commune_id, sender.external_id, part, 0, trace)
            for id, part in zip(said.ids, parts, strict=True)
        ]
        return letters, said

    def _hand_over(self, channel: str, letters: list[Letter], said: Said) -> None:
        if letters and (listener := self._listeners.get(channel)):
            listener(letters, said.older)
