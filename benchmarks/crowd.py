"""Citizens who hold conversations with a bot over its webhook, and how long each answer takes them."""

import asyncio
import itertools
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

import httptools
import orjson

from benchmarks.bot_api import BOT, Sent
from benchmarks.conversations import Conversation, Says

_PATIENCE = 15.0  # seconds


@dataclass(slots=True)
class Citizen:
    """One person, in one conversation."""

    chat: int
    number: int
    step: int = 0  # how many were taken
    seen: Sent | None = None  # what the bot said last
    is_waiting: bool = False  # for the answer
    is_posting: bool = False  # the webhook has not answered yet
    began: float = 0.0
    patience: asyncio.TimerHandle | None = None


@dataclass(slots=True)
class Heard:
    """What was measured: seconds from each message to its answer, conversations that ended, what went wrong."""

    waits: list[float] = field(default_factory=list)
    conversations: int = 0
    errors: Counter[str] = field(default_factory=Counter)


class Crowd:
    """So many citizens at a time; who has ended makes place for another."""

    def __init__(self, conversation: Conversation, port: int, path: str, secret: str):
        self.conversation, self.port = conversation, port
        self.heard = Heard()
        self._citizens: dict[int, Citizen] = {}
        self._numbers = itertools.count(1)
        self._first_chat = int(time.time()) % 10_000_000 * 100
        self._updates = itertools.count(int(time.time()) * 10)
        self._messages = itertools.count(1)
        self._free: deque[_Webhook] = deque()
        self._is_over = False
        self._head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: "
        ).encode()

    def begin(self, citizens: int) -> None:
        """Let so many come."""
        for _ in range(citizens):
            self._come()

    async def end(self) -> None:
        """No new ones; wait until those who are here have ended."""
        self._is_over = True
        async with asyncio.timeout(2 * _PATIENCE):
            while self._citizens:
                await asyncio.sleep(0.02)
        for webhook in self._free:
            webhook.close()

    def hears(self, sent: Sent) -> None:
        """A message of the bot arrives."""
        citizen = self._citizens.get(sent.chat)
        if not citizen or not citizen.is_waiting or not self.conversation.is_answered(citizen.step, sent):
            return
        self.heard.waits.append(time.perf_counter() - citizen.began)
        citizen.is_waiting, citizen.seen = False, sent
        if not citizen.is_posting:
            self._go_on(citizen)

    def posted(self, citizen: Citizen, status: int, webhook: "_Webhook") -> None:
        """The webhook has answered."""
        if webhook.is_open:
            self._free.append(webhook)
        if status != 200:
            self.heard.errors[f"status {status}"] += 1
        citizen.is_posting = False
        if not citizen.is_waiting:
            self._go_on(citizen)

    def _come(self) -> None:
        number = next(self._numbers)
        citizen = Citizen(self._first_chat + number, number)
        self._citizens[citizen.chat] = citizen
        self._move(citizen)

    def _go_on(self, citizen: Citizen) -> None:
        if citizen.patience:
            citizen.patience.cancel()
        if citizen.step < len(self.conversation.steps):
            self._move(citizen)
            return
        self.heard.conversations += 1
        self._leave(citizen)

    def _leave(self, citizen: Citizen) -> None:
        self._citizens.pop(citizen.chat, None)
        if not self._is_over:
            self._come()

    def _give_up(self, citizen: Citizen) -> None:
        self.heard.errors[f"no answer to step {citizen.step}"] += 1
        citizen.is_waiting = False
        self._leave(citizen)

    def _move(self, citizen: Citizen) -> None:
        body = orjson.dumps(self._update(citizen))
        citizen.step += 1
        citizen.is_waiting = citizen.is_posting = True
        loop = asyncio.get_running_loop()
        citizen.patience = loop.call_later(_PATIENCE, self._give_up, citizen)
        request = self._head + b"%d\r\n\r\n" % len(body) + body
        while self._free and not self._free[-1].is_open:
            self._free.pop()
        if self._free:
            self._free.pop().post(citizen, request)
        else:
            citizen.began = time.perf_counter()
            loop.create_task(self._connect(citizen, request))

    async def _connect(self, citizen: Citizen, request: bytes) -> None:
        loop = asyncio.get_running_loop()
        _, webhook = await loop.create_connection(lambda: _Webhook(self), "127.0.0.1", self.port)
        webhook.post(citizen, request)

    def _update(self, citizen: Citizen) -> dict[str, Any]:
        step, seen = self.conversation.steps[citizen.step], citizen.seen
        person = {"first_name": "Fatima", "last_name": "Benali", "username": f"citizen{citizen.chat}"}
        who = {"id": citizen.chat, "is_bot": False, "language_code": "fr", **person}
        chat = {"id": citizen.chat, "type": "private", **person}
        update, now = {"update_id": next(self._updates)}, int(time.time())
        if isinstance(step, Says):
            words = step.words.format(number=citizen.number)
            message = {"message_id": next(self._messages), "from": who, "chat": chat, "date": now, "text": words}
            if words.startswith("/"):
                message["entities"] = [{"offset": 0, "length": len(words.split()[0]), "type": "bot_command"}]
            return {**update, "message": message}
        assert seen is not None
        message = {"message_id": seen.number, "from": BOT, "chat": chat, "date": now, "text": seen.text}
        if seen.markup:
            message["reply_markup"] = seen.markup
        tapped = self.conversation.button(step, seen, citizen.number)
        query = {"id": str(now * 10_000 + citizen.number), "from": who, "message": message, "data": tapped}
        return {**update, "callback_query": {**query, "chat_instance": "-7310000000000000000"}}


class _Webhook(asyncio.Protocol):
    def __init__(self, crowd: Crowd):
        self._crowd, self._parser = crowd, httptools.HttpResponseParser(self)
        self._citizen: Citizen | None = None
        self.is_open = True

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def connection_lost(self, _error: Exception | None) -> None:
        self.is_open = False

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def post(self, citizen: Citizen, request: bytes) -> None:
        self._citizen, citizen.began = citizen, time.perf_counter()
        self._transport.write(request)

    def on_message_complete(self) -> None:
        citizen, self._citizen = self._citizen, None
        self.is_open = self.is_open and self._parser.should_keep_alive()
        if citizen:
            self._crowd.posted(citizen, self._parser.get_status_code(), self)

    def close(self) -> None:
        self._transport.close()
