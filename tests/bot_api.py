"""api.telegram.org for one bot, as a real HTTP server on this machine that answers, refuses and complains."""

import asyncio
import copy
import itertools
import json
import math
import mimetypes
import time
import zlib
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp
import telegram
from aiohttp import web
from bot_api_phone import Phone, Seen, Toast
from bot_api_rules import (
    CAPTION_LIMIT,
    DOCUMENT_LIMIT,
    SPEC,
    ApiError,
    Values,
    check_call,
    decoded,
    findings,
    image_size,
    parsed,
)

__all__ = [
    "BadRequest",
    "Blocked",
    "BotApi",
    "Call",
    "Drop",
    "Hang",
    "Phone",
    "RetryAfter",
    "Seen",
    "ServerError",
    "Webhook",
]


@dataclass(frozen=True)
class RetryAfter:
    """429: the chat may be written to again after these seconds."""

    seconds: float


@dataclass(frozen=True)
class Blocked:
    """403: the person has blocked the bot."""


@dataclass(frozen=True)
class ServerError:
    """5xx: Telegram itself is in trouble; nothing was carried out."""

    code: int = 502


@dataclass(frozen=True)
class BadRequest:
    """400 with a description of the test's choice."""

    description: str


@dataclass(frozen=True)
class Hang:
    """The answer takes so long; the call is carried out at last, even if the caller has hung up by then."""

    seconds: float


@dataclass(frozen=True)
class Drop:
    """The connection ends without an answer, before or after the call was carried out."""

    carried_out: bool = False


Failure = RetryAfter | Blocked | ServerError | BadRequest | Hang | Drop


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


class Dropped(Exception):
    """The connection is to be closed without an answer."""


class BotApi:
    """The server; `async with BotApi() as api` starts and stops it."""

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

    # --- the server --------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        """Open the port."""
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/files/{name}", self._serve_file)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self.webhook_timeout))
        self._start(self._deliver_all())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop delivering and close the port; whoever is still polling gets an empty answer."""
        self._closing = True
        self._touch()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()
        await self._runner.cleanup()

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

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return _refused("Unauthorized", 401)
        call = Call(request.match_info["method"], {}, hung_up=lambda: request.transport is None)
        try:
            form = await self._read(request, call)
            answer = await self._carry_out(call, form=form)
        except ValueError:
            self.complaints.append(f"{call.method}: the body cannot be read")
            return _refused("Bad Request: can't parse request body", 400)
        except Dropped:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        return web.json_response(answer, status=answer.get("error_code", 200))

    async def _read(self, request: web.Request, call: Call) -> bool:
        """Take the parameters from query and body; tell whether they came as a form, all text."""
        call.params.update(request.query)
        if request.content_type == "application/json":
            call.params.update(await request.json())
            return False
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                with value.file as content:
                    call.files[name] = content.read()
                call.filenames[name] = value.filename
                if name in SPEC["methods"].get(call.method, {}).get("fields", {}):
                    call.params[name] = f"attach://{name}"
            else:
                call.params[name] = value if isinstance(value, str) else bytes(value).decode()
        return True

    async def _serve_file(self, request: web.Request) -> web.Response:
        content = self.files.get(request.match_info["name"])
        if request.match_info["token"] != self.token or content is None:
            return _refused("Not Found", 404)
        return web.Response(body=content, content_type="application/octet-stream")

    # --- a call ------------------------------------------------------------------------------------------

    def fail(self, method: str, *failures: Failure) -> None:
        """Let the next calls of the method that keep the rules fail in turn."""
        self._failures[method].extend(failures)

    async def _carry_out(self, call: Call, *, form: bool) -> Values:
        self.calls.append(call)
        try:
            call.params = decoded(call.method, call.params, form=form)
            self.warnings += check_call(call.method, call.params)
            self._check_order(call)
            self._check_pace(call)
            failure = await self._failure(call)
            call.answer = {"ok": True, "result": await self._result(call)}
            if failure == Drop(carried_out=True):
                raise Dropped
        except ApiError as refusal:
            if not refusal.expected:
                self.complaints.append(f"{call.method}: {refusal}")
            call.answer = refusal.json()
        finally:
            self._touch()
        return call.answer

    def _check_order(self, call: Call) -> None:
        """See to it that a tap is answered before the bot writes: till then the button shows a spinner."""
        if call.method == "answerCallbackQuery":
            tap = self._taps.get(call.params["callback_query_id"])
            if tap is None or tap.answers >= tap.delivered:
                raise ApiError("query is too old and response timeout expired or query ID is invalid")
            tap.tried = True
        elif call.writes:
            for tap in self._taps.values():
                if tap.chat_id == call.chat_id and tap.delivered and not tap.tried:
                    tap.tried = True
                    self.complaints.append(f"answerCallbackQuery must come first, before {call.method}")

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

    async def _failure(self, call: Call) -> Failure | None:
        waiting = self._failures[call.method]
        match failure := waiting.popleft() if waiting else None:
            case RetryAfter(seconds):
                now = time.monotonic()
                self._quiet[call.chat_id or -1] = now, now + seconds
                raise ApiError(f"retry after {seconds}", 429, retry_after=seconds, expected=True)
            case Blocked():
                raise ApiError("bot was blocked by the user", 403, expected=True)
            case ServerError(code):
                raise ApiError("Bad Gateway" if code == 502 else "Internal Server Error", code, expected=True)
            case BadRequest(description):
                raise ApiError(description.removeprefix("Bad Request: "), expected=True)
            case Hang(seconds):
                await asyncio.sleep(seconds)
            case Drop(carried_out=False):
                call.answer = {"ok": False, "description": "dropped"}
                raise Dropped
        return failure

    async def _result(self, call: Call) -> Any:
        carry_out: dict[str, Callable[[Call], Awaitable[Any]]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
            "setMyCommands": self._set_my_commands,
            "getMyCommands": self._get_my_commands,
            "getFile": self._get_file,
            "sendChatAction": self._send_chat_action,
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "sendDocument": self._send_document,
            "editMessageText": self._edit_text,
            "editMessageCaption": self._edit_caption,
            "editMessageReplyMarkup": self._edit_keyboard,
            "deleteMessage": self._delete_message,
            "answerCallbackQuery": self._answer_tap,
        }
        if call.method in carry_out:
            return await carry_out[call.method](call)
        if SPEC["methods"][call.method]["returns"] == ["Boolean"]:
            return True  # a setting of which nothing is seen here
        raise ApiError(f"this stub does not carry out {call.method}", 404)

    # --- what the methods do: settings -------------------------------------------------------------------

    async def _get_me(self, _: Call) -> Values:
        abilities = dict.fromkeys(
            (
                "can_join_groups",
                "can_read_all_group_messages",
                "supports_inline_queries",
                "can_connect_to_business",
                "has_main_web_app",
            ),
            False,
        )
        return self.me | abilities

    async def _set_webhook(self, call: Call) -> bool:
        params = call.params
        if params.get("drop_pending_updates"):
            self.pending.clear()
        if "allowed_updates" in params:
            self._allowed = params["allowed_updates"]
        connections = params.get("max_connections", 40)
        self._connections = asyncio.Semaphore(connections)
        url, secret = params["url"], params.get("secret_token", "")
        self.webhook = Webhook(url, secret, connections) if url else None
        return True

    async def _delete_webhook(self, call: Call) -> bool:
        self.webhook = None
        if call.params.get("drop_pending_updates"):
            self.pending.clear()
        return True

    async def _get_webhook_info(self, _: Call) -> Values:
        info: Values = {
            "url": self.webhook.url if self.webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.pending),
            **self._last_error,
        }
        if self.webhook:
            info |= {"max_connections": self.webhook.max_connections, "ip_address": "127.0.0.1"}
        return info | ({"allowed_updates": self._allowed} if self._allowed else {})

    async def _set_my_commands(self, call: Call) -> bool:
        self.commands[_audience(call)] = call.params["commands"]
        return True

    async def _get_my_commands(self, call: Call) -> list[Values]:
        return self.commands.get(_audience(call), [])

    # --- what the methods do: messages -------------------------------------------------------------------

    def phone(self, chat_id: int | None = None, language_code: str | None = "fr", first_name: str = "Amina") -> Phone:
        """Give a person a phone with the chat open: the bot may write there."""
        chat_id = chat_id or 5_000_000_000 + next(self._numbers)  # as most today, beyond 32 bits
        self.phones[chat_id] = Phone(self, chat_id, language_code, first_name)
        return self.phones[chat_id]

    def now(self) -> int:
        """Number the present moment among the changes of all screens."""
        return self._moment

    def written_to(self, chat_id: int) -> list[Values]:
        """Return the bot's messages in a chat as they stand, the oldest first."""
        return [one for (chat, _), one in self.messages.items() if chat == chat_id and self._mine(one)]

    def _mine(self, message: Values) -> bool:
        return bool(message["from"]["id"] == self.me["id"])

    def message(self, phone: Phone, sender: Values) -> Values:
        """Begin a message in the chat: what all messages have."""
        fresh = {
            "message_id": next(self._numbers),
            "from": sender,
            "chat": phone.chat,
            "date": int(time.time()),
        }
        return copy.deepcopy(fresh)

    def stored(self, content: bytes) -> Values:
        """Keep a file; return what every kind of file says of itself."""
        number = next(self._numbers)
        name = f"AgACAgQAAxkB{number}"
        self.files[name] = content
        return {"file_id": name, "file_unique_id": f"AQAD{number}", "file_size": len(content)}

    def _chat_of(self, call: Call) -> Phone:
        if call.chat_id not in self.phones:
            raise ApiError("chat not found")
        return self.phones[call.chat_id]

    async def _send_chat_action(self, call: Call) -> bool:
        self._chat_of(call)
        return True

    async def _send_message(self, call: Call) -> Values:
        text, entities = parsed(call.params)
        if not text:
            raise ApiError("message text is empty")
        return self._send(call, {"text": text, **({"entities": entities} if entities else {})})

    async def _send_photo(self, call: Call) -> Values:
        content, known = self._uploaded(call, "photo")
        size = image_size(content)
        photo = [{**(known or self.stored(content)), **_scaled(size, limit)} for limit in (90, 1280)]
        return self._send(call, {"photo": photo, **_caption(call)})

    async def _send_document(self, call: Call) -> Values:
        content, known = self._uploaded(call, "document")
        if len(content) > DOCUMENT_LIMIT:
            raise ApiError("Request Entity Too Large", 413)
        name = call.filenames.get(call.params["document"].removeprefix("attach://"), "file")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        document = {**(known or self.stored(content)), "file_name": name, "mime_type": kind}
        return self._send(call, {"document": document, **_caption(call)})

    def _uploaded(self, call: Call, name: str) -> tuple[bytes, Values | None]:
        """Return the content, and how it is known already if it was sent by its file_id."""
        given = call.params[name]
        if given in self.files:
            size = len(self.files[given])
            return self.files[given], {"file_id": given, "file_unique_id": given[-6:], "file_size": size}
        content = call.files.get(given.removeprefix("attach://"))
        if content is None or not given.startswith("attach://"):
            raise ApiError("wrong file identifier/HTTP URL specified")
        if not content:
            raise ApiError("file must be non-empty")
        return content, None

    def _send(self, call: Call, content: Values) -> Values:
        phone = self._chat_of(call)
        message = self.message(phone, self.me) | self._quoted(call, phone) | content
        markup = call.params.get("reply_markup", {})
        if markup.get("inline_keyboard"):
            message["reply_markup"] = markup
        elif "keyboard" in markup:
            keys = [key for row in markup["keyboard"] for key in row]
            phone.keyboard = [key if isinstance(key, dict) else {"text": key} for key in keys]
        elif markup.get("remove_keyboard"):
            phone.keyboard = []
        return self._shown(message)

    def _quoted(self, call: Call, phone: Phone) -> Values:
        reply = call.params.get("reply_parameters", {})
        quoted = self.messages.get((phone.chat_id, reply.get("message_id", 0)))
        if quoted:
            return {"reply_to_message": {k: v for k, v in quoted.items() if k != "reply_to_message"}}
        if reply and not reply.get("allow_sending_without_reply"):
            raise ApiError("message to be replied not found")
        return {}

    def _shown(self, message: Values) -> Values:
        """Put the message on the screen, as it is or in place of its former self."""
        key = message["chat"]["id"], message["message_id"]
        self._moment += 1
        self.messages[key], self.touched[key] = message, self._moment
        self._readable("Message", message)
        if markup := message.get("reply_markup"):
            read = telegram.InlineKeyboardMarkup.de_json(markup, None)
            if json.loads(json.dumps(read.to_dict())) != markup:
                self.complaints.append(f"python-telegram-bot reads another keyboard: {markup} {read}")
        return copy.deepcopy(message)

    def _readable(self, kind: str, value: Values) -> None:
        """Have what leaves this server read twice: by the published types and by python-telegram-bot."""
        for found in findings(value, [kind], kind):
            (self.warnings if found.newer else self.complaints).append(f"the stub's own {found}")
        readers = {"Message": telegram.Message.de_json, "Update": telegram.Update.de_json}
        try:
            readers[kind](copy.deepcopy(value), None)
        except Exception as error:  # whatever it stumbles over belongs among the complaints
            self.complaints.append(f"python-telegram-bot cannot read {kind} {value}: {error!r}")

    def _to_edit(self, call: Call) -> Values:
        if "message_id" not in call.params:
            raise ApiError("message identifier is not specified")
        self._chat_of(call)
        message = self.messages.get((call.chat_id, call.params["message_id"]))
        if message is None:
            raise ApiError("message to edit not found", expected=True)
        if not self._mine(message):
            raise ApiError("message can't be edited")
        return message

    def _edited(self, call: Call, old: Values, dropped: set[str], content: Values) -> Values:
        # a keyboard that is not sent along with an edit is taken away
        kept = {k: v for k, v in old.items() if k not in {*dropped, "reply_markup", "edit_date"}}
        new = kept | content
        if call.params.get("reply_markup", {}).get("inline_keyboard"):
            new["reply_markup"] = call.params["reply_markup"]
        if new == {k: v for k, v in old.items() if k != "edit_date"}:
            raise ApiError(
                "message is not modified: specified new message content and reply markup are exactly "
                "the same as a current content and reply markup of the message",
                expected=True,
            )
        return self._shown(new | {"edit_date": int(time.time())})

    async def _edit_text(self, call: Call) -> Values:
        text, entities = parsed(call.params)
        if not text:
            raise ApiError("message text is empty")
        old = self._to_edit(call)
        if "text" not in old:
            raise ApiError("there is no text in the message to edit")
        content = {"text": text, **({"entities": entities} if entities else {})}
        return self._edited(call, old, {"text", "entities"}, content)

    async def _edit_caption(self, call: Call) -> Values:
        caption = _caption(call)
        old = self._to_edit(call)
        if not {"photo", "document"} & set(old):
            raise ApiError("there is no caption in the message to edit")
        return self._edited(call, old, {"caption", "caption_entities"}, caption)

    async def _edit_keyboard(self, call: Call) -> Values:
        return self._edited(call, self._to_edit(call), set(), {})

    async def _delete_message(self, call: Call) -> bool:
        if self.messages.pop((self._chat_of(call).chat_id, call.params["message_id"]), None) is None:
            raise ApiError("message to delete not found", expected=True)
        return True

    async def _answer_tap(self, call: Call) -> bool:
        tap = self._taps[call.params["callback_query_id"]]
        tap.answers += 1
        if text := call.params.get("text"):
            self._moment += 1
            toast = Toast(text, call.params.get("show_alert", False), self._moment)
            self.phones[tap.chat_id].toasts.append(toast)
        return True

    async def _get_file(self, call: Call) -> Values:
        name = call.params["file_id"]
        if name not in self.files:
            raise ApiError("wrong file_id or the file is temporarily unavailable")
        size = len(self.files[name])
        return {"file_id": name, "file_unique_id": name[-6:], "file_size": size, "file_path": f"files/{name}"}

    # --- updates -----------------------------------------------------------------------------------------

    def tapped(self, phone: Phone, message_id: int, data: str) -> Values:
        """Let the bot hear of a tap, with the message as it stands now."""
        number = str(4_000_000_000_000_000 + next(self._numbers))
        self._taps[number] = Tap(phone.chat_id)
        query: Values = {
            "id": number,
            "from": dict(phone.user),
            "chat_instance": str(zlib.crc32(str(phone.chat_id).encode())),
            "data": data,
        }
        if message := self.messages.get((phone.chat_id, message_id)):
            query["message"] = copy.deepcopy(message)
        else:  # the bot has deleted it meanwhile
            query["message"] = {"chat": phone.chat, "message_id": message_id, "date": 0}
        return self.update({"callback_query": query}, phone.chat_id)

    def update(self, content: Values, chat_id: int, *, checked: bool = True) -> Values:
        """Number an update and queue it for the bot, unless the bot did not ask for its kind."""
        update = {"update_id": 700_000_000 + next(self._numbers), **content}
        if checked:
            self._readable("Update", update)
        if checked and (message := update.get("message")):
            self.messages[chat_id, message["message_id"]] = message
        self._chats[update["update_id"]] = chat_id
        self.updates.append(update)
        if not self._allowed or set(content) & set(self._allowed):
            self.redeliver(update)
        return update

    def redeliver(self, update: Values) -> None:
        """Deliver the very same update (once more)."""
        self._seen_by_bot.discard(update["update_id"])
        self.pending.append(update)
        self._touch()

    def _handed_over(self, update: Values) -> None:
        self._seen_by_bot.add(update["update_id"])
        if tap := self._taps.get(update.get("callback_query", {}).get("id", "")):
            tap.delivered += 1

    async def _get_updates(self, call: Call) -> list[Values]:
        if self.webhook:
            raise ApiError(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
                409,
            )
        self._poll += 1
        mine = self._poll
        self._touch()  # a poll still open ends now
        self._allowed = call.params.get("allowed_updates", self._allowed)
        self._acknowledge(call.params.get("offset", 0))
        await self.until(
            lambda: bool(self.pending) or self._poll != mine or self._closing, call.params.get("timeout", 0)
        )
        if self._poll != mine:
            raise ApiError(
                "terminated by other getUpdates request; make sure that only one bot instance is running",
                409,
                expected=call.hung_up(),
            )
        batch = self.pending[: call.params.get("limit", 100)]
        for update in batch:
            self._handed_over(update)
        return batch

    def _acknowledge(self, offset: int) -> None:
        if offset < 0:
            del self.pending[:offset]
        # one that is to be delivered again has an old number: it stays until it has been handed over
        self.pending = [
            one for one in self.pending if one["update_id"] >= offset or one["update_id"] not in self._seen_by_bot
        ]

    async def _deliver_all(self) -> None:
        while True:
            changed = self._changed
            for update in self.pending if self.webhook else []:
                chat = self._chats[update["update_id"]]
                if chat not in self._busy:  # the updates of one chat arrive in order
                    self._busy.add(chat)
                    self._start(self._deliver(chat, update))
            await changed.wait()

    async def _deliver(self, chat: int, update: Values) -> None:
        try:
            async with self._connections:
                answer = await self._post(update)
            if answer is None:
                await asyncio.sleep(self.retry_delay)
                return
            self.pending = [one for one in self.pending if one is not update]
            if "method" in answer:
                method = answer.pop("method")
                await self._carry_out(Call(method, answer), form=False)
        except Dropped:
            pass  # an answer in the webhook's own answer has no connection to drop
        finally:
            self._busy.discard(chat)
            self._touch()

    async def _post(self, update: Values) -> Values | None:
        """Post it to the webhook; return what its answer holds, None if it was not taken."""
        webhook = self.webhook
        if webhook is None:
            return None
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        self._handed_over(update)
        try:
            async with self._session.post(webhook.url, json=update, headers=headers, allow_redirects=False) as response:
                text, status = await response.text(), response.status
        except (aiohttp.ClientError, TimeoutError) as error:
            text, status = repr(error), 0
        self.deliveries.append((update["update_id"], status))
        if not 200 <= status < 300:
            why = f"Wrong response from the webhook: {status}" if status else text
            self._last_error = {"last_error_date": int(time.time()), "last_error_message": why}
            return None
        try:
            answer = json.loads(text)
        except ValueError:
            return {}
        return answer if isinstance(answer, dict) else {}


def _refused(description: str, code: int) -> web.Response:
    return web.json_response({"ok": False, "error_code": code, "description": description}, status=code)


def _scaled(size: tuple[int, int], limit: int) -> dict[str, int]:
    """Return the measures of a copy no longer or higher than the limit."""
    scale = min(1, limit / max(size))
    return {"width": max(round(size[0] * scale), 1), "height": max(round(size[1] * scale), 1)}


def _audience(call: Call) -> tuple[str, str]:
    scope = call.params.get("scope", {"type": "default"})
    return json.dumps(scope, sort_keys=True), call.params.get("language_code", "")


def _caption(call: Call) -> Values:
    text, entities = parsed(call.params, "caption", CAPTION_LIMIT)
    if not text:
        return {}
    return {"caption": text, **({"caption_entities": entities} if entities else {})}
