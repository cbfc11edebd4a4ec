"""The post: delivers what the outbox holds, in order for each address, at least once.

One process holds the post of an account (`storage.locks`).  What it said itself it has at hand and sends at once;
what others said, and what was left by a crash, it finds by looking into the outbox.  A letter is marked after it
was sent, several at a time: a crash in between sends it again, nothing else does.  Announcements come in by
themselves (`bot/crier.py`), at a pace; answers go before them.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from bot import crier, outcomes
from bot.journal import log
from bot.metrics import DELIVERIES
from bot.outcomes import Refused, TryLater, Unreachable, Withheld
from bot.rooms import AT_ONCE, Rooms
from bot.tempo import Tempo
from storage import deliveries, letters, locks
from storage.database import Database
from storage.letters import Handed, Letter, Outcome
from storage.outbox import FAILED, HANDED, HELD, SENT, WAITING

__all__ = ["Post", "Refused", "Send", "TryLater", "Unreachable"]

Send = Callable[[Letter], Awaitable[str | Handed]]

_LOOK_EVERY = 1.0  # seconds
_AT_HAND = 2000  # letters in memory; the rest wait in the outbox
_GIVE_UP = 500  # attempts, which is about two days
_MARK_EVERY = 0.05  # seconds: what went out meanwhile is marked together
_PATIENCE = 5.0  # seconds that requests under way have to end


class Post:
    """The deliveries of one account: one commune on one channel."""

    def __init__(
        self,
        database: Database,
        commune_id: int,
        channel: str,
        send: Send,
        per_second: int = 30,
        at_once: int = AT_ONCE,
    ):
        self.database, self.commune_id, self.channel, self._send = database, commune_id, channel, send
        self.tempo = Tempo(per_second)
        self.announced = 0  # letters of announcements in hand
        self.counts = {SENT: 0, HANDED: 0, HELD: 0, FAILED: 0, WAITING: 0}
        self._lanes: dict[int, deque[Letter]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending: set[asyncio.Task[None] | None] = set()  # those of them that have a request under way
        self._known: set[int] = set()  # at hand, or sent and not yet out of the sight of a look in progress
        self._marked: set[int] = set()
        self._outcomes: list[Outcome] = []
        self._wake, self._has_outcomes = asyncio.Event(), asyncio.Event()
        self._is_urgent = asyncio.Event()  # that they are marked
        self._rooms = Rooms(at_once)
        self._is_ours = False

    def look(self) -> None:
        """Something in the outbox may go now that could not before."""
        self._wake.set()

    def offer(self, letters: list[Letter], older: int | None) -> None:
        """What this process has just said; if something older waits unseen, it is looked up first."""
        if not self._is_ours or (older is not None and older not in self._known):
            self._wake.set()
            return
        for letter in letters:
            self.take(letter)

    async def run(self) -> None:
        """Deliver for as long as this process runs."""
        while True:
            try:
                async with locks.held(self.database, f"post {self.commune_id} {self.channel}") as still_held:
                    await self._hold(still_held)
            except Exception as error:  # whatever became of its lock or its database, the post goes on
                if (task := asyncio.current_task()) and task.cancelling():
                    raise  # it was to stop, and the last could not be marked
                log.error("post_interrupted", channel=self.channel, error=error)
                await asyncio.sleep(_LOOK_EVERY)

    async def _hold(self, still_held: locks.StillHeld) -> None:
        self._is_ours = True
        self._has_outcomes.set()  # perhaps the last could not be marked
        marking = asyncio.create_task(self._mark_always())
        announcing = asyncio.create_task(crier.announce(self))
        try:
            while True:
                await self._look()
                await _until(self._wake, _LOOK_EVERY)
                await still_held()
        finally:
            self._is_ours = False
            announcing.cancel()
            await asyncio.gather(announcing, return_exceptions=True)
            await self._put_down()
            marking.cancel()
            await asyncio.gather(marking, return_exceptions=True)
            await self._mark_last()

    async def _put_down(self) -> None:
        """Let the requests under way end: to hang up does not undo them.  The rest stays in the outbox."""
        for task in self._tasks - self._sending:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_PATIENCE)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._lanes.clear()
        self.announced = 0

    async def _mark_last(self) -> None:
        try:
            await self._mark()
        finally:
            # What could not be marked now is marked later; it is not to be sent again meanwhile.
            self._known = {outcome.id for outcome in self._outcomes if outcome.status != WAITING}
            self._marked.clear()

    async def _look(self) -> None:
        """Take what waits in the outbox and is not at hand."""
        # What was marked before this look began cannot be in it; what is marked meanwhile may be.
        self._known -= self._marked
        self._marked.clear()
        beyond = 0
        while len(self._known) < _AT_HAND:
            async with self.database.reading() as db:
                found = await letters.waiting(db, [(self.commune_id, self.channel)], beyond, 500)
            if not found:
                return
            for letter in found:
                self.take(letter)
            beyond = found[-1].id

    def take(self, letter: Letter) -> None:
        """Send it, after what is at hand for its address; once, however often it is handed in."""
        if letter.id in self._known:
            return
        self._known.add(letter.id)
        self.announced += letter.announcement is not None
        lane = self._lanes.get(letter.address_id)
        if lane is not None:
            lane.append(letter)
            return
        self._lanes[letter.address_id] = deque([letter])
        task = asyncio.create_task(self._empty(letter.address_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _empty(self, address_id: int) -> None:
        """Send all that there is for one address, one after the other."""
        lane = self._lanes[address_id]
        while lane and self._is_ours:
            await self._deliver(lane[0])
            self.announced -= lane.popleft().announcement is not None
        del self._lanes[address_id]

    async def _deliver(self, letter: Letter) -> None:
        attempts = letter.attempts
        await outcomes.until_due(letter)
        while True:
            try:
                sent = outcomes.delivered(letter, await self._request(letter), datetime.now(UTC))
                log.debug("letter_sent", channel=self.channel, letter=letter.id, trace=letter.trace)
                return self._note(sent)
            except (Unreachable, Refused, Withheld) as error:
                return self._note(outcomes.undelivered(letter, error, datetime.now(UTC)))
            except Exception as error:  # a channel may stumble over anything: the letter is not lost
                attempts += 1
                if attempts >= _GIVE_UP:
                    return self._note(Outcome(letter.id, FAILED, error="gave up"))
                pause = outcomes.pause_after(error, attempts)
                log.warning("letter_waits", letter=letter.id, trace=letter.trace, seconds=pause, error=error)
                self._note(outcomes.stumbled(letter, error, pause, datetime.now(UTC)))
                if not self._is_ours:
                    return None
                await asyncio.sleep(pause)

    async def _request(self, letter: Letter) -> str | Handed:
        task, is_announced = asyncio.current_task(), letter.announcement is not None
        async with self._rooms.taken(letter):
            await self.tempo.turn(is_announced)
            self._sending.add(task)
            try:
                return await self._send(letter)
            except TryLater as error:
                if error.seconds:
                    self.tempo.slow_down(letter.address_id, error.seconds, is_announced, error.is_for_all)
                raise
            finally:
                self._sending.discard(task)

    def _note(self, outcome: Outcome) -> None:
        self.counts[outcome.status] += 1
        DELIVERIES.labels(self.channel, "retried" if outcome.status == WAITING else outcome.status).inc()
        self._outcomes.append(outcome)
        self._has_outcomes.set()
        # Who writes just now is to find it marked; and announcements are to find room.
        if outcome.status == HELD or self._rooms.are_filling:
            self._is_urgent.set()

    async def _mark_always(self) -> None:
        while True:
            await self._has_outcomes.wait()
            self._has_outcomes.clear()
            try:
                await self._mark()
                await _until(self._is_urgent, _MARK_EVERY)
            except Exception as error:  # whatever it was, the outcomes are kept and marked later
                log.error("marking_failed", channel=self.channel, error=error)
                await asyncio.sleep(_LOOK_EVERY)
                self._has_outcomes.set()

    async def _mark(self) -> None:
        became, self._outcomes = self._outcomes, []
        if not became:
            return
        try:
            async with self.database.writing() as db:
                await deliveries.mark(db, became, datetime.now(UTC))
        except BaseException:  # cancelled, too: what went out is not forgotten
            self._outcomes[:0] = became
            raise
        self._marked.update(outcome.id for outcome in became if outcome.status != WAITING)
        self._rooms.marked(outcome.id for outcome in became)


async def _until(event: asyncio.Event, seconds: float) -> None:
    """Wait for it, so long at most."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass  # the time has passed
    event.clear()
