"""Connects the channels of a commune: to the runner, to a post of its own, to the web server."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.accounts import Accounts
from bot.channels.web import Web
from bot.channels.whatsapp_account import Account
from bot.post import Post
from bot.runner import Runner
from bot.settings import Settings
from storage import locks
from storage.communes import Home
from storage.database import Database

if TYPE_CHECKING:
    from bot.channels.whatsapp import WhatsApp

Job = Callable[[], Awaitable[None]]  # runs as long as the process


class Wires:
    """What runs for the communes of this process."""

    def __init__(self, stack: AsyncExitStack, app: web.Application, runner: Runner, settings: Settings):
        self.stack, self.app, self.runner, self.settings = stack, app, runner, settings
        self.jobs: list[Job] = []
        self._numbers: list[WhatsApp] = []  # loaded where it is wanted, as Telegram is

    async def connect(self, home: Home, accounts: Accounts, is_first: bool) -> None:
        """All channels of a commune; the first commune has the bare addresses."""
        place = "" if is_first else f"/c/{home.slug}"
        if "web" in self.settings.roles:
            self.app.add_routes(Web(self.runner, home, place, self.settings.sizes).routes())
        if accounts.telegram:
            await self._telegram(home, accounts.telegram, "" if is_first else f"/{home.slug}")
        if accounts.whatsapp:
            self._whatsapp(home, accounts.whatsapp)

    def listen(self) -> None:
        """One webhook for all numbers of WhatsApp."""
        if self._numbers and "web" in self.settings.roles:
            from bot.channels.whatsapp_webhook import Webhook  # noqa: PLC0415

            self.app.add_routes(Webhook(self._numbers).routes())

    def add(self, role: str, job: Callable[[], Awaitable[None]]) -> None:
        """A job of this process, if it has the role."""
        if role in self.settings.roles:
            self.jobs.append(job)

    def start(self) -> list[asyncio.Task[Any]]:
        """Begin all jobs."""
        return [asyncio.ensure_future(job()) for job in self.jobs]

    async def _telegram(self, home: Home, token: str, place: str) -> None:
        # aiogram takes seconds to import: only where Telegram is wanted, and first through `telegram_types`.
        from bot.channels import telegram_types  # noqa: F401, PLC0415
        from bot.channels.telegram import Telegram  # noqa: PLC0415

        settings, database = self.settings, self.runner.database
        channel = Telegram(self.runner, home.id, token, settings.telegram_api_base, settings.sizes)
        self.stack.push_async_callback(channel.close)
        await channel.introduce()
        post = Post(database, home.id, "telegram", channel.send, settings.telegram_per_second)
        self.runner.hears("telegram", post.offer, home.id)
        self.add("post", post.run)
        secret = settings.telegram_webhook_secret.get_secret_value() if settings.telegram_webhook_secret else ""
        if secret and "web" in settings.roles:
            self.app.router.add_post(f"/telegram/webhook{place}", channel.webhook(secret))
        if settings.telegram_webhook_url:
            self.add("web", partial(channel.register_webhook, f"{settings.telegram_webhook_url}{place}", secret))
        else:
            self.add("web", partial(_alone, database, f"poll {home.id} telegram", channel.poll))

    def _whatsapp(self, home: Home, account: Account) -> None:
        from bot.channels.whatsapp import WhatsApp  # noqa: PLC0415
        from bot.channels.whatsapp_calls import Graph  # noqa: PLC0415
        from bot.channels.whatsapp_out import Out  # noqa: PLC0415
        from bot.channels.whatsapp_pace import NumberPace, Rates  # noqa: PLC0415

        settings, database = self.settings, self.runner.database
        graph = Graph(settings.whatsapp_api_base, account.token)
        rates = Rates(
            settings.whatsapp_per_second,
            settings.whatsapp_pair_burst,
            settings.whatsapp_pair_seconds,
            settings.whatsapp_tier,
        )
        out = Out(database, graph, account.number, NumberPace(rates))
        channel = WhatsApp(self.runner, home.id, account, graph, out, settings.sizes)
        self.stack.push_async_callback(channel.close)
        post = Post(database, home.id, "whatsapp", channel.send, settings.whatsapp_per_second)
        channel.look, channel.pause = post.look, post.tempo.pause
        self.runner.hears("whatsapp", post.offer, home.id)
        self.add("post", post.run)
        self._numbers.append(channel)


async def _alone(database: Database, name: str, job: Callable[[], Awaitable[None]]) -> None:
    """Do what only one process may do, once it is this one's turn."""
    async with locks.held(database, name):
        await job()
