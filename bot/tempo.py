"""How fast an account may write: announcements at its pace, answers before them; and its silence when it was too fast.

No second takes more than the pace.  Where announcements have filled it, an answer waits a moment for the next room and
has it before they do; beyond that moment, and where nothing is announced, it goes at once.
"""

import asyncio
from collections import deque

_SECOND, _LONGEST = 1.02, 1.2  # what counts as one: what is sent evenly does not arrive evenly
_LONGER, _SHORTER = 0.03, 0.0001  # with each refusal, with each announcement that went
# Seconds that announcements may catch up: what came at once would come at once in each second that follows.
_BEHIND = 0.04
_MOMENT = 0.1  # seconds that an answer waits for room
_NEAR = 0.6  # of the pace within a second: whoever is then refused is refused for the account's sake
_SHORT = 1.0  # seconds: a pause that only means that the last second was full


class Tempo:
    """The tempo of one account, in the process that holds its post; times are those of the loop's clock."""

    def __init__(self, per_second: int):
        self.per_second = per_second
        self._second = _SECOND
        self._line = asyncio.Lock()  # announcements wait one behind the other, so that they go evenly
        self._next = 0.0  # when the next announcement may go
        self._quiet = {False: 0.0, True: 0.0}  # until when: answers, announcements
        self._lately: deque[float] = deque([-_SECOND] * per_second, maxlen=per_second)  # when the last went
        self._announced = -_SECOND  # when the last announcement went
        self._waiting = 0  # answers that wait for room
        self._refused: dict[int, float] = {}  # until when, by address

    async def turn(self, is_announced: bool) -> None:
        """Wait until a letter may go; an answer waits a moment at most, unless the account was told to be silent."""
        if is_announced:
            await self._announcement()
        else:
            self._waiting += 1
            try:
                await self._answer()
            finally:
                self._waiting -= 1

    async def _announcement(self) -> None:
        clock = asyncio.get_running_loop().time
        async with self._line:
            while (wait := self._opens() - clock()) > 0.001:  # noqa: ASYNC110  # no event: it may grow meanwhile
                await asyncio.sleep(wait)
            self._announced = clock()
            self._lately.append(self._announced)
            self._next = max(self._next, self._announced - _BEHIND) + self._second / self.per_second
            self._second = max(_SECOND, self._second - _SHORTER)

    async def _answer(self) -> None:
        clock = asyncio.get_running_loop().time
        by = clock() + _MOMENT
        # What it waits for is no event: others may take the room meanwhile, or the silence grow longer.
        while (wait := max(self._quiet[False], min(by, self._room())) - clock()) > 0.001:  # noqa: ASYNC110
            await asyncio.sleep(wait)
        self._lately.append(clock())

    def _room(self) -> float:
        """When an answer finds room: it only looks for some where announcements may have taken it."""
        return self._lately[0] + self._second if self._announced >= self._lately[0] else 0.0

    def _opens(self) -> float:
        """When an announcement may go: what went late is as much in the way as what went in time."""
        taken = self._lately[min(self._waiting, self.per_second - 1)]  # the first rooms are those of answers
        return max(self._next, self._quiet[True], taken + self._second)

    def slow_down(self, address_id: int, seconds: float, is_announced: bool, is_for_all: bool | None) -> None:
        """A letter was refused as one too many, for so long; `is_for_all`: whether the account was, None if unsaid.

        Then it is the account if the last second was busy, or somebody else was refused just now; else announcements
        alone are held back, if it was one.  Once they are, answers find room: a short pause is not theirs.
        """
        now = asyncio.get_running_loop().time()
        if is_for_all is None:
            is_for_all = self._is_account(address_id, now) and not (is_announced and seconds <= _SHORT)
            self._refused[address_id] = now + seconds
            if is_announced:
                self._second = min(self._second + _LONGER, _LONGEST)
                self._hold_back(now + seconds)
        if is_for_all:
            self._hold_back(now + seconds)
            self._quiet[False] = max(self._quiet[False], now + seconds)

    def pause(self, seconds: float) -> None:
        """The account must be silent, as was told of a letter that had been taken."""
        self.slow_down(0, seconds, is_announced=False, is_for_all=True)

    def _is_account(self, address_id: int, now: float) -> bool:
        self._refused = {other: until for other, until in self._refused.items() if until > now}
        is_busy = self._lately[-max(1, int(self.per_second * _NEAR))] > now - 1.0
        return is_busy or bool(self._refused.keys() - {address_id})

    def _hold_back(self, until: float) -> None:
        """Announce nothing before."""
        self._quiet[True] = max(self._quiet[True], until)
        self._next = max(self._next, until)
