"""The composition root: wires database, runner, channels, post and clock; nobody imports it but the command line."""

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from typing import Any

from aiohttp import web

from bot.channels.web import Web
from bot.clock import Clock
from bot.journal import log
from bot.post import Post
from bot.runner import Runner
from bot.server import application
from bot.settings import Settings
from storage import communes, locks, migrations
from storage.communes import Home
from storage.database import Database, Unusable, connect


async def open_database(settings: Settings) -> Database:
    """The database, reachable, of this version, with the right key; or Unusable."""
    database = connect(settings.database_url)
    try:
        await migrations.check(database)
        old = settings.secret_key_old.get_secret_value() if settings.secret_key_old else None
        await database.unlock(settings.secret_key.get_secret_value(), old)
    except BaseException:
        await database.close()
        raise
    return database


async def home_of(database: Database, settings: Settings) -> Home:
    """The commune that this process serves."""
    async with database.reading() as db:
        home = await communes.home(db, settings.commune)
    if home is None and settings.commune:
        raise Unusable(f"SAWT_COMMUNE names {settings.commune!r}, which is not loaded: sawt load FILE.yaml")
    if home is None:
        raise Unusable("No commune is loaded yet: sawt load FILE.yaml")
    return home


async def serve(settings: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until told to stop (SIGTERM, SIGINT), then let what is under way end."""
    async with AsyncExitStack() as stack:
        database = await open_database(settings)
        stack.push_async_callback(database.close)
        home = await home_of(database, settings)
        runner = Runner(database)
        app = application()
        app.add_routes(Web(runner, home).routes())
        app.add_routes([web.get("/healthz", _alive), web.get("/readyz", _ready(database))])
        tasks = [await _telegram(stack, app, runner, home, settings)] if settings.telegram_token else []
        clock = Clock(database)
        clock.start()
        stack.push_async_callback(clock.stop)
        await _listen(stack, app, settings)
        started = [asyncio.create_task(job) for jobs in tasks for job in jobs]
        # What is loaded now stays: the collector need not walk through it again at each turn.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        ready()
        await _until_stopped(started)


async def _telegram(
    stack: AsyncExitStack, app: web.Application, runner: Runner, home: Home, settings: Settings
) -> list[Any]:
    # aiogram takes seconds to import: only where Telegram is wanted, and first through `telegram_types`.
    from bot.channels import telegram_types  # noqa: F401, PLC0415
    from bot.channels.telegram import Telegram  # noqa: PLC0415

    token = settings.telegram_token
    channel = Telegram(runner, home.id, token.get_secret_value() if token else "", settings.telegram_api_base)
    stack.push_async_callback(channel.close)
    await channel.introduce()
    post = Post(runner.database, home.id, "telegram", channel.send)
    runner.hears("telegram", post.offer)
    if settings.telegram_webhook_secret:
        secret = settings.telegram_webhook_secret.get_secret_value()
        app.router.add_post("/telegram/webhook", channel.webhook(secret))
    if not settings.telegram_webhook_url:
        return [post.run(), _alone(runner.database, f"poll {home.id} telegram", channel.poll)]
    return [post.run(), channel.register_webhook(settings.telegram_webhook_url, secret)]


async def _alone(database: Database, name: str, job: Callable[[], Awaitable[None]]) -> None:
    """Do what only one process may do, once it is this one's turn."""
    async with locks.held(database, name):
        await job()


async def _listen(stack: AsyncExitStack, app: web.Application, settings: Settings) -> None:
    server = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=5.0)
    await server.setup()
    stack.push_async_callback(server.cleanup)
    try:
        await web.TCPSite(server, settings.host, settings.port).start()
    except OSError as error:
        raise Unusable(
            f"SAWT_HOST and SAWT_PORT: cannot listen on {settings.host}:{settings.port} "
            f"({error.strerror or error}). Stop what uses the port, or set SAWT_PORT to another."
        ) from error
    log.info("serving", host=settings.host, port=settings.port)


async def _until_stopped(tasks: list[asyncio.Task[Any]]) -> None:
    """Wait for the signal, or for a task to fail."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stopped.set)
    waiting = asyncio.create_task(stopped.wait())
    try:
        running: set[asyncio.Task[Any]] = {waiting, *tasks}
        while waiting in running:
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done - {waiting}:
                task.result()
            if waiting in done:
                break
    finally:
        for task in (*tasks, waiting):
            task.cancel()
        await asyncio.gather(*tasks, waiting, return_exceptions=True)


async def _alive(_request: web.Request) -> web.Response:
    return web.json_response({"alive": True})


def _ready(database: Database) -> Any:
    async def answer(_request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(3):
                await migrations.check(database)
        except Exception as error:
            log.warning("not_ready", error=error)
            return web.json_response({"ready": False}, status=503)
        return web.json_response({"ready": True})

    return answer
