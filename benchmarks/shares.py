"""Where the time of `sawt serve` goes under load: samples of its stack, by the part of the work they are in."""

import asyncio
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks.bot_api import BotApi
from benchmarks.contestants import CONTESTANTS, SECRET, Places
from benchmarks.crowd import Crowd
from benchmarks.rounds import running
from benchmarks.servers import free_port, postgres, wait_for

# The deepest frame that matches names the part; the first line that fits it counts.
PARTS = {
    "crypto": "storage/vault.py|cryptography/",
    "logging": "structlog/|bot/journal.py|logging/",
    "Telegram in: aiogram reads an update": r"_incoming|take \(bot/channels/telegram.py",
    "Telegram out: a call of the Bot API": "telegram_session.py|stop_spinner|send .bot/channels|aiohttp/cl",
    "SQL: driver": "asyncpg/|aiosqlite/|sqlite3/|dialects/",
    "SQL: ORM session": "sqlalchemy/orm/|sqlalchemy/ext/asyncio/session",
    "SQL: statements built and keyed": "sqlalchemy/sql/",
    "SQL: engine": "sqlalchemy/|storage/database.py",
    "storage functions": "storage/",
    "words: catalogues, formats, typed words": "locales/|babel/|rapidfuzz/",
    "flows": "flows/",
    "turn, render, post, runner": "bot/(turn|play|screen|render|entrances|post|runner)",
    "webhook server": "aiohttp/web|bot/channels/telegram.py",
}
# Threads that wait for work, which py-spy takes for busy.
_IDLE = re.compile(r"(_worker \(concurrent/futures/thread.py|_connection_worker_thread \(aiosqlite/core.py):\d+\)$")


def main(
    on: Annotated[str, typer.Option(help="postgresql or sqlite.")] = "postgresql",
    citizens: int = 32,
    seconds: int = 10,
    raw: Annotated[Path | None, typer.Option(help="Keep the samples: stacks, as flame graphs read them.")] = None,
) -> None:
    """Sample Sawt under load (py-spy) and print the shares."""
    with tempfile.TemporaryDirectory() as folder:
        samples = raw or Path(folder) / "stacks"
        uvloop.run(_sampled(on, citizens, seconds, Path(folder), samples))
        lines = samples.read_text(encoding="utf-8").splitlines()
    Console(width=100).print(_table(shares(lines)))


async def _sampled(on: str, citizens: int, seconds: int, folder: Path, samples: Path) -> None:
    sawt = next(contestant for contestant in CONTESTANTS if contestant.arguments == (on,))
    crowd = Crowd(sawt.conversation, free_port(), sawt.path, SECRET)
    api_port = free_port()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(BotApi(crowd.hears).connection, "127.0.0.1", api_port)
    with postgres(folder) as database:
        url = await asyncio.to_thread(database.fresh)
        places = Places(crowd.port, api_port, folder, url, "")
        await asyncio.to_thread(sawt.prepare, places)
        with running(sawt, places) as bot:
            await asyncio.to_thread(wait_for, places.port, bot)
            crowd.begin(citizens)
            await asyncio.sleep(2)
            await asyncio.to_thread(_sample, bot.pid, seconds, samples)
            await crowd.end()
    server.close()


def _sample(pid: int, seconds: int, samples: Path) -> None:
    spy = str(Path(sys.executable).with_name("py-spy"))
    asked = ["--rate", "400", "--duration", str(seconds), "--format", "raw", "--output", str(samples)]
    subprocess.run([spy, "record", "--pid", str(pid), *asked], check=True, capture_output=True)


def shares(stacks: list[str]) -> Counter[str]:
    """Samples by part; the event loop's own and what fits no part are "the rest"."""
    counted: Counter[str] = Counter()
    for line in stacks:
        stack, _, count = line.rpartition(" ")
        if not _IDLE.search(stack):
            counted[_part(stack.split(";"))] += int(count)
    return counted


def _part(stack: list[str]) -> str:
    for frame in reversed(stack):
        for part in _fitting(frame):
            return part
    return "the rest: event loop, sockets"


def _fitting(frame: str) -> Iterator[str]:
    return (part for part, fits in PARTS.items() if re.search(fits, frame))


def _table(counted: Counter[str]) -> Table:
    table = Table("part", "share", title="Processor time of sawt serve")
    for part, count in counted.most_common():
        table.add_row(part, f"{100 * count / counted.total():.1f} %")
    return table


if __name__ == "__main__":
    typer.run(main)
