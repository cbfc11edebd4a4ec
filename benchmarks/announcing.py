"""Announcements and tallies measured: fan-out, delivery with and without limits, answers meanwhile, a million rows.

    .venv/bin/python -m benchmarks.announcing [--only fan-out,free,limited,tally] [--people 100000] [--rows 1000000]

PostgreSQL as it comes (see benchmarks/servers.py); the Bot API is a process of its own.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
import uvloop
from sqlalchemy import insert, text

from benchmarks.bot_api import TOKEN, BotApi, Fields
from benchmarks.servers import free_port, postgres, wait_for
from benchmarks.town import FIRST_CHAT, town
from bot.channels import telegram_types  # noqa: F401  # first: see there
from bot.channels.telegram import Telegram
from bot.incoming import Incoming
from bot.journal import write_to_stderr
from bot.post import Post
from bot.runner import Runner
from flows.questions import Reply
from storage import announcement_progress, announcements, audiences, budget_tally, petitions
from storage.announcements import GOING, PAUSED
from storage.budgets import Budget
from storage.communes import Home
from storage.conversations import Sender
from storage.counts import Tally
from storage.database import Database
from storage.petitions import Petition
from storage.profiles import Profile

SECONDS = float(os.environ.get("BENCH_SECONDS", "20"))


class Limited(BotApi):
    """Takes so many messages in any second, and answers 429 to the rest."""

    def __init__(self, per_second: int):
        super().__init__(lambda _sent: None, delay=0.05)
        self.per_second = per_second
        self._lately: deque[float] = deque()

    def answer(self, method: str, fields: Fields) -> bytes:
        """The body of the answer to a call; `getStats` tells how many there were."""
        if method == "getStats":
            return orjson.dumps({"ok": True, "result": dict(self.calls)})
        if self.per_second and method == "sendMessage" and self._is_too_fast():
            self.calls["429"] += 1
            why = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1"}
            return orjson.dumps({**why, "parameters": {"retry_after": 1}})
        return super().answer(method, fields)

    def _is_too_fast(self) -> bool:
        now = time.monotonic()
        while self._lately and self._lately[0] <= now - 1.0:
            self._lately.popleft()
        if len(self._lately) >= self.per_second:
            return True
        self._lately.append(now)
        return False


async def _serve(port: int, per_second: int) -> None:
    server = await asyncio.get_running_loop().create_server(Limited(per_second).connection, "127.0.0.1", port)
    await server.serve_forever()


@contextmanager
def bot_api(per_second: int) -> Any:
    """A Bot API in a process of its own; 0: without limits."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.announcing", "--serve", str(port), "--per-second", str(per_second)]
    process = subprocess.Popen(command, cwd=Path(__file__).parent.parent)
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


async def started(database: Database, home: Home) -> tuple[int, float]:
    """An announcement to everybody, begun: how many recipients, and in how many seconds they were found."""
    now = datetime.now(UTC)
    async with database.writing() as db:
        words = {"fr": "Le vote est ouvert.", "ary": "التصويت بدا."}
        row = await announcements.write(db, home.id, 1, words, {}, now, now)
        await announcements.move(db, row.id, GOING, now, PAUSED)
        id = row.id
    began = time.perf_counter()
    async with database.writing() as db:
        count = await audiences.begin(db, id, home, now)
    return count, time.perf_counter() - began


async def fan_out(url: str, people: int) -> None:
    """How fast recipients are found."""
    async with town(url, people) as (database, home):
        count, seconds = await started(database, home)
    print(f"fan-out: {count} recipients in {seconds:.2f} s: {count / seconds:,.0f} rows/s")


async def delivery(url: str, people: int, per_second: int, pace: int) -> None:
    """How fast they are told, what is refused, and how long people wait for an answer meanwhile."""
    with bot_api(per_second) as base:
        async with town(url, people) as (database, home):
            runner = Runner(database)
            channel = Telegram(runner, home.id, TOKEN, base)
            answered: dict[str, asyncio.Event] = {}
            post = Post(database, home.id, "telegram", _noting(channel.send, answered), pace)
            runner.hears("telegram", post.offer)
            await started(database, home)
            job = asyncio.create_task(post.run())
            await asyncio.sleep(1.0)
            before, began, worked = post.counts["sent"], time.perf_counter(), time.process_time()
            waits = await _ask(runner, home, answered, people)
            told, seconds = post.counts["sent"] - before, time.perf_counter() - began
            worked = (time.process_time() - worked) / told * 1e6
            refused = (await channel.letters._call("getStats")).get("429", 0)
            async with database.reading() as db:
                left = (await announcement_progress.progress(db, 1)).waiting
            job.cancel()
            await asyncio.gather(job, return_exceptions=True)
            await channel.close()
    limit = f"{per_second}/s" if per_second else "no limit"
    waits.sort()
    p99 = waits[min(len(waits) - 1, int(len(waits) * 0.99))]
    print(
        f"delivery, {limit}, {left:,} still queued: {told / seconds:,.1f} messages/s, "
        f"{worked:,.0f} µs of processor each, "
        f"429: {refused} of {told + refused}; "
        f"an answer: p50 {waits[len(waits) // 2] * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms ({len(waits)} answers)"
    )


def _noting(
    send: Callable[[Any], Awaitable[Any]], answered: dict[str, asyncio.Event]
) -> Callable[[Any], Awaitable[Any]]:
    async def noting(letter: Any) -> Any:
        sent = await send(letter)
        if letter.announcement is None and letter.external_id in answered:
            answered[letter.external_id].set()
        return sent

    return noting


async def _ask(runner: Any, home: Home, answered: dict[str, asyncio.Event], people: int) -> list[float]:
    """Somebody writes, twice a second: how long each waits for the answer to be with the Bot API."""
    waits, number, until = [], 0, time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        number += 1
        chat = str(FIRST_CHAT + people - number)
        answered[chat] = asyncio.Event()
        began = time.perf_counter()
        await runner.receive(Incoming(Sender(home.id, "telegram", chat, "fr"), f"bench {number}", Reply(text="/start")))
        async with asyncio.timeout(30):
            await answered[chat].wait()
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(max(0.0, 0.5 - waits[-1]))
    return waits


async def tally(url: str, rows: int) -> None:
    """How fast a petition and a vote are counted and divided; one in twenty has said who they are, which is sealed."""
    async with town(url, rows) as (database, home):
        now = datetime.now(UTC)
        async with database.writing() as db:
            words = {name: {"fr": "x"} for name in ("title", "short", "request", "reasons", "aims", "mandataire")}
            dates = {"opens": now - timedelta(days=99), "closes": now + timedelta(days=9)}
            petition = Petition(
                commune_id=1, slug="x", kind="citizens", status="collecting", closes=dates["closes"], **words
            )
            vote = Budget(commune_id=1, slug="x", title={}, envelope=1, ballot="one", most=1, asks_cin=False, **dates)
            db.add_all([petition, vote])
            await db.flush()
            for statement in (_SUPPORTS, _BALLOTS, _BESIDE):
                await db.execute(text(statement), {"about": petition.id})
            answers = [{"gender": gender, "age": "25_34"} for gender in ("woman", "man")]
            profile = [
                {
                    "citizen_id": id,
                    "is_offered": True,
                    "quarter": None,
                    "answers": db.info["vault"].seal(answers[id % 2]),
                }
                for id in range(1, rows, 20)
            ]
            await db.execute(insert(Profile), profile)
        async with database.engine.connect() as connection:
            at_once = await connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in ("support", "ballot", "profile"):
                await at_once.execute(text(f"VACUUM ANALYZE {table}"))
        await _counted(database, home, "petition", petition, petitions.tally)
        await _counted(database, home, "vote", vote, budget_tally.tally)


async def _counted(
    database: Database, home: Home, name: str, about: Any, count: Callable[..., Awaitable[Tally]]
) -> None:
    took = []
    for _time in range(5):
        began = time.perf_counter()
        async with database.reading() as db:
            row = await db.get_one(type(about), about.id)
            counted = await count(db, row, home, datetime.now(UTC))
        took.append(time.perf_counter() - began)
    people = next(iter(counted.totals.values()))
    ways = ", ".join(counted.parts)
    print(f"tally of a {name}: {people:,} rows by {ways} in {sorted(took)[2]:.2f} s (median of 5)")


_SUPPORTS = """
    INSERT INTO support
    (petition_id, citizen_id, person, name, cin_mask, quarter, channel, language, receipt, declared, day, assisted,
     checked, signed)
    SELECT :about, id, 'person ' || id, '', '', 'quarter ' || id % 20,
        CASE id % 3 WHEN 0 THEN 'web' WHEN 1 THEN 'telegram' ELSE 'whatsapp' END, language, 'BM-' || id,
        now() - (id % 90) * interval '1 day', CAST(now() - (id % 90) * interval '1 day' AS date), id % 50 = 0,
        CASE WHEN id % 30 = 0 THEN now() END, CASE WHEN id % 10 = 0 THEN now() END
    FROM citizen
"""
_BALLOTS = """
    INSERT INTO ballot (budget_id, voter, person, receipt, channel, day)
    SELECT :about, md5(id::text), CASE WHEN id % 2 = 0 THEN 'person ' || id END, 'BV-' || id,
        CASE id % 4 WHEN 0 THEN 'web' WHEN 1 THEN 'telegram' WHEN 2 THEN 'whatsapp' ELSE 'paper' END,
        CAST(now() - (id % 20) * interval '1 day' AS date)
    FROM citizen
"""
_BESIDE = """
    INSERT INTO headcount (noun, about, division, cell, count)
    SELECT 'budget', CAST(:about AS bigint), 'quarter', 'quarter ' || id % 20, count(*) FROM citizen GROUP BY 4
    UNION SELECT 'budget', CAST(:about AS bigint), 'language', language, count(*) FROM citizen GROUP BY 4
    UNION SELECT 'budget', CAST(:about AS bigint), 'assurance',
        CASE id % 2 WHEN 0 THEN 'declared' ELSE 'phone' END, count(*)
    FROM citizen GROUP BY 4
"""


def main(
    only: Annotated[str, typer.Option(help="Of fan-out, free, limited, tally: these.")] = "fan-out,free,limited,tally",
    people: Annotated[int, typer.Option(help="Recipients.")] = 100_000,
    rows: Annotated[int, typer.Option(help="Rows that are counted.")] = 1_000_000,
    serve: Annotated[int, typer.Option(help="Be the Bot API, on this port.")] = 0,
    per_second: Annotated[int, typer.Option(help="What that Bot API takes; 0: anything.")] = 0,
) -> None:
    """Measure, each part on a fresh database."""
    if serve:
        uvloop.run(_serve(serve, per_second))
        return
    parts: dict[str, Callable[[str], Awaitable[None]]] = {
        "fan-out": lambda url: fan_out(url, people),
        "free": lambda url: delivery(url, people, 0, 5000),
        "limited": lambda url: delivery(url, people, 30, 30),
        "tally": lambda url: tally(url, rows),
    }
    write_to_stderr("error")
    with tempfile.TemporaryDirectory() as folder, postgres(Path(folder)) as server:
        print("PostgreSQL:", server.settings(), "load:", os.getloadavg())
        for name, part in parts.items():
            if name in only.split(","):
                url = server.fresh().replace("postgresql://", "postgresql+asyncpg://")
                uvloop.run(part(url))
                server.drop(url.replace("+asyncpg", ""))


if __name__ == "__main__":
    typer.run(main)
