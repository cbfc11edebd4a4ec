"""api.telegram.org for one bot, as a real HTTP server on this machine that answers, refuses and complains."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, Self

import aiohttp
from aiohttp import web
from bot_api_failures import BadRequest, Blocked, Drop, Dropped, Failure, Hang, RetryAfter, ServerError
from bot_api_flood import Flood
from bot_api_messages import Messages
from bot_api_phone import Phone, Seen
from bot_api_rules import check_call
from bot_api_state import Call, Webhook
from bot_api_types import SPEC, ApiError, Values, decoded
from bot_api_updates import Updates

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


class BotApi(Flood, Messages, Updates):
    """The server; `async with BotApi() as api` starts and stops it."""

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

    def phone(self, chat_id: int | None = None, language_code: str | None = "fr", first_name: str = "Amina") -> Phone:
        """Give a person a phone with the chat open: the bot may write there."""
        chat_id = chat_id or 5_000_000_000 + next(self._numbers)  # as most today, beyond 32 bits
        self.phones[chat_id] = Phone(self, chat_id, language_code, first_name)
        return self.phones[chat_id]

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
            "sendVoice": self._send_voice,
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

    async def _set_my_commands(self, call: Call) -> bool:
        self.commands[_audience(call)] = call.params["commands"]
        return True

    async def _get_my_commands(self, call: Call) -> list[Values]:
        return self.commands.get(_audience(call), [])


def _refused(description: str, code: int) -> web.Response:
    return web.json_response({"ok": False, "error_code": code, "description": description}, status=code)


def _audience(call: Call) -> tuple[str, str]:
    scope = call.params.get("scope", {"type": "default"})
    return json.dumps(scope, sort_keys=True), call.params.get("language_code", "")
