"""One message in, replies out, one transaction."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from weakref import WeakValueDictionary

import flows  # registers the conversations
from bot.company import AloneError, Company, Guest
from bot.incoming import Incoming
from bot.journal import log, trace, traced
from bot.metrics import INBOUND, TURN_SECONDS, TURNS
from bot.render import CONSOLE, TELEGRAM, WEB, WHATSAPP, Limits, render
from bot.screen import Screen
from bot.turn import Turn
from flows.questions import Button, Prompt
from locales import _, texts
from storage import arrivals, citizens, conversations, outbox
from storage.arrivals import Arrival
from storage.conversations import Conversation, Sender
from storage.database import COMPANY, Database, Db, is_passing, is_race, seen
from storage.letters import Letter
from storage.outbox import Batch, Said

__all__ = ["NotNow", "Runner", "flows"]

LIMITS = {"telegram": TELEGRAM, "whatsapp": WHATSAPP, "web": WEB, "console": CONSOLE}
PULLED = frozenset({"web", "console"})  # the person comes and reads
_RACES = 3  # tries
_LARGEST = 16  # messages in one transaction: while these are in the database, the answers of others go out
_EMBEDDED = 32  # where the database is in this very process, and nothing else is done meanwhile

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
        self._listeners: dict[tuple[str, int | None], Listener] = {}
        self._company = Company(self._answer_all, _EMBEDDED if database.is_sqlite else _LARGEST)
        self._turns: WeakValueDictionary[Sender, asyncio.Lock] = WeakValueDictionary()

    def hears(self, channel: str, listener: Listener, commune_id: int | None = None) -> None:
        """Tell this listener what was just said on a channel (of a commune), once it is committed."""
        self._listeners[channel, commune_id] = listener

    async def receive(self, incoming: Incoming) -> None:
        """Answer a message, once however often it is delivered; raises NotNow if it must come again."""
        # One after the other for each person: no connection waits for a lock, and what is said keeps its order.
        place = Sender(incoming.sender.commune_id, incoming.sender.channel, incoming.sender.external_id)
        turn = self._turns.setdefault(place, asyncio.Lock())
        INBOUND.labels(place.channel).inc()
        with traced(), TURN_SECONDS.time():
            log.debug("message_in", channel=place.channel, kind=incoming.reply.kind)
            async with turn:
                if not await self._company.takes(incoming):
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
                TURNS.labels("none", "failed").inc()
                if self.strict:
                    raise
                return await self._apologise(incoming)
        return None

    async def _answer_all(self, guests: list[Guest]) -> None:
        """Answer messages of different people in one transaction."""
        spoken: list[tuple[Conversation, Batch]] = []
        async with self.database.writing() as db:
            now = self.now()
            those = [_arrival(guest.incoming) for guest in guests]
            talks = await arrivals.receive_all(db, those, now)
            citizens_here = seen(db)[COMPANY] = list({talk.citizen.id for talk in talks})
            if len(citizens_here) < len(talks):
                raise AloneError  # one person on two channels: the second must see what the first did
            for guest, talk in zip(guests, talks, strict=True):
                if not talk.is_repeat:
                    spoken.append((talk, await self._speak(db, guest, talk, now)))
            said = await conversations.save_all(db, spoken) if spoken else []
        for (talk, batch), ids in zip(spoken, said, strict=True):
            self._hand_over(talk, batch, ids)

    async def _speak(self, db: Db, guest: Guest, talk: Conversation, now: datetime) -> Batch:
        db.info["wrote"] = False
        turn = Turn(db, talk, now, self.strict)
        before = talk.flow
        await turn.take(guest.incoming)
        if turn.play.must_undo:
            raise AloneError
        _count(turn, before, guest.trace)
        return self._batch(talk, turn.screen, guest.trace, now)

    async def _answer(self, incoming: Incoming) -> None:
        try:
            async with self.database.writing() as db:
                now = self.now()
                talk = await arrivals.receive(db, _arrival(incoming), now)
                if talk.is_repeat:
                    return
                turn, before = Turn(db, talk, now, self.strict), talk.flow
                await turn.take(incoming)
                if turn.play.must_undo:
                    raise _UndoneError(turn)
                batch, said = await self._save(db, talk, turn.screen, now)
        except _UndoneError as undone:
            batch, said = await self._save_undone(incoming, undone.turn)
        _count(turn, before, batch.trace)
        self._hand_over(talk, batch, said)

    async def _save_undone(self, incoming: Incoming, turn: Turn) -> tuple[Batch, Said]:
        """Nothing of what the flow wrote, but the conversation and what was said."""
        async with self.database.writing() as db:
            now = self.now()
            talk = await arrivals.receive(db, _arrival(incoming), now)
            before = turn.talk
            talk.flow, talk.turn, talk.pressed, talk.memory = before.flow, before.turn, before.pressed, before.memory
            if turn.spoke:
                await citizens.speaks(db, talk.citizen, turn.spoke)
            if turn.aside == "stop":
                await citizens.stop(db, talk.owner, now)
            if turn.aside == "news":
                await citizens.come_back(db, talk.owner)
            return await self._save(db, talk, turn.screen, now)

    async def _apologise(self, incoming: Incoming) -> None:
        """A mistake of ours: the answers are kept, the message counts as handled (else it would come for ever)."""
        try:
            async with self.database.writing() as db:
                now = self.now()
                talk = await arrivals.receive(db, _arrival(incoming), now)
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
                batch, kept = await self._save(db, talk, screen, now)
        except Exception as error:
            raise NotNow from error
        self._hand_over(talk, batch, kept)

    async def _save(self, db: Db, talk: Conversation, screen: Screen, now: datetime) -> tuple[Batch, Said]:
        batch = self._batch(talk, screen, trace(), now)
        [said] = await conversations.save_all(db, [(talk, batch)])
        return batch, said

    def _batch(self, talk: Conversation, screen: Screen, trace: str, now: datetime) -> Batch:
        channel = talk.sender.channel
        parts = [part for message in screen.messages for part in render(message, self.limits[channel])]
        status = outbox.KEPT if channel in PULLED else outbox.WAITING
        return Batch(parts, status, trace, now, screen.is_ballot)

    def _hand_over(self, talk: Conversation, batch: Batch, said: Said) -> None:
        """Once it is committed: tell who delivers it, or who waits for it."""
        sender = talk.sender
        own = self._listeners.get((sender.channel, sender.commune_id))
        listener = own or self._listeners.get((sender.channel, None))
        if listener is None or not said.ids:
            return
        address = (talk.address_id, sender.channel, sender.commune_id, sender.external_id)
        letters = [
            Letter(id, *address, part, 0, batch.trace) for id, part in zip(said.ids, batch.messages, strict=True)
        ]
        listener(letters, said.older)


def _count(turn: Turn, before: str | None, trace: str) -> None:
    """For the figures and the log: which flow a message was for, and what came of it."""
    flow, talk = turn.talk.flow or before or "none", turn.talk
    TURNS.labels(flow, turn.outcome).inc()
    log.debug("turn", channel=talk.sender.channel, flow=flow, outcome=turn.outcome, trace=trace)


def _arrival(incoming: Incoming) -> Arrival:
    return Arrival(incoming.sender, incoming.id)
