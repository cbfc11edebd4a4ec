"""A Bot API for load: it answers every call at once and tells what a bot has sent."""

import asyncio
import itertools
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httptools
import orjson

TOKEN = "42:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
BOT = {"id": 42, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
_RIGHTS = {"can_join_groups": False, "can_read_all_group_messages": False, "supports_inline_queries": False}
_MESSAGES = frozenset({"sendMessage", "sendPhoto", "editMessageText", "editMessageReplyMarkup"})
_TRUE = b'{"ok":true,"result":true}'

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that a bot sent or changed; of its buttons, the data."""

    chat: int
    number: int
    text: str
    buttons: tuple[str, ...]
    markup: Fields | None


class BotApi:
    """Answers calls; `delay` seconds late, as a distant server would."""

    def __init__(self, hears: Callable[[Sent], None], delay: float = 0.0):
        self.calls: Counter[str] = Counter()
        self.delay = delay
        self._hears = hears
        self._numbers = itertools.count(1000)

    def connection(self) -> asyncio.Protocol:
        """For `loop.create_server`."""
        return _Connection(self)

    def answer(self, method: str, fields: Fields) -> bytes:
        """The body of the answer to a call."""
        self.calls[method] += 1
        if method in _MESSAGES:
            return self._message(fields)
        if method == "getMe":
            return orjson.dumps({"ok": True, "result": {**BOT, **_RIGHTS}})
        return _TRUE

    def _message(self, fields: Fields) -> bytes:
        chat, markup = int(fields["chat_id"]), _markup(fields.get("reply_markup"))
        number = int(fields.get("message_id") or next(self._numbers))
        text = fields.get("text") or fields.get("caption") or ""
        self._hears(Sent(chat, number, text, _buttons(markup), markup))
        message = {
            "message_id": number,
            "from": BOT,
            "chat": {"id": chat, "type": "private", "first_name": "Fatima"},
            "date": int(time.time()),
            "text": text,
        }
        if markup:
            message["reply_markup"] = markup
        return orjson.dumps({"ok": True, "result": message})


def _markup(given: Any) -> Fields | None:
    markup: Fields | None = orjson.loads(given) if isinstance(given, str | bytes) else given
    return markup if markup and markup.get("inline_keyboard") else None


def _buttons(markup: Fields | None) -> tuple[str, ...]:
    rows = markup["inline_keyboard"] if markup else []
    return tuple(button.get("callback_data", "") for row in rows for button in row)


class _Connection(asyncio.Protocol):
    def __init__(self, api: BotApi):
        self._api, self._parser = api, httptools.HttpRequestParser(self)
        self._url, self._kind, self._body = b"", b"", b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    # What httptools calls

    def on_url(self, url: bytes) -> None:
        self._url = url

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"content-type":
            self._kind = value

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        method = self._url.rsplit(b"/", 1)[1].partition(b"?")[0].decode()
        fields = read_fields(self._kind, self._body)
        self._kind = self._body = b""
        body = self._api.answer(method, fields)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        if self._api.delay:
            asyncio.get_running_loop().call_later(self._api.delay, self._transport.write, head + body)
        else:
            self._transport.write(head + body)


def read_fields(kind: bytes, body: bytes) -> Fields:
    """What a call says, whether as JSON, as a form or in several parts."""
    if not body:
        return {}
    if kind.startswith(b"application/json"):
        fields: Fields = orjson.loads(body)
        return fields
    if kind.startswith(b"multipart/form-data"):
        return _parts(kind, body)
    return dict(urllib.parse.parse_qsl(body.decode()))


def _parts(kind: bytes, body: bytes) -> Fields:
    boundary = b"--" + kind.split(b"boundary=")[1].split(b";")[0].strip(b'"')
    fields = {}
    for part in body.split(boundary):
        head, _, value = part.partition(b"\r\n\r\n")
        _, _, name = head.partition(b"name=")
        if name:
            name = name.split(b"\r")[0].split(b";")[0].strip(b'"')
            fields[name.decode()] = value[:-2].decode("utf-8", "replace")
    return fields
