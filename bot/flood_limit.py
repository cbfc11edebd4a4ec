"""A limit that nobody may go beyond: against floods, in this process."""

import time
from collections import defaultdict, deque


class FloodLimit:
    """At most so many in so many seconds for each name; a limit of this process, against floods."""

    def __init__(self, most: int, seconds: float):
        self.most, self.seconds = most, seconds
        self._seen: dict[str, deque[float]] = defaultdict(deque)

    def knows(self, name: str) -> bool:
        """Whether it was counted lately."""
        return name in self._seen

    def allows(self, name: str) -> bool:
        """Whether one more is within the pace; it is counted if so."""
        now = time.monotonic()
        if len(self._seen) > 10_000:
            self._seen = defaultdict(
                deque, {key: seen for key, seen in self._seen.items() if seen[-1] > now - self.seconds}
            )
        seen = self._seen[name]
        while seen and seen[0] <= now - self.seconds:
            seen.popleft()
        if len(seen) >= self.most:
            return False
        seen.append(now)
        return True
