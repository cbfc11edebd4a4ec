"""One bot under one load: started, driven, measured, stopped."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.bot_api import BotApi
from benchmarks.contestants import ROOT, SECRET, Contestant, Places
from benchmarks.crowd import Crowd, Heard
from benchmarks.servers import Postgres, free_port, wait_for


@dataclass(frozen=True, slots=True)
class Load:
    """How many citizens at once, and for how long."""

    citizens: int
    seconds: float
    warm_up: float = 2.0


@dataclass(frozen=True, slots=True)
class Result:
    """What one round measured; times in milliseconds, processor time in microseconds a message."""

    name: str
    citizens: int
    messages_per_second: float
    p50: float
    p99: float
    bot_cpu: float
    database_cpu: float
    memory: float  # MB, resident, after the load
    calls_per_message: float
    errors: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The servers that a round may use."""

    folder: Path
    postgres: Postgres
    redis_url: str


async def measure(contestant: Contestant, load: Load, surroundings: Surroundings) -> Result:
    """One round."""
    crowd, api = _meet(contestant)
    loop = asyncio.get_running_loop()
    api_port = free_port()
    server = await loop.create_server(api.connection, "127.0.0.1", api_port)
    places = await asyncio.to_thread(_places, crowd.port, api_port, surroundings)
    try:
        await asyncio.to_thread(contestant.prepare, places)
        with running(contestant, places) as bot:
            await asyncio.to_thread(wait_for, places.port, bot)
            return await _drive(contestant, load, crowd, api, (bot.pid, surroundings.postgres.pid))
    finally:
        server.close()
        await asyncio.to_thread(surroundings.postgres.drop, places.postgres_url)
        shutil.rmtree(places.folder)


def _meet(contestant: Contestant) -> tuple[Crowd, BotApi]:
    crowd = Crowd(contestant.conversation, free_port(), contestant.path, SECRET)
    return crowd, BotApi(crowd.hears)


def _places(port: int, api_port: int, surroundings: Surroundings) -> Places:
    folder = surroundings.folder / f"port_{port}"
    folder.mkdir()
    return Places(port, api_port, folder, surroundings.postgres.fresh(), surroundings.redis_url)


@contextmanager
def running(contestant: Contestant, places: Places) -> Iterator[subprocess.Popen[bytes]]:
    """The bot's process, stopped at the end; what it says goes to benchmarks/results/bots.log."""
    with (places.folder.parent / "bots.log").open("ab") as journal:
        bot = subprocess.Popen(
            contestant.command(), cwd=ROOT, env=contestant.environment(places), stdout=journal, stderr=journal
        )
        try:
            yield bot
        finally:
            bot.terminate()
            try:
                bot.wait(10)
            except subprocess.TimeoutExpired:
                bot.kill()
                bot.wait()


async def _drive(contestant: Contestant, load: Load, crowd: Crowd, api: BotApi, pids: tuple[int, int | None]) -> Result:
    bot, database = pids
    crowd.begin(load.citizens)
    await asyncio.sleep(load.warm_up)
    crowd.heard = Heard()
    api.calls.clear()
    began, bot_before, database_before = time.perf_counter(), _processor(bot), _processor(database)
    await asyncio.sleep(load.seconds)
    heard, crowd.heard = crowd.heard, Heard()
    seconds, calls = time.perf_counter() - began, api.calls.total()
    bot_cpu, database_cpu = _processor(bot) - bot_before, _processor(database) - database_before
    memory = psutil.Process(bot).memory_info().rss / 1e6
    await crowd.end()
    waits = sorted(heard.waits)
    messages = len(waits) or 1
    return Result(
        name=contestant.name,
        citizens=load.citizens,
        messages_per_second=len(waits) / seconds,
        p50=_percentile(waits, 0.5),
        p99=_percentile(waits, 0.99),
        bot_cpu=bot_cpu / messages * 1e6,
        database_cpu=database_cpu / messages * 1e6,
        memory=memory,
        calls_per_message=calls / messages,
        errors=heard.errors.total() + crowd.heard.errors.total(),
    )


def _percentile(waits: list[float], share: float) -> float:
    return waits[min(len(waits) - 1, int(len(waits) * share))] * 1e3 if waits else float("nan")


def _processor(pid: int | None) -> float:
    """Seconds of processor time that a process and its children have used."""
    if pid is None:
        return 0.0
    first, seconds = psutil.Process(pid), 0.0
    for process in (first, *first.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        seconds += times.user + times.system
    return seconds
