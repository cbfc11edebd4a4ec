"""How fast a WhatsApp number may write: to everybody, and to one person.

https://developers.facebook.com/docs/whatsapp/cloud-api/overview#throughput: 80 messages a second, and to one person
one in six seconds, of which 45 may be borrowed in a burst.
"""

import asyncio
from dataclasses import dataclass

from bot.outcomes import TryLater


@dataclass(frozen=True, slots=True)
class Rates:
    """The limits of a number; `tier` is how many people a day a template may begin with, 0 for any, None: Meta says."""

    per_second: int = 80
    pair_burst: int = 45
    pair_seconds: float = 6.0
    tier: int | None = None


class NumberPace:
    """The pace of one number, in the process that holds its post."""

    def __init__(self, rates: Rates):
        self.rates = rates
        self._next = 0.0  # when the number may write again
        self._borrowed: dict[str, float] = {}  # until when each person's messages are paid back

    async def turn(self, person: str) -> None:
        """Wait until the number may write; TryLater where this person has had too many."""
        now = asyncio.get_running_loop().time()
        self._borrow(person, now)
        self._next = max(self._next, now) + 1 / self.rates.per_second
        await asyncio.sleep(self._next - 1 / self.rates.per_second - now)

    def _borrow(self, person: str, now: float) -> None:
        if len(self._borrowed) > 20_000:
            self._borrowed = {name: until for name, until in self._borrowed.items() if until > now}
        until = max(self._borrowed.get(person, 0.0), now) + self.rates.pair_seconds
        most = now + self.rates.pair_burst * self.rates.pair_seconds
        if until > most:
            raise TryLater("131056 pair limit", until - most)
        self._borrowed[person] = until
