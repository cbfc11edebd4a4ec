"""How fast an account may write: announcements at its pace, answers at once; and its silence when it was too fast."""

import asyncio
from collections import deque

_SECOND = 1.03  # what counts as one: what is sent evenly does not arrive evenly
_BEHIND = 0.25  # seconds that announcements may catch up
_NEAR = 0.6  # of the pace within a second: whoever is then refused is refused for the account's sake
_DEBT = 5.0  # seconds that answers may hold up announcements


class Tempo:
    """The tempo of one account, in the process that holds its post; times are those of the loop's clock."""

    def __init__(self, per_second: int):
        self.per_second = per_second
        self._gap = 1 / per_second
        self._next = 0.0  # when the next announcement may go
        self._quiet = {False: 0.0, True: 0.0}  # until when: answers, announcements
        self._lately: deque[float] = deque([-_SECOND] * per_second, maxlen=per_second)  # when the last went
        self._refused: dict[int, float] = {}  # until when, by address

    async def turn(self, is_announced: bool) -> None:
        """Wait until a letter may go; an answer waits only if the account was told to be silent."""
        clock = asyncio.get_running_loop().time
        at = self._reserve(clock(), is_announced)
        while (wait := self._opens(at, is_announced) - clock()) > 0.001:  # it may grow meanwhile
            await asyncio.sleep(wait)
            if at < self._quiet[is_announced]:  # its turn came in the silence: all of them at once would be too many
                at = self._reserve(clock(), is_announced)
        self._lately.append(clock())

    def _opens(self, at: float, is_announced: bool) -> float:
        """When it may go: what went late is as much in the way as what went in time."""
        return max(at, self._quiet[True], self._lately[0] + _SECOND) if is_announced else self._quiet[False]

    def _reserve(self, now: float, is_announced: bool) -> float:
        """When it is this letter's turn.  An answer goes at once, and the announcements that much later."""
        at = max(self._next, now - _BEHIND)
        self._next = at + self._gap if is_announced else max(at, min(at + self._gap, now + _DEBT))
        return at

    def slow_down(self, address_id: int, seconds: float, is_announced: bool, is_for_all: bool | None) -> None:
        """A letter was refused as one too many, for so long; `is_for_all`: whether the account was, None if unsaid.

        Then it is the account if the last second was busy, or somebody else was refused just now; else announcements
        alone are held back, if it was one.
        """
        now = asyncio.get_running_loop().time()
        if is_for_all is None:
            is_for_all = self._is_account(address_id, now)
            self._refused[address_id] = now + seconds
            if is_announced:
                self._hold_back(now + seconds)
        if is_for_all:
            self._hold_back(now + seconds)
            self._quiet[False] = max(self._quiet[False], now + seconds)

    def _is_account(self, address_id: int, now: float) -> bool:
        self._refused = {other: until for other, until in self._refused.items() if until > now}
        is_busy = self._lately[-max(1, int(self.per_second * _NEAR))] > now - 1.0
        return is_busy or bool(self._refused.keys() - {address_id})

    def _hold_back(self, until: float) -> None:
        """Announce nothing before."""
        self._quiet[True] = max(self._quiet[True], until)
        self._next = max(self._next, until)
