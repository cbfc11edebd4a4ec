"""The benchmark: every bot in turn, several rounds, medians, a table."""

import asyncio
import statistics
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer
import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks.contestants import CONTESTANTS, Contestant
from benchmarks.rounds import Load, Result, Surroundings, measure
from benchmarks.servers import postgres, redis

RESULTS = Path(__file__).parent / "results"
console = Console(width=max(Console().width, 110))


def main(
    rounds: Annotated[int, typer.Option(help="How often each bot meets each load.")] = 3,
    seconds: Annotated[float, typer.Option(help="How long each round is measured, after 2 s of warming up.")] = 5.0,
    citizens: Annotated[str, typer.Option(help="The loads: how many citizens at once.")] = "32,1",
    only: Annotated[str, typer.Option(help="Bots whose name holds this.")] = "",
) -> None:
    """Sawt beside its peers; medians over the rounds, kept in benchmarks/results/."""
    loads = [Load(int(number), seconds) for number in citizens.split(",")]
    chosen = [contestant for contestant in CONTESTANTS if only.casefold() in contestant.name.casefold()]
    RESULTS.mkdir(exist_ok=True)
    results: list[Result] = []
    with postgres(RESULTS) as database, redis(RESULTS) as redis_url:
        console.print("PostgreSQL:", database.settings())
        surroundings = Surroundings(RESULTS, database, redis_url)
        for _round in range(rounds):
            for load in loads:
                results += _round_of(chosen, load, surroundings)
    _keep(results)
    for load in loads:
        console.print(_table(load, results))


def _round_of(chosen: list[Contestant], load: Load, surroundings: Surroundings) -> list[Result]:
    """The bots take turns, so that a slow minute of the machine meets them all."""
    results = []
    for contestant in chosen:
        try:
            result = uvloop.run(measure(contestant, load, surroundings))
        except (RuntimeError, TimeoutError, OSError, asyncio.CancelledError) as error:
            console.print(f"[red]{contestant.name}: {type(error).__name__} {error}: see {RESULTS}/bots.log")
            continue
        console.print(f"{load.citizens:>3}  {result.name:<38}{result.messages_per_second:8.0f}/s")
        results.append(result)
    return results


def _keep(results: list[Result]) -> None:
    path = RESULTS / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.jsonl"
    path.write_bytes(b"".join(orjson.dumps(asdict(result)) + b"\n" for result in results))


def _table(load: Load, results: list[Result]) -> Table:
    table = Table(title=f"{load.citizens} citizens at once, medians")
    columns = ("bot", "msg/s", "p50 ms", "p99 ms", "CPU µs/msg", "database µs/msg", "RSS MB", "calls/msg", "errors")
    for column in columns:
        table.add_column(column, justify="left" if column == "bot" else "right")
    for contestant in CONTESTANTS:
        mine = [result for result in results if (result.name, result.citizens) == (contestant.name, load.citizens)]
        if mine:
            table.add_row(contestant.name, *_medians(mine))
    return table


def _medians(results: list[Result]) -> list[str]:
    def median(field: str, digits: int = 0) -> str:
        return f"{statistics.median(getattr(result, field) for result in results):.{digits}f}"

    return [
        median("messages_per_second"),
        median("p50", 1),
        median("p99", 1),
        median("bot_cpu"),
        median("database_cpu"),
        median("memory"),
        median("calls_per_message", 2),
        str(sum(result.errors for result in results)),
    ]


if __name__ == "__main__":
    typer.run(main)
