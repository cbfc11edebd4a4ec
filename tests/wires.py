"""A city whose people write on real phones: each word goes over HTTP to the webhook of its channel, and back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import telegram_line
import whatsapp_line
from conftest import NOON, City, Person, numbers
from sqlalchemy import exists, select

from bot import templates
from bot.post import Post
from flows.questions import Reply
from storage import outbox
from storage.citizens import Address
from storage.database import Database
from storage.outbox import Outbound

PHOTO = b"\xff\xd8\xff" + bytes(40)
_AT_ONCE = 100_000  # no pace: it has tests of its own
_GLANCE = 0.01  # seconds: a look takes one or two milliseconds


class WiredCity(City):
    """A city that one channel serves over HTTP; whoever comes on another is answered by the runner."""

    def __init__(self, database: Database, channel: str):
        super().__init__(database)
        self.channel = channel
        self.api: Any
        self.post: Post

    def citizen(self, language: str | None = "fr", channel: str = "web", name: str | None = None) -> Person:
        if channel != self.channel:
            return super().citizen(language, channel, name)
        return _ON[channel](self, name or f"citizen {next(numbers)}", language, channel)

    async def delivered(self) -> None:
        """Wait until nothing is on its way to anybody."""
        theirs = select(Address.id).where(Address.channel == self.channel)
        waits = select(exists().where(Outbound.status == outbox.WAITING, Outbound.address_id.in_(theirs)))
        async with asyncio.timeout(20):
            while True:
                async with self.database.reading() as db:
                    if not await db.scalar(waits):
                        return
                await asyncio.sleep(_GLANCE)

    async def told(self) -> list[dict[str, Any]]:
        """What was said whose words are kept still."""
        opened = self.database.vault.open if self.database.vault else None
        return [opened(row.message) for row in await self.all(Outbound) if opened and row.message]


class OnPhone(Person):
    """A person whose words go by the phone in their hand; what it shows is what they see."""

    city: WiredCity

    def __init__(self, city: WiredCity, name: str, language: str | None, channel: str):
        super().__init__(city, name, language, channel)
        self.phone: Any = city.api.phone()

    async def does(self, reply: Reply, id: str | None = None, on: str = "") -> None:
        if reply.pressed:
            await self.press(reply.pressed)
        elif reply.kind == "text":
            await self.phone.says(reply.text)
        else:
            await self.send(reply.kind, PHOTO, "image/jpeg")
        await self.shows()

    async def hands_in(self, kind: str, content: bytes, type: str) -> None:
        await self.send(kind, content, type)
        await self.shows()

    async def looks(self) -> None:
        self.city.post.look()  # what the clock has told is in the outbox
        await self.shows()

    async def shows(self) -> None:
        """Wait for what comes, and look at it."""
        await self.city.delivered()
        self.screen = self.news()
        self.history += [("sees", message["text"]) for message in self.screen]

    async def press(self, value: str) -> None:
        """Tap what stands for this."""
        raise NotImplementedError

    async def send(self, kind: str, content: bytes, type: str) -> None:
        """Send a file."""
        raise NotImplementedError

    def news(self) -> list[dict[str, Any]]:
        """What came or changed since the last look."""
        raise NotImplementedError


class OnWhatsApp(OnPhone):
    """A person with WhatsApp."""

    async def press(self, value: str) -> None:
        await self.phone.presses(value)

    async def send(self, kind: str, content: bytes, type: str) -> None:
        id = f"in{len(self.city.api.media)}"
        self.city.api.media[id] = type, content
        await self.phone.sends("image" if kind == "photo" else kind, {"id": id, "mime_type": type, "sha256": "x"})

    def news(self) -> list[dict[str, Any]]:
        fresh, self._read = self.phone.screen[self._read :], len(self.phone.screen)
        return [
            {"n": seen.id, "text": seen.text, "list": [list(each) for each in self.phone.choices(seen)]}
            for seen in fresh
        ]


class OnTelegram(OnPhone):
    """A person with Telegram."""

    async def press(self, value: str) -> None:
        shown = reversed(self.city.api.written_to(self.phone.chat_id))
        number = next(each["message_id"] for each in shown if value in dict(_keys(each)))
        self.city.api.tapped(self.phone, number, value)

    async def send(self, kind: str, content: bytes, type: str) -> None:
        if kind == "photo":
            await self.phone.sends_photo(content=content)
        else:
            await self.phone.sends_document(content)

    async def shows(self) -> None:
        await self.city.api.settled()
        await super().shows()

    def news(self) -> list[dict[str, Any]]:
        api, chat, since = self.city.api, self.phone.chat_id, self._read
        self._read = api.now()
        return [
            {"n": each["message_id"], "text": each.get("text") or each.get("caption", ""), "buttons": _keys(each)}
            for each in api.written_to(chat)
            if api.touched[chat, each["message_id"]] > since
        ]


def _keys(message: dict[str, Any]) -> list[list[str]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [[key["callback_data"], key["text"]] for row in rows for key in row]


_ON = {"whatsapp": OnWhatsApp, "telegram": OnTelegram}


@asynccontextmanager
async def wired(city: WiredCity) -> AsyncIterator[WiredCity]:
    """Serve it by the webhook of its channel; the stub at the other end must have nothing to complain of."""
    if city.channel == "whatsapp":
        async with whatsapp_line.api_without_complaints() as api:
            api.tells_fates = False  # they have tests of their own
            rates = {"per_second": _AT_ONCE, "pair_burst": _AT_ONCE, "pair_seconds": 0.001}
            async with whatsapp_line.line(city, api, lambda: NOON, **rates) as wire:
                city.api, city.post = api, wire.post
                yield city
                told = [said for said in await city.told() if "told" in said]
                assert not [lacks for said in told for lacks in templates.lacking(said)]
    else:
        async with telegram_line.api_without_complaints() as api, telegram_line.line(city, api, "webhook") as wire:
            city.api, city.post = api, wire.post
            yield city
