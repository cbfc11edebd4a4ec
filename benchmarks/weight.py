"""What Sawt weighs: the time of `sawt --help`, and the memory of `sawt serve` at rest; medians."""

import asyncio
import dataclasses
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Annotated

import psutil
import typer

from benchmarks.bot_api import BotApi
from benchmarks.contestants import CONTESTANTS, ROOT, SAWT, Contestant, Places, Sawt
from benchmarks.rounds import running
from benchmarks.servers import free_port, wait_for


def main(rounds: Annotated[int, typer.Option(help="How often each is measured.")] = 5) -> None:
    """Measure and print."""
    print(f"sawt --help: {statistics.median(_help() for _ in range(rounds)):.2f} s")
    for is_on_telegram in (True, False):
        memory = statistics.median(asyncio.run(_memory(is_on_telegram)) for _ in range(rounds))
        print(f"sawt serve {'with' if is_on_telegram else 'without'} Telegram: {memory:.1f} MB")


def _help() -> float:
    began = time.perf_counter()
    subprocess.run([*SAWT, "--help"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


async def _memory(is_on_telegram: bool) -> float:
    """Megabytes, resident, two seconds after the server listens."""
    sawt: Contestant = next(contestant for contestant in CONTESTANTS if "sqlite" in contestant.arguments)
    api_port = free_port()
    loop = asyncio.get_running_loop()
    api = await loop.create_server(BotApi(lambda _sent: None).connection, "127.0.0.1", api_port)
    with tempfile.TemporaryDirectory() as folder:
        (place := Path(folder) / "sawt").mkdir()
        places = Places(free_port(), api_port, place, "", "")
        await asyncio.to_thread(sawt.prepare, places)
        if not is_on_telegram:
            sawt = _Quiet(**{field.name: getattr(sawt, field.name) for field in dataclasses.fields(sawt)})
        with running(sawt, places) as process:
            await asyncio.to_thread(wait_for, places.port, process)
            await asyncio.sleep(2)
            memory = psutil.Process(process.pid).memory_info().rss / 1e6
    api.close()
    return memory


class _Quiet(Sawt):
    """Sawt with the web chat alone."""

    def environment(self, places: Places) -> dict[str, str]:
        given = super().environment(places)
        return {name: value for name, value in given.items() if not name.startswith("SAWT_TELEGRAM")}


if __name__ == "__main__":
    typer.run(main)
