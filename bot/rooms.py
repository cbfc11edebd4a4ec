"""Rooms: how many letters of an account may be under way at a time.

After a crash what was sent and not marked is sent again.  So an announcement that was sent keeps its room until it is
marked: a crash doubles no more of them than there are rooms, however fast they go.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from storage.letters import Letter

AT_ONCE = 150
_MANY = 0.2  # of the rooms


class Rooms:
    """Announcements have rooms of their own: if all of them wait for a slow provider, answers do not."""

    def __init__(self, count: int):
        self._free = {is_announced: asyncio.Semaphore(count) for is_announced in (False, True)}
        self._unmarked: set[int] = set()  # announcements that were sent
        self._many = max(1, int(count * _MANY))

    @asynccontextmanager
    async def taken(self, letter: Letter) -> AsyncIterator[None]:
        """Wait for a room and have it while the letter is sent, or until it is marked."""
        is_announced = letter.announcement is not None
        room = self._free[is_announced]
        await room.acquire()
        try:
            yield
        except BaseException:  # it was not sent
            room.release()
            raise
        if is_announced:
            self._unmarked.add(letter.id)
        else:
            room.release()

    def marked(self, ids: Iterable[int]) -> None:
        """What became of these is written down."""
        those = self._unmarked.intersection(ids)
        self._unmarked -= those
        for _letter in those:
            self._free[True].release()

    @property
    def are_filling(self) -> bool:
        """Whether many of them are kept by what is not marked."""
        return len(self._unmarked) >= self._many
