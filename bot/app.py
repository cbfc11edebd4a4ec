"""The composition root: wires database, runner, channels, post and clock; nobody imports it but the command line."""

import asyncio
import gc
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from typing import Any

from aiohttp import web

from bot import accounts, metrics
from bot.clock import Clock
from bot.journal import log
from bot.opening import homes_of, open_database
from bot.runner import Runner
from bot.server import application
from bot.settings import Settings
from bot.wires import Wires
from storage import migrations
from storage.database import Database, Unusable


async def serve(settings: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until told to stop (SIGTERM, SIGINT), then let what is under way end."""
    async with AsyncExitStack() as stack:
        database = await open_database(settings)
        stack.push_async_callback(database.close)
        homes = await homes_of(database, settings)
        app = application()
        token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
        app.add_routes([web.get("/healthz", _alive), web.get("/readyz", _ready(database))])
        app.add_routes([web.get("/metrics", metrics.page(database, token))])
        wires = Wires(stack, app, Runner(database), settings)
        for home in homes:
            is_first = home is homes[0]
            await wires.connect(home, accounts.of(home, settings, is_first), is_first)
        wires.listen()
        wires.add("clock", Clock(database).run)
        await _listen(stack, app, settings)
        started = wires.start()
        # What is loaded now stays: the collector need not walk through it again at each turn.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        ready()
        await _until_stopped(started)


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
        except Exception as error:  # whatever it is, this process can take nothing now
            log.warning("not_ready", error=error)
            return web.json_response({"ready": False}, status=503)
        return web.json_response({"ready": True})

    return answer
