"""The web chat: one page, messages in by POST, what was said out by long polling from the outbox itself."""

import asyncio
import hashlib
import json
import re
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
from aiohttp import hdrs, web

from bot.incoming import Incoming
from bot.runner import NotNow, Runner
from flows.questions import Reply
from locales import LANGUAGES, _, texts
from locales.bidi import clean
from reports import charts
from storage import conversations, outbox
from storage.communes import Home
from storage.conversations import Sender
from storage.outbox import Letter

PAGES = Path(__file__).parent.parent / "pages"
COOKIE = "sawt"
LARGEST_BODY = 1_000_000  # bytes
_LONGEST_WAIT = 25.0  # seconds
_LOOK_EVERY = 2.0  # seconds: another process may have written
_COOKIE_LASTS = 365 * 24 * 3600
_BURST, _BURST_IN = 40, 20.0  # messages of one address, seconds
_ARRIVALS, _ARRIVALS_IN = 120, 60.0  # new addresses of one network: mobile networks share few of them
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_PAGE_WORDS = {
    "title": _("Take part"),
    "write": _("Write here"),
    "send": _("Send"),
    "sending": _("Sending"),
    "waiting": _("Waiting for the network"),
    "offline": _("No connection. What you write is sent when it returns."),
    "slow_down": _("That was a lot at once. It goes on in a moment."),
    "not_sent": _("Not sent: we could not take this message."),
    "too_long": _("Too long: please write it shorter."),
    "you": _("You"),
    "sawt": _("The commune"),
    "choices": _("Possible answers"),
    "picture": _("Chart"),
    "skip_to_write": _("Go to the message field"),
}


class Web:
    """The web chat of one commune."""

    def __init__(self, runner: Runner, home: Home):
        self.runner, self.home = runner, home
        self._news: dict[int, asyncio.Event] = {}
        self._messages = Pace(_BURST, _BURST_IN)
        self._arrivals = Pace(_ARRIVALS, _ARRIVALS_IN)
        runner.hears("web", self._wake)

    def routes(self) -> list[web.RouteDef]:
        """All that the page needs."""
        return [
            web.get("/", self.page),
            web.get("/chat.css", self._file("chat.css", "text/css")),
            web.get("/chat.js", self._file("chat.js", "text/javascript")),
            web.get("/chat", self.feed),
            web.post("/chat", self.say),
            web.get(r"/chat/{number:\d{1,18}}.png", self.picture),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """The page, in the language that the browser prefers until the person chooses."""
        accepted = request.headers.get(hdrs.ACCEPT_LANGUAGE, "")
        language = "fr" if accepted.startswith("fr") else "ary"
        words = {
            "commune": {code: _commune(self.home, code) for code in LANGUAGES},
            "words": {code: {key: texts(code)(text) for key, text in _PAGE_WORDS.items()} for code in LANGUAGES},
        }
        # `<` may not stand in a script element, whatever a commune is called.
        embedded = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")
        html = (PAGES / "chat.html").read_text(encoding="utf-8")
        for name, value in (
            ("language", language),
            ("direction", texts(language).direction),
            ("words", embedded),
        ):
            html = html.replace("{{" + name + "}}", value)
        return web.Response(text=html, content_type="text/html", headers=_HEADERS)

    def _file(self, name: str, content_type: str) -> Callable[[web.Request], Awaitable[web.Response]]:
        content = (PAGES / name).read_text(encoding="utf-8")
        headers = {**_HEADERS, "Cache-Control": "public, max-age=300"}

        async def answer(_request: web.Request) -> web.Response:
            return web.Response(text=content, content_type=content_type, headers=headers)

        return answer

    # In

    async def say(self, request: web.Request) -> web.Response:
        """Take one message; 200 once it is in the database."""
        if request.content_type != "application/json":
            return _refusal(415, "json_expected")  # and so no form of another site can write here
        token = request.cookies.get(COOKIE)
        if token is None and not self._arrivals.allows(request.remote or ""):
            return _slow_down(_ARRIVALS_IN)
        token = token or secrets.token_urlsafe(32)
        address = _address(token)
        if not self._messages.allows(address):
            return _slow_down(_BURST_IN)
        try:
            said = orjson.loads(await request.read())
            incoming = self._incoming(said, address, request.headers.get(hdrs.ACCEPT_LANGUAGE))
        except (orjson.JSONDecodeError, ValueError) as error:
            return _refusal(400, "not_understood" if isinstance(error, orjson.JSONDecodeError) else str(error))
        try:
            await self.runner.receive(incoming)
        except NotNow:
            return _refusal(503, "not_now")
        answer = web.json_response({"ok": True}, headers=_HEADERS)
        answer.set_cookie(
            COOKIE,
            token,
            max_age=_COOKIE_LASTS,
            httponly=True,
            samesite="Lax",
            secure=request.headers.get("X-Forwarded-Proto", request.scheme) == "https",
        )
        return answer

    def _incoming(self, said: Any, address: str, language: str | None) -> Incoming:
        if not isinstance(said, dict) or not isinstance(said.get("id"), str) or not _ID.fullmatch(said["id"]):
            raise ValueError("id_expected")
        sender = Sender(self.home.id, "web", address, (language or "")[:2].lower())
        # The id is the page's own: another person's must not make ours a repeat.
        id = f"{address[:16]} {said['id']}"
        match said:
            case {"press": str(pressed), "on": int(on)} if len(pressed) <= 64:
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
            return _refusal(400, "numbers_expected")
        if not (0 <= after < 2**62 and wait >= 0):
            return _refusal(400, "numbers_expected")
        token = request.cookies.get(COOKIE)
        sender = Sender(self.home.id, "web", _address(token)) if token else None
        async with self.runner.database.reading() as db:
            place = await conversations.place(db, sender) if sender else None
        if place is None:
            return web.json_response({"messages": []}, headers=_HEADERS)
        messages = await self._messages_after(place.address_id, after, min(wait, _LONGEST_WAIT))
        language = messages[-1]["language"] if messages else place.language
        return web.json_response({"language": language, "messages": messages}, headers=_HEADERS)

    async def _messages_after(self, address_id: int, after: int, wait: float) -> list[dict[str, Any]]:
        until = time.monotonic() + wait
        while True:
            news = self._news.setdefault(address_id, asyncio.Event())
            news.clear()
            async with self.runner.database.reading() as db:
                found = await outbox.feed(db, address_id, after)
            left = until - time.monotonic()
            if found or left <= 0:
                return [_shown(number, message) for number, message in found]
            try:
                async with asyncio.timeout(min(left, _LOOK_EVERY)):
                    await news.wait()
            except TimeoutError:
                continue

    def _wake(self, letters: list[Letter], _older: int | None) -> None:
        if news := self._news.pop(letters[0].address_id, None):
            news.set()

    async def picture(self, request: web.Request) -> web.Response:
        """The picture of one's own message."""
        token, number = request.cookies.get(COOKIE), int(request.match_info["number"])
        found: list[tuple[int, Any]] = []
        async with self.runner.database.reading() as db:
            place = await conversations.place(db, Sender(self.home.id, "web", _address(token))) if token else None
            if place:
                found = await outbox.feed(db, place.address_id, number - 1, until=number)
        if not found or "picture" not in found[0][1]:
            return web.Response(status=404, headers=_HEADERS)
        drawn = await charts.png(found[0][1]["picture"]["chart"])
        return web.Response(body=drawn, content_type="image/png", headers=_HEADERS)


class Pace:
    """At most so many in so many seconds for each name; a limit of this process, against floods."""

    def __init__(self, most: int, seconds: float):
        self.most, self.seconds = most, seconds
        self._seen: dict[str, deque[float]] = defaultdict(deque)

    def allows(self, name: str) -> bool:
        """Whether one more is within the pace; it is counted if so."""
        now = time.monotonic()
        if len(self._seen) > 10_000:
            self._seen = defaultdict(
                deque, {key: seen for key, seen in self._seen.items() if seen[-1] > now - self.seconds}
            )
        seen = self._seen[name]
        while seen and seen[0] <= now - self.seconds:
            seen.popleft()
        if len(seen) >= self.most:
            return False
        seen.append(now)
        return True


def _shown(number: int, message: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for key in ("text", "language", "buttons", "private"):
        if key in message:
            shown[key] = message[key]
    if "picture" in message:
        shown["picture"] = f"/chat/{number}.png"
    if message.get("replaces", "").isdecimal():
        shown["replaces"] = int(message["replaces"])
    return {"n": number, **shown}


def _address(token: str) -> str:
    """The address of whoever holds the cookie: its hash, so that the database lets nobody in."""
    return hashlib.sha256(token.encode()).hexdigest()


def _commune(home: Home, language: str) -> str:
    return home.name.get("fr" if language == "fr" else "ar") or next(iter(home.name.values()))


def _refusal(status: int, error: str) -> web.Response:
    return web.json_response({"error": error}, status=status, headers=_HEADERS)


def _slow_down(seconds: float) -> web.Response:
    answer = _refusal(429, "slow_down")
    answer.headers["Retry-After"] = str(int(seconds / 4))
    return answer
