"""Telegram: updates in by webhook or long polling, letters out through aiogram's Bot."""

import asyncio
import hmac
from typing import Any

import orjson
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats
from aiohttp import web

from bot.channels.telegram_files import Files
from bot.channels.telegram_letters import Letters
from bot.channels.telegram_session import JsonSession
from bot.channels.telegram_updates import ALLOWED, Heard, NoUpdate, read
from bot.journal import log
from bot.media import Intake
from bot.runner import NotNow, Runner
from bot.sizes import Sizes
from flows.registry import FLOWS
from locales import texts
from storage.database import Unusable

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the header's name
_TELEGRAM_CODES = {"ar": "ar", "fr": "fr"}  # it has no Darija: that is what every other phone is shown
_PASSING = (TelegramNetworkError, TelegramServerError, TelegramRetryAfter)
_SIZES = Sizes()
_POLL = 25  # seconds an empty poll waits


class Telegram:
    """One bot of one commune."""

    def __init__(self, runner: Runner, commune_id: int, token: str, api_base: str, sizes: Sizes = _SIZES):
        self.runner, self.commune_id = runner, commune_id
        self._session = session = JsonSession(api_base)
        self.bot = Bot(token, session=session, default=DefaultBotProperties(parse_mode="HTML"))
        self.letters = Letters(self.bot, session, runner.database)
        self.send = self.letters.send
        self.files = Files(self.bot, session, runner, Intake(runner.database, sizes))
        self._errands: set[asyncio.Task[None]] = set()

    async def introduce(self) -> None:
        """Ask who we are, and register the commands in each language; Unusable if the token is wrong."""
        try:
            await self.bot.get_me()
            await self._register_commands()
        except TelegramUnauthorizedError:
            raise Unusable("SAWT_TELEGRAM_TOKEN is not accepted by Telegram: copy it again from BotFather.") from None
        except _PASSING as error:
            log.warning("telegram_unreachable", why=error.message[:100])
        except TelegramAPIError as error:
            raise Unusable(f"SAWT_TELEGRAM_TOKEN or SAWT_TELEGRAM_API_BASE: Telegram says {error.message!r}.") from None
        except ClientDecodeError:
            raise Unusable("SAWT_TELEGRAM_API_BASE: what answers there is not Telegram. Leave it unset.") from None

    async def _register_commands(self) -> None:
        for language, code in _TELEGRAM_CODES.items():
            await self.bot.set_my_commands(
                _commands(language), scope=BotCommandScopeAllPrivateChats(), language_code=code
            )
        await self.bot.set_my_commands(_commands("ary"), scope=BotCommandScopeAllPrivateChats())

    # In

    async def take(self, update: Any) -> None:
        """Answer one update; raises NotNow if it must come again, NoUpdate if it is none."""
        heard = read(update, self.commune_id)
        self._stop_spinner(heard)
        if incoming := await self.files.taken(heard):
            await self.runner.receive(incoming)

    def _stop_spinner(self, heard: Heard) -> None:
        if heard.query:
            self._errand(self.letters.stop_spinner(heard.query))

    def _errand(self, coroutine: Any) -> None:
        task = asyncio.create_task(coroutine)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    # Polling

    async def poll(self) -> None:
        """Ask for updates for ever; each batch is acknowledged once all of it is in the database."""
        offset, failures, is_free = None, 0, False
        while True:
            try:
                if not is_free:
                    # A webhook set before would keep updates from us; none is dropped.
                    is_free = await self.bot.delete_webhook(drop_pending_updates=False)
                updates = await self._updates(offset)
                await asyncio.gather(*(self._take_in_order(those) for those in _by_person(updates)))
                offset = updates[-1].number + 1 if updates else offset
                failures = 0
            except TelegramUnauthorizedError:
                raise Unusable("SAWT_TELEGRAM_TOKEN is not accepted by Telegram any more.") from None
            except TelegramAPIError as error:
                failures += 1
                log.warning("poll_failed", why=error.message[:100])
                await asyncio.sleep(min(2.0**failures, 30.0))

    async def _updates(self, offset: int | None) -> list[Heard]:
        asked = {"timeout": _POLL, "allowed_updates": ALLOWED, **({"offset": offset} if offset else {})}
        found = await self._session.call(self.bot, "getUpdates", asked, timeout=_POLL + 10)
        return [read(update, self.commune_id) for update in found if isinstance(update, dict) and "update_id" in update]

    async def _take_in_order(self, updates: list[Heard]) -> None:
        for update in updates:
            await self._take_until_taken(update)

    async def _take_until_taken(self, heard: Heard) -> None:
        self._stop_spinner(heard)
        while heard.incoming:
            try:
                if incoming := await self.files.taken(heard):
                    await self.runner.receive(incoming)
            except NotNow:
                await asyncio.sleep(1.0)
            else:
                return

    # Webhook

    async def register_webhook(self, url: str, secret: str) -> None:
        """Have updates delivered to our web server, as soon as Telegram can be reached; Unusable if it refuses."""
        failures = 0
        while True:
            try:
                await self.bot.set_webhook(
                    url, secret_token=secret, allowed_updates=ALLOWED, max_connections=100, drop_pending_updates=False
                )
                return
            except _PASSING as error:
                failures += 1
                log.warning("webhook_not_registered", why=error.message[:100])
                await asyncio.sleep(min(2.0**failures, 30.0))
            except TelegramAPIError as error:
                raise Unusable(f"SAWT_TELEGRAM_WEBHOOK_URL: Telegram says {error.message!r}.") from None

    def webhook(self, secret: str) -> Any:
        """The web server's answer to Telegram: 200 only once the update is in the database."""
        expected = secret.encode()

        async def hook(request: web.Request) -> web.Response:
            given = request.headers.get(_SECRET_HEADER, "").encode(errors="surrogateescape")
            if not hmac.compare_digest(given, expected):
                return web.Response(status=403)
            try:
                await self.take(orjson.loads(await request.read()))
            except (orjson.JSONDecodeError, NoUpdate):
                return web.Response(status=400)
            except NotNow:
                return web.Response(status=503)
            return web.Response()

        return hook

    async def close(self) -> None:
        """Let what is under way end, then close the connections."""
        await asyncio.gather(*self._errands, return_exceptions=True)
        await self.bot.session.close()


def _by_person(updates: list[Heard]) -> list[list[Heard]]:
    """Together what one person did, in order."""
    people: dict[int | None, list[Heard]] = {}
    for update in updates:
        people.setdefault(update.person, []).append(update)
    return list(people.values())


def _commands(language: str) -> list[BotCommand]:
    own = texts(language)
    public = [flow for flow in FLOWS.values() if flow.command and flow.title and not flow.roles]
    return [BotCommand(command=flow.command, description=own(flow.title)) for flow in public]
