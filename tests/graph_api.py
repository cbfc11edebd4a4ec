"""graph.facebook.com for one WhatsApp number, as a real HTTP server that enforces the documented limits."""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

import aiohttp
from aiohttp import web
from graph_api_phone import Phone, Seen
from graph_api_pywa import read_webhook
from graph_api_rules import GraphError, Values, check, check_is_there, check_media, check_template

__all__ = ["Fails", "GraphApi", "GraphError", "Phone", "Seen"]
DAY = 24 * 3600.0


@dataclass(frozen=True)
class Fails:
    """How the next message fails: refused at once (`status` of HTTP), or taken and told of later."""

    code: int
    status: int = 400
    is_later: bool = False
    is_dropped: bool = False  # carried out, but the connection ends without an answer


@dataclass
class Call:
    """A call that was made."""

    path: str
    values: Values
    at: float
    answer: Values = field(default_factory=dict)


class GraphApi:
    """The server; `async with GraphApi() as api` starts and stops it."""

    def __init__(self, number: str = "106540352242922", secret: str = "the app secret"):
        self.number, self.business, self.token, self.secret = number, "102290129340398", "EAAG-the-token", secret
        self.metadata = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "212500000000", "phone_number_id": number},
        }
        self.webhook = ""  # where to deliver; nothing is delivered before it is set
        self.phones: list[Phone] = []
        self.calls: list[Call] = []
        self.complaints: list[str] = []
        self.templates: dict[tuple[str, str], Values] = {}
        self.media: dict[str, tuple[str, bytes]] = {}
        self.deliveries: list[tuple[bytes, int]] = []
        self.behind: GraphApi | None = None  # another app's number, at the same address
        self.tells_fates, self.retry_delay = True, 0.1
        self.tier = "TIER_250"
        self.expired = 0  # how many of the next links to media are good no more
        self.expected: set[int] = set()  # codes that a test means to see
        self._failures: deque[Fails] = deque()
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ids = itertools.count(1)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=20_000_000)
        app.router.add_route("*", "/v23.0/{path:.*}", self._serve)
        app.router.add_get("/lookaside/{id}", self._file)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.host = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.base = f"{self.host}/v23.0"
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()
        await self._runner.cleanup()

    def phone(self, user: str | None = None, number: str | None = None) -> Phone:
        """Give a person WhatsApp: with a user id and a number, unless told otherwise by an empty one."""
        n = next(self._ids)
        phone = Phone(
            self,
            f"MA.{1_000_000_000_000 + n}" if user is None else user,
            f"2126{n:08}" if number is None else number,
        )
        self.phones.append(phone)
        return phone

    def fail(self, *failures: Fails) -> None:
        """Let the next messages that keep the rules fail in turn."""
        self._failures.extend(failures)
        self.expected |= {failure.code for failure in failures}

    def approve(self, *templates: Values) -> None:
        """Meta has looked at these texts."""
        for each in templates:
            self.templates[each["name"], each["language"]] = {"id": str(next(self._ids)), **each, "status": "APPROVED"}

    def sent(self, kind: str = "") -> list[Values]:
        """The messages that were taken."""
        messages = [call.values for call in self.calls if call.path.endswith("/messages") and "messages" in call.answer]
        return [each for each in messages if each.get("type") == kind or not kind]

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

    # Deliveries

    async def deliver(self, *values: Values) -> int:
        """Deliver a batch, again and again until it is taken; the answer to the last."""
        if len(values) == 1:
            read_webhook(_body(values))
        body = json.dumps(_body(values)).encode()
        while True:
            status = await self.knock(body)
            if status in (200, 400, 403):
                return status
            await asyncio.sleep(self.retry_delay)

    async def knock(self, body: bytes, signature: str | None = None) -> int:
        """Deliver these bytes once, signed unless told otherwise."""
        signed = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={signed}" if signature is None else signature}
        try:
            async with self._session.post(self.webhook, data=body, headers=headers) as answer:
                status = answer.status
        except aiohttp.ClientError:
            status = 0
        self.deliveries.append((body, status))
        return status

    # Calls

    async def _serve(self, request: web.Request) -> web.Response:
        if self.behind and self.behind.number in request.match_info["path"]:
            return await self.behind._serve(request)
        call = Call(request.match_info["path"], {}, time.monotonic())
        self.calls.append(call)
        try:
            if request.headers.get("Authorization") != f"Bearer {self.token}":
                raise GraphError(190, "Invalid OAuth access token", 401)
            call.answer = await self._answer(request, call)
        except GraphError as error:
            call.answer = error.json()
            if error.code not in self.expected:
                self.complaints.append(f"{call.path}: {error} {json.dumps(call.values, ensure_ascii=False)[:300]}")
            return web.json_response(call.answer, status=error.status)
        except _DroppedError:
            if request.transport:
                request.transport.abort()
        finally:
            self._touch()
        return web.json_response(call.answer)

    async def _answer(self, request: web.Request, call: Call) -> Values:
        match request.method, call.path.split("/"):
            case "POST", [self.number, "messages"]:
                call.values = await request.json()
                return await self._message(call.values)
            case "POST", [self.number, "media"]:
                return await self._keep(request)
            case "GET", [self.business, "message_templates"]:
                return {"data": list(self.templates.values())}
            case "POST", [self.business, "message_templates"]:
                call.values = await request.json()
                return self._hand_in(call.values)
            case "POST", [id] if any(each["id"] == id for each in self.templates.values()):
                call.values = await request.json()
                return self._change(id, call.values)
            case "GET", [self.number] if request.query.get("fields") == "whatsapp_business_manager_messaging_limit":
                return {"whatsapp_business_manager_messaging_limit": self.tier, "id": self.number}
            case "GET", [id] if id in self.media:
                type, content = self.media[id]
                size, digest = len(content), hashlib.sha256(content).hexdigest()
                about = {"mime_type": type, "sha256": digest, "file_size": size, "id": id}
                return {"messaging_product": "whatsapp", "url": f"{self.host}/lookaside/{id}", **about}
        raise GraphError(100, f"Unsupported {request.method} {call.path}", 400)

    async def _message(self, values: Values) -> Values:
        if values.get("status") == "read":
            for phone in self.phones:
                phone.read.append(values["message_id"])
            return {"success": True}
        check(values)
        phone = next((each for each in self.phones if self._is_for(each, values)), None)
        if phone is None:
            raise GraphError(131026, "Message undeliverable")
        check_is_there(values, self.media)
        failure = self._failures.popleft() if self._failures else None
        if failure and not failure.is_later and not failure.is_dropped:
            raise GraphError(failure.code, "as the test wishes", failure.status)
        id = f"wamid.OUT{next(self._ids)}"
        if values["type"] == "template":
            check_template(values["template"], self.templates)
        elif time.time() - phone.last_wrote > DAY:
            failure = failure or Fails(131047, is_later=True)
        if failure and failure.is_later:
            self._tell(phone, id, "failed", failure.code)
        else:
            phone.screen.append(self._seen(id, values))
            if self.tells_fates:
                self._tell(phone, id, "sent", 0)
                self._tell(phone, id, "delivered", 0)
        if failure and failure.is_dropped:
            raise _DroppedError
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": values.get("to"), "wa_id": values.get("to")}],
            "messages": [{"id": id}],
        }

    def _is_for(self, phone: Phone, values: Values) -> bool:
        if to := values.get("to"):
            return bool(to == phone.number)
        return bool(values["recipient"] == phone.user)

    def _seen(self, id: str, values: Values) -> Seen:
        kind, content = values["type"], values[values["type"]]
        seen = Seen(id, kind, raw=values)
        match kind:
            case "text":
                seen.text = content["body"]
            case "image" | "document" | "audio":
                seen.text, seen.file = content.get("caption", ""), self.media[content["id"]][1]
            case "template":
                known = self.templates[content["name"], content["language"]["code"]]
                seen.text, seen.choices = _as_shown(known, content)
            case "interactive":
                self._interactive(seen, content)
        return seen

    def _interactive(self, seen: Seen, content: Values) -> None:
        seen.kind, seen.text, action = content["type"], content["body"]["text"], content["action"]
        if header := content.get("header"):
            seen.file = self.media[header[header["type"]]["id"]][1]
        if seen.kind == "button":
            seen.choices = [(each["reply"]["id"], each["reply"]["title"]) for each in action["buttons"]]
        if seen.kind == "list":
            rows = [row for section in action["sections"] for row in section["rows"]]
            seen.choices = [(row["id"], row["title"]) for row in rows]
            seen.details = [row.get("description", "") for row in rows]

    def _tell(self, phone: Phone, id: str, status: str, code: int) -> None:
        told: Values = {"id": id, "status": status, "timestamp": str(int(time.time())), "recipient_id": phone.number}
        if code:
            told["errors"] = [
                {"code": code, "title": "as the test wishes", "message": "-", "error_data": {"details": "-"}}
            ]
        task = asyncio.create_task(self._deliver_soon(phone.value({"statuses": [told]})))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver_soon(self, value: Values) -> None:
        if self.webhook:
            await self.deliver(value)

    async def _keep(self, request: web.Request) -> Values:
        form = await request.post()
        file = form["file"]
        if form.get("messaging_product") != "whatsapp" or not isinstance(file, web.FileField):
            raise GraphError(131008, "messaging_product or file is missing")
        id, content = f"media{next(self._ids)}", file.file.read()
        check_media(str(form.get("type")), len(content))
        self.media[id] = str(form["type"]), content
        return {"id": id}

    async def _file(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401)
        if self.expired:
            self.expired -= 1
            return web.Response(status=404)
        type, content = self.media[request.match_info["id"]]
        return web.Response(body=content, content_type=type)

    def _hand_in(self, values: Values) -> Values:
        place = values["name"], values["language"]
        if place in self.templates:
            raise GraphError(192, "a template of this name and language exists already")
        id = str(900_000 + next(self._ids))
        self.templates[place] = {**values, "id": id, "status": "PENDING"}
        return {"id": id, "status": "PENDING", "category": values["category"]}

    def _change(self, id: str, values: Values) -> Values:
        known = next(each for each in self.templates.values() if each["id"] == id)
        if known["status"] == "PENDING":
            raise GraphError(100, "a template that is looked at cannot be changed")
        if known["status"] == "APPROVED" and "category" in values:
            raise GraphError(100, "the category of an approved template cannot be changed")
        known.update(values, status="PENDING")
        return {"success": True}

    def _touch(self) -> None:
        event, self._changed = self._changed, asyncio.Event()
        event.set()


class _DroppedError(Exception):
    """The connection is to be closed without an answer."""


def _body(values: tuple[Values, ...]) -> Values:
    changes = [{"field": "messages", "value": value} for value in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": changes}]}


def _as_shown(known: Values, sent: Values) -> tuple[str, list[tuple[str, str]]]:
    body = next(part for part in known["components"] if part["type"] == "BODY")
    text = str(body["text"])
    choices: list[tuple[str, str]] = []
    for part in sent.get("components", []):
        for each in part["parameters"]:
            if part["type"] == "body":
                text = text.replace("{{" + each["parameter_name"] + "}}", each["text"])
            else:
                buttons = next(part for part in known["components"] if part["type"] == "BUTTONS")["buttons"]
                choices.append((each["payload"], buttons[int(part["index"])]["text"]))
    return text, choices
