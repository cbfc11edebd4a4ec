"""How many people in 24 hours a template may begin with: a number of one's own, or Meta's step, asked once an hour.

https://developers.facebook.com/documentation/business-messaging/whatsapp/messaging-limits: 250 for a new account, then
2,000, 10,000, 100,000 and any number, as Meta raises it while few people block what they get.
"""

import asyncio
import re

from bot.channels.whatsapp_calls import Graph
from bot.journal import log
from bot.outcomes import Refused, TryLater, Unreachable, Withheld

NO_LIMIT = 0
_FIRST = 250
_FIELD = "whatsapp_business_manager_messaging_limit"
_AGAIN = 3600.0  # seconds
_STEP = re.compile(r"TIER_(\d+)(K?)")


class Tier:
    """The limit of one number; `fixed` where the installation names it."""

    def __init__(self, graph: Graph, number: str, fixed: int | None = None):
        self._graph, self._number, self._fixed = graph, number, fixed
        self._known, self._until = _FIRST, 0.0

    async def now(self) -> int:
        """How many people; NO_LIMIT for any number."""
        if self._fixed is not None:
            return self._fixed
        now = asyncio.get_running_loop().time()
        if now >= self._until:
            self._until = now + _AGAIN  # whoever asks meanwhile is told what was known
            await self._ask()
        return self._known

    async def _ask(self) -> None:
        """What Meta says; where it says nothing, as before."""
        try:
            said = str((await self._graph.look(self._number, fields=_FIELD)).get(_FIELD, ""))
        except (TryLater, Refused, Withheld, Unreachable) as error:
            log.warning("tier_not_known", why=str(error)[:100])
            return
        if said == "TIER_UNLIMITED":
            self._known = NO_LIMIT
        elif step := _STEP.fullmatch(said):
            self._known = int(step[1]) * (1000 if step[2] else 1)
