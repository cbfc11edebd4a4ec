"""WhatsApp: messages in by webhook, letters out through Meta's Graph API."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from typing import Any
from weakref import WeakValueDictionary

from bot.channels.whatsapp_account import Account
from bot.channels.whatsapp_calls import Graph
from bot.channels.whatsapp_errors import meaning
from bot.channels.whatsapp_files import Files
from bot.channels.whatsapp_out import Out
from bot.channels.whatsapp_updates import Event, Fate, Heard, Moved
from bot.incoming import Incoming
from bot.journal import log
from bot.media import Intake
from bot.outcomes import Refused, TryLater, Withheld, outcome_of
from bot.runner import NotNow, Runner
from bot.sizes import Sizes
from storage import fates, lines
from storage.conversations import Sender
from storage.database import is_passing, is_race
from storage.lines import CHANNEL, Who

_RACES = 3  # tries
_LOOKS, _BETWEEN = 4, 0.5  # a failure may be told before the letter is marked as handed over; seconds
_TRIES, _FIRST_PAUSE, _LONGEST_PAUSE = 20, 30.0, 3600.0  # of a letter that fails after it was taken; seconds
_QUIET = ("reaction", "revoke", "edit", "system")


class WhatsApp:
    """One number of one commune."""

    def __init__(
        self, runner: Runner, commune_id: int, account: Account, graph: Graph, out: Out, sizes: Sizes | None = None
    ):
        self.runner, self.commune_id, self.account, self.graph = runner, commune_id, account, graph
        self.send = out.send
        self._files = Files(graph, runner, Intake(runner.database, sizes or Sizes()))
        self.look: Callable[[], None] = lambda: None  # tells the post that something may go
        self.pause: Callable[[float], None] = lambda _seconds: None  # tells it that the number must be silent
        self._turns: WeakValueDictionary[Who, asyncio.Lock] = WeakValueDictionary()
        self._errands: set[asyncio.Task[None]] = set()

    async def take(self, events: list[Event]) -> None:
        """Take what a webhook brought, in order for each person; raises NotNow if it must come again."""
        people: dict[str, list[Event]] = {}
        for event in events:
            people.setdefault(_whose(event), []).append(event)
        done = await asyncio.gather(*(self._in_order(those) for those in people.values()), return_exceptions=True)
        for failure in done:
            if failure:
                raise failure

    async def _in_order(self, events: list[Event]) -> None:
        for event in events:
            match event:
                case Fate():
                    await self._note(event)
                case Moved():
                    await self._move(event)
                case Heard():
                    await self._hear(event, is_last=event is events[-1])

    async def _hear(self, heard: Heard, is_last: bool) -> None:
        turn = self._turns.setdefault(Who(heard.who.user or heard.who.phone), asyncio.Lock())
        async with turn:
            key = await self._write(lambda db: self._recognise(db, heard))
            if is_last and heard.reply.kind not in _QUIET:
                self._errand(self._mark_as_read(heard.id))
            incoming = Incoming(Sender(self.commune_id, CHANNEL, key), heard.id, heard.reply, heard.on)
            await self.runner.receive(await self._files.taken(incoming, heard.file))

    async def _move(self, moved: Moved) -> None:
        await self._write(lambda db: lines.moved(db, self.commune_id, moved.before, moved.now))

    async def _recognise(self, db: Any, heard: Heard) -> str:
        now = self.runner.now()
        key = await lines.recognise(db, self.commune_id, heard.who, min(heard.at, now))
        if await lines.let_through(db, self.commune_id, key, now):
            self.look()
        return key

    async def _write(self, work: Callable[[Any], Awaitable[Any]]) -> Any:
        for attempt in range(_RACES):
            try:
                async with self.runner.database.writing() as db:
                    return await work(db)
            except Exception as error:  # raised again, unless the database says to try again
                if is_race(error) and attempt + 1 < _RACES:
                    continue
                if is_race(error) or is_passing(error):
                    raise NotNow from error
                raise
        return None

    # What is told beside the messages

    async def _mark_as_read(self, id: str) -> None:
        """Two blue ticks, and the dots of somebody who is typing."""
        said = {"messaging_product": "whatsapp", "status": "read", "message_id": id}
        try:
            await self.graph.call(f"{self.account.number}/messages", {**said, "typing_indicator": {"type": "text"}})
        except Exception as error:  # a nicety: whatever fails, the message is answered
            log.info("not_marked_as_read", why=type(error).__name__)

    async def _note(self, fate: Fate) -> None:
        """Keep what became of a letter; the word of it may come before the letter is marked as taken."""
        is_failed = fate.status == "failed"
        if is_failed:
            log.warning("letter_failed_there", code=fate.code)
        for look in range(_LOOKS):
            if look:
                await asyncio.sleep(_BETWEEN)
            if await self._write(lambda db: self._keep(db, fate)):
                if is_failed:
                    self.look()
                return

    async def _keep(self, db: Any, fate: Fate) -> bool:
        now = datetime.now(UTC)
        if fate.status == "failed":
            return await self._fail(db, fate, now)
        return await fates.arrived(db, fate.id, fate.status, now)

    async def _fail(self, db: Any, fate: Fate, now: datetime) -> bool:
        letter = await fates.handed(db, fate.id)
        if letter is None:
            return False
        id, attempts = letter
        error = meaning(fate.code, "failed")
        if isinstance(error, TryLater):
            error = self._told_late(error, attempts)
        await fates.failed(db, outcome_of(id, error, now), now)
        return True

    def _told_late(self, error: TryLater, attempts: int) -> Exception:
        """Too fast, or not now: the letter is in nobody's hand any more, so it is held back for as long."""
        if error.seconds and error.is_for_all:
            self.pause(error.seconds)
        if attempts >= _TRIES:
            return Refused(f"gave up: {error}")
        return Withheld(str(error), error.seconds or min(_FIRST_PAUSE * 2.0**attempts, _LONGEST_PAUSE))

    def _errand(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def close(self) -> None:
        """Let what is under way end, then close the connections."""
        await asyncio.gather(*self._errands, return_exceptions=True)
        await self.graph.close()


def _whose(event: Event) -> str:
    match event:
        case Heard(who=who):
            return who.user or who.phone
        case Moved(before=who):
            return who.user or who.phone
    return event.id
