"""What the stub of the Bot API knows at a moment: phones, messages, updates, calls, complaints."""

import asyncio
import copy
import itertools
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import telegram
from bot_api_failures import Failure
from bot_api_phone import Phone
from bot_api_types import Values, findings


@dataclass
class Call:
    """One call as it arrived, its values read from JSON, and the answer it was given."""

    method: str
    params: Values
    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    at: float = field(default_factory=time.monotonic)
    filenames: dict[str, str] = field(default_factory=dict)
    answer: Values = field(default_factory=dict, repr=False)
    hung_up: Callable[[], bool] = field(default=lambda: False, repr=False)

    @property
    def chat_id(self) -> int:
        """The chat it writes to; 0 if it writes to none."""
        number = str(self.params.get("chat_id", 0))
        return int(number) if number.lstrip("-").isdigit() else 0

    @property
    def writes(self) -> bool:
        """Whether the person would see something new."""
        return self.method.startswith(("send", "edit")) and self.method != "sendChatAction"


@dataclass(frozen=True)
class Webhook:
    """Where setWebhook wants the updates."""

    url: str
    secret: str
    max_connections: int


@dataclass
class Tap:
    """A tap on a button, from the person's finger to the bot's answer."""

    chat_id: int
    delivered: int = 0
    answers: int = 0
    tried: bool = False  # an answer was at least attempted, or its absence already complained of


class State:
    """The state, and how to wait for it to change."""

    token = "123456789:AAHsawtSawtSawtSawtSawtSawtSawtSawt"

    def __init__(
        self,
        *,
        flood: bool = False,
        retry_delay: float = 0.2,
        webhook_timeout: float = 5.0,
        burst: int = 3,
    ):
        """Prepare an API nobody has called yet; `flood` turns on the limits of messages per second."""
        self.flood, self.burst = flood, burst
        self.retry_delay, self.webhook_timeout = retry_delay, webhook_timeout
        self.base = ""
        self.me: Values = {
            "id": int(self.token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Sawt",
            "username": "sawt_test_bot",
        }
        self.calls: list[Call] = []
        self.complaints: list[str] = []
        self.warnings: list[str] = []
        self.phones: dict[int, Phone] = {}
        self.messages: dict[tuple[int, int], Values] = {}
        self.touched: dict[tuple[int, int], int] = {}
        self.files: dict[str, bytes] = {}
        self.updates: list[Values] = []  # all there ever were
        self.pending: list[Values] = []  # those the bot has not taken yet
        self.deliveries: list[tuple[int, int]] = []  # (update_id, HTTP status; 0 if there was none)
        self.webhook: Webhook | None = None
        self.commands: dict[tuple[str, str], list[Values]] = {}  # by scope and language
        self._chats: dict[int, int] = {}  # update_id -> its chat
        self._allowed: list[str] = []
        self._seen_by_bot: set[int] = set()
        self._failures: defaultdict[str, deque[Failure]] = defaultdict(deque)
        self._taps: dict[str, Tap] = {}
        self._quiet: dict[int, tuple[float, float]] = {}  # chat (0: all) -> said when, until when
        self._next_slot: defaultdict[int, float] = defaultdict(float)
        self._numbers, self._moment, self._poll = itertools.count(1001), 0, 0
        self._changed, self._closing = asyncio.Event(), False
        self._busy: set[int] = set()  # chats with a delivery under way
        self._tasks: set[asyncio.Task[None]] = set()
        self._connections = asyncio.Semaphore(40)
        self._last_error: Values = {}
        self._session: aiohttp.ClientSession

    async def _carry_out(self, call: Call, *, form: bool) -> Values:
        raise NotImplementedError

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _touch(self) -> None:
        event, self._changed = self._changed, asyncio.Event()
        event.set()

    async def until(self, condition: Callable[[], bool], within: float) -> bool:
        """Wait until the condition holds; False if it did not within these seconds."""
        end = time.monotonic() + within
        while not condition():
            changed = self._changed
            try:
                await asyncio.wait_for(changed.wait(), max(end - time.monotonic(), 0))
            except TimeoutError:
                return condition()
        return True

    async def settled(self, within: float = 5.0) -> None:
        """Wait until the bot has taken every update there is."""
        if not await self.until(lambda: not self.pending and not self._busy, within):
            raise AssertionError(f"not taken: {self.pending}; deliveries: {self.deliveries[-5:]}")

    async def called(self, method: str, times: int = 1, within: float = 5.0) -> list[Call]:
        """Wait until the method has been called so often and answered; return these calls."""

        def answered() -> list[Call]:
            return [call for call in self.calls if call.method == method and call.answer]

        if not await self.until(lambda: len(answered()) >= times, within):
            raise AssertionError(f"{method} was called {len(answered())} times, not {times}")
        return answered()

    def now(self) -> int:
        """Number the present moment among the changes of all screens."""
        return self._moment

    def _readable(self, kind: str, value: Values) -> None:
        """Have what leaves this server read twice: by the published types and by python-telegram-bot."""
        for found in findings(value, [kind], kind):
            (self.warnings if found.newer else self.complaints).append(f"the stub's own {found}")
        readers = {"Message": telegram.Message.de_json, "Update": telegram.Update.de_json}
        try:
            readers[kind](copy.deepcopy(value), None)
        except Exception as error:  # whatever it stumbles over belongs among the complaints
            self.complaints.append(f"python-telegram-bot cannot read {kind} {value}: {error!r}")
