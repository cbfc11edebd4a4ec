"""A city served over real HTTP, and people who use its web chat as the page does."""

import io
import itertools
import json
from typing import Any

import aiohttp
from aiohttp import web
from conftest import City

from bot.channels.web import Web
from bot.server import application
from locales.bidi import strip_isolates
from storage import staff

PATIENCE = aiohttp.ClientTimeout(total=60)
_ids = itertools.count(1)


class Server:
    """The web chat of a city on 127.0.0.1; it may stop, and start again at the same address."""

    def __init__(self, city: City):
        self.city, self.port = city, 0
        self._running: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        app = application()
        app.add_routes(Web(self.city.runner, self.city.home).routes())
        self._running = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._running.setup()
        await web.TCPSite(self._running, "127.0.0.1", self.port, reuse_address=True).start()
        self.port = self._running.addresses[0][1]

    async def stop(self) -> None:
        if self._running:
            await self._running.cleanup()
        self._running = None

    async def restarts(self) -> None:
        """Another process at the same address, with nothing but the database."""
        await self.stop()
        await self.city.restarts()
        await self.start()


class Visitor:
    """A browser without a screen: keeps the cookie, reads the feed, presses what it was shown."""

    def __init__(self, server: Server, language: str = "fr"):
        self.server = server
        jar = aiohttp.CookieJar(unsafe=True)  # addresses without a name may set cookies, too
        headers = {"Accept-Language": language}
        self.http = aiohttp.ClientSession(cookie_jar=jar, headers=headers, timeout=PATIENCE)
        self.messages: list[dict[str, Any]] = []  # all that was said
        self.screen: list[dict[str, Any]] = []  # what was said since the last look

    @property
    def token(self) -> str:
        [cookie] = [cookie for cookie in self.http.cookie_jar if cookie.key == "sawt"]
        return cookie.value

    async def post(self, body: Any, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        """The status and the JSON that answer."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        data = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        async with self.http.post(f"{self.server.url}/chat", data=data, headers=sent) as answer:
            return answer.status, await answer.json()

    async def says(self, text: str) -> None:
        await self._does({"text": text})

    async def starts(self, link: str = "") -> None:
        await self._does({"start": link})

    async def taps(self, label: str) -> None:
        await self._does(self.press(label))

    def press(self, label: str) -> dict[str, Any]:
        """What the page sends for the button with this label (or a part of it)."""
        for message in reversed(self.messages):
            for value, words in message.get("buttons", []):
                if label in words:
                    return {"press": value, "on": message["n"]}
        raise AssertionError(f"no button {label!r} on\n{self.shown}")

    async def becomes_coordinator(self) -> None:
        """Write the one-time code that the command line hands out."""
        await self.says(f"/staff {await invited(self.server.city)}")

    async def _does(self, body: dict[str, Any]) -> None:
        status, answer = await self.post({"id": new_id(), **body})
        assert (status, answer) == (200, {"ok": True})
        await self.looks()

    async def looks(self, wait: int = 0) -> None:
        self.screen = (await self.feed(wait=wait))["messages"]
        self.messages += self.screen

    async def feed(self, after: int | None = None, wait: int = 0) -> dict[str, Any]:
        last = self.messages[-1]["n"] if self.messages else 0
        query = {"after": str(last if after is None else after), "wait": str(wait)}
        async with self.http.get(f"{self.server.url}/chat", params=query) as answer:
            assert answer.status == 200
            return dict(await answer.json())

    async def arrives(self, link: str = "") -> None:
        await self.starts(link)
        await self.taps("Français")
        await self.taps("compris")

    @property
    def shown(self) -> str:
        labels = [label for message in self.screen for _value, label in message.get("buttons", [])]
        return strip_isolates("\n".join([*(message["text"] for message in self.screen), *labels]))


async def invited(city: City) -> str:
    """The one-time code of a coordinator."""
    async with city.database.writing() as db:
        return await staff.invite(db, city.home.id, "Zineb", "coordinator", city.now)


def new_id() -> str:
    return f"message-{next(_ids):08}"
