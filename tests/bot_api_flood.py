"""How fast a bot may write: Telegram's limits a chat and a bot, and the silence after a refusal."""

import math
import time

from bot_api_state import Call, State
from bot_api_types import ApiError


class Flood(State):
    """Refuses what comes too fast, and complains of who does not wait as long as told."""

    def _check_pace(self, call: Call) -> None:
        if not call.writes:
            return
        for chat in (call.chat_id, 0):
            said, until = self._quiet.get(chat, (0.0, 0.0))
            if call.at < until:
                # calls that were on their way when the refusal was written are no disobedience
                raise self._too_many(chat, until - call.at, said=said, obeyed=call.at - said < 0.05)
        if self.flood:
            self._count(call)

    def _count(self, call: Call) -> None:
        # each message takes a slot; the slots may run ahead of the clock by the burst
        paces = [(call.chat_id, 1.0, self.burst)] * (call.method.startswith("send")) + [(0, 1 / 30, 30)]
        for chat, gap, burst in paces:
            wait = self._next_slot[chat] - call.at - (burst - 1) * gap
            if wait > 1e-6:
                raise self._too_many(chat, wait)
        for chat, gap, _ in paces:
            self._next_slot[chat] = max(self._next_slot[chat], call.at) + gap

    def _too_many(self, chat: int, wait: float, *, said: float = 0.0, obeyed: bool = True) -> ApiError:
        seconds = max(math.ceil(wait), 1)
        if not said:
            now = time.monotonic()
            self._quiet[chat] = now, now + seconds
        return ApiError(f"retry after {seconds}", 429, retry_after=seconds, expected=obeyed)
