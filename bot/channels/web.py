"""The web chat: one page, messages in by POST, what was said out by long polling from the outbox itself."""

import asyncio
import hashlib
import re
import secrets
import time
from typing import Any
from weakref import WeakValueDictionary

import orjson
from aiohttp import hdrs, web

from bot.channels import web_files, web_page
from bot.flood_limit import FloodLimit
from bot.incoming import Incoming
from bot.media import Intake
from bot.runner import NotNow, Runner
from bot.server import network, refusal
from bot.sizes import Sizes
from flows.questions import TOO_LARGE, Reply
from locales.bidi import clean
from storage import outbox, places
from storage.communes import Home
from storage.conversations import Sender
from storage.letters import Letter
from storage.places import Place

COOKIE = "sawt"
_SIZES = Sizes()
_LONGEST_WAIT = 25.0  # seconds
_LOOK_EVERY = 2.0  # seconds: another process may have written
_COOKIE_LASTS = 365 * 24 * 3600
_BURST, _BURST_IN = 40, 20.0  # messages of one address, seconds
_ARRIVALS, _ARRIVALS_IN = 120, 60.0  # new addresses of one network: mobile networks share few of them
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes


class Web:
    """The web chat of one commune."""

    def __init__(self, runner: Runner, home: Home, place: str = "", sizes: Sizes = _SIZES):
        self.runner, self.home, self.place = runner, home, place
        self._intake = Intake(runner.database, sizes)
        self._news: WeakValueDictionary[int, asyncio.Event] = WeakValueDictionary()  # of those who wait now
        self._messages = FloodLimit(_BURST, _BURST_IN)
        self._arrivals = FloodLimit(_ARRIVALS, _ARRIVALS_IN)
        runner.hears("web", self._wake, home.id)

    def routes(self) -> list[web.RouteDef]:
        """All that the page needs; a further commune has it under a path of its own (/c/fkih-ben-salah)."""
        place = self.place
        return [
            *web_page.routes(self.home, place),
            web.get(f"{place}/chat", self.feed),
            web.post(f"{place}/chat", self.say),
            web.post(f"{place}/chat/file", self.send),
            web.get(place + r"/chat/{number:\d{1,18}}/file", self.file),
        ]

    # In

    async def say(self, request: web.Request) -> web.Response:
        """Take one message; 200 once it is in the database."""
        if request.content_type != "application/json":
            return refusal(415, "json_expected")  # and so no form of another site can write here
        token = _token(request) or secrets.token_urlsafe(32)
        address = _address(token)
        if pause := await self._pause(address, request):
            return _slow_down(pause)
        try:
            said = orjson.loads(await request.read())
            incoming = self._incoming(said, address, request.headers.get(hdrs.ACCEPT_LANGUAGE))
        except orjson.JSONDecodeError:
            return refusal(400, "not_understood")
        except ValueError as error:
            return refusal(400, str(error))
        answer = await self._hear(incoming)
        if answer.status != 200:
            return answer
        answer.set_cookie(
            COOKIE,
            token,
            max_age=_COOKIE_LASTS,
            httponly=True,
            samesite="Lax",
            secure=request.headers.get("X-Forwarded-Proto", request.scheme) == "https",
        )
        return answer

    async def send(self, request: web.Request) -> web.Response:
        """Take a file in answer to the open question, where it asks for one."""
        token, id = _token(request), request.query.get("id", "")
        if request.content_type != web_files.CONTENT or not token or not _ID.fullmatch(id):
            return refusal(400, "bytes_and_id_expected")
        address = _address(token)
        if not self._messages.allows(address):
            return _slow_down(_BURST_IN)
        sender = Sender(self.home.id, "web", address)
        if not (wanted := await self._intake.wanted(sender)):
            return refusal(409, "not_wanted")
        content = await web_files.upload(request, self._intake.sizes.of(wanted))
        if content is None:
            return refusal(413, TOO_LARGE)
        reply = await self._intake.keep(sender, wanted, content, "", self.runner.now())
        return await self._hear(Incoming(sender, f"{address[:16]} {id}", reply))

    async def _hear(self, incoming: Incoming) -> web.Response:
        if fault := incoming.reply.fault:
            return refusal(413 if fault == TOO_LARGE else 415, fault)
        try:
            await self.runner.receive(incoming)
        except NotNow:
            return refusal(503, "not_now")
        return web.json_response({"ok": True})

    async def _pause(self, address: str, request: web.Request) -> float:
        """How many seconds this address or its network went too fast for; 0 if it may write."""
        if await self._is_new(address) and not self._arrivals.allows(network(request)):
            return _ARRIVALS_IN
        return 0 if self._messages.allows(address) else _BURST_IN

    async def _is_new(self, address: str) -> bool:
        """Whether nobody has written from here yet.  A cookie proves nothing: anybody can make one up."""
        return not self._messages.knows(address) and await self._place(address) is None

    async def _place(self, address: str) -> Place | None:
        async with self.runner.database.reading() as db:
            return await places.place(db, Sender(self.home.id, "web", address))

    def _incoming(self, said: Any, address: str, language: str | None) -> Incoming:
        if not isinstance(said, dict) or not isinstance(said.get("id"), str) or not _ID.fullmatch(said["id"]):
            raise ValueError("id_expected")
        sender = Sender(self.home.id, "web", address, (language or "")[:2].lower())
        # The id is the page's own: another person's must not make ours a repeat.
        id = f"{address[:16]} {said['id']}"
        match said:
            case {"press": str(pressed), "on": int(on)} if 0 < len(pressed) <= 64 and pressed.isprintable():
                return Incoming(sender, id, Reply(pressed=pressed), str(on))
            case {"text": str(text)} if text:
                return Incoming(sender, id, Reply(text=clean(text)))
            case {"start": str(start)} if len(start) <= 64:
                return Incoming(sender, id, Reply(text=f"/start {clean(start)}"))
        raise ValueError("text_press_or_start_expected")

    # Out

    async def feed(self, request: web.Request) -> web.Response:
        """What was said after message number `after`; waits for it up to `wait` seconds."""
        try:
            after, wait = int(request.query.get("after", "0")), int(request.query.get("wait", "0"))
        except ValueError:
            return refusal(400, "numbers_expected")
        if not (0 <= after < 2**62 and wait >= 0):
            return refusal(400, "numbers_expected")
        token = _token(request)
        place = await self._place(_address(token)) if token else None
        if place is None:
            return web.json_response({"messages": []})
        messages = await self._messages_after(place.address_id, after, min(wait, _LONGEST_WAIT))
        language = messages[-1]["language"] if messages else place.language
        return web.json_response({"language": language, "messages": messages})

    async def _messages_after(self, address_id: int, after: int, wait: float) -> list[dict[str, Any]]:
        until = time.monotonic() + wait
        while True:
            news = self._news.setdefault(address_id, asyncio.Event())
            async with self.runner.database.reading() as db:
                found = await outbox.feed(db, address_id, after)
            left = until - time.monotonic()
            if found or left <= 0:
                return [_shown(number, message, self.place) for number, message in found]
            try:
                async with asyncio.timeout(min(left, _LOOK_EVERY)):
                    await news.wait()
            except TimeoutError:
                continue

    def _wake(self, letters: list[Letter], _older: int | None) -> None:
        # Taken out, so that nobody clears it before all its tabs have looked; who looks next makes another.
        if news := self._news.pop(letters[0].address_id, None):
            news.set()

    async def file(self, request: web.Request) -> web.Response:
        """The picture or the document of one's own message."""
        token, number = _token(request), int(request.match_info["number"])
        found: list[tuple[int, Any]] = []
        if token and (place := await self._place(_address(token))):
            async with self.runner.database.reading() as db:
                found = await outbox.feed(db, place.address_id, number - 1, until=number)
        if not found or not ({"picture", "document"} & set(found[0][1])):
            return refusal(404, "not_found")
        return await web_files.handed_out(found[0][1], self.runner.database)


def _shown(number: int, message: dict[str, Any], place: str) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for key in ("text", "language", "buttons", "private", "takes"):
        if key in message:
            shown[key] = message[key]
    shown |= _file(f"{place}/chat/{number}/file", message)
    if message.get("replaces", "").isdecimal():
        shown["replaces"] = int(message["replaces"])
    return {"n": number, **shown}


def _file(where: str, message: dict[str, Any]) -> dict[str, Any]:
    if "picture" in message:
        return {"picture": where}
    document = message.get("document", {})
    if document.get("kind") == "voice":
        return {"voice": where}
    return {"file": where, "name": document.get("name", "")} if document else {}


def _address(token: str) -> str:
    """The address of whoever holds the cookie: its hash, so that the database lets nobody in."""
    return hashlib.sha256(token.encode()).hexdigest()


def _token(request: web.Request) -> str | None:
    """The cookie, if it is one that we could have given."""
    token = request.cookies.get(COOKIE, "")
    return token if _TOKEN.fullmatch(token) else None


def _slow_down(seconds: float) -> web.Response:
    answer = refusal(429, "slow_down")
    answer.headers["Retry-After"] = str(int(seconds / 4))
    return answer
