"""Answers together what arrives together: the messages of one moment share a transaction, and so its cost.

While one transaction runs, what arrives waits for the next.  Nothing is lost by it: a message is taken when its
transaction is committed, as if it had been alone.  If anything goes wrong in company, all of it is undone and each
message is answered alone, where its own mistakes are its own.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.incoming import Incoming
from bot.journal import log, trace

_AT_ONCE = 1  # transactions: in two at once each would have half the company


class AloneError(Exception):
    """This company cannot be answered together."""


@dataclass(frozen=True, slots=True)
class Guest:
    """A message in company, with its trace and whether it was answered."""

    incoming: Incoming
    trace: str
    is_answered: asyncio.Future[bool]


class Company:
    """Those who wait to be answered together."""

    def __init__(self, answer: Callable[[list[Guest]], Awaitable[None]], largest: int):
        self._answer, self._largest = answer, largest
        self._waiting: list[Guest] = []
        self._serving = 0  # transactions under way
        self._tasks: set[asyncio.Task[None]] = set()

    async def takes(self, incoming: Incoming) -> bool:
        """Whether the message was answered in company; if not it is to be answered alone."""
        guest = Guest(incoming, trace(), asyncio.get_running_loop().create_future())
        self._waiting.append(guest)
        if self._serving < _AT_ONCE:
            # Counted here and in `_serve`, at once: a task counts as done only later, and who comes in between would
            # wait for nobody.
            self._serving += 1
            task = asyncio.create_task(self._serve())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await guest.is_answered

    async def _serve(self) -> None:
        while self._waiting:
            guests, self._waiting = self._waiting[: self._largest], self._waiting[self._largest :]
            is_answered = False
            try:
                await self._answer(guests)
                is_answered = True
            except Exception as error:
                log.debug("alone", guests=len(guests), error=error)
            finally:
                for guest in guests:
                    if not guest.is_answered.done():
                        guest.is_answered.set_result(is_answered)
        self._serving -= 1
