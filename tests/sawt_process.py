"""`sawt` as other people run it: a process with an environment, an exit code, and what it writes."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

SAWT = Path(sys.executable).parent / "sawt"
KEY = "a key of the tests, long enough"
DEMO = Path(__file__).parent.parent / "demo" / "beni-mellal.yaml"


@dataclass(frozen=True)
class Ended:
    """What became of a process."""

    code: int | None
    out: str
    err: str


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("SAWT_")}
    return {**others, **settings}


async def start(words: str, settings: Mapping[str, str], where: Path, prefix: str = "") -> asyncio.subprocess.Process:
    """`sawt WORDS`, with these settings and no others."""
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_shell(
        f"{prefix} exec {SAWT} {words}", stdin=pipe, stdout=pipe, stderr=pipe, cwd=where, env=_environment(settings)
    )


async def sawt(
    words: str, settings: Mapping[str, str], where: Path, typed: str = "", prefix: str = "", within: float = 60
) -> Ended:
    """Run it to its end."""
    process = await start(words, settings, where, prefix)
    try:
        async with asyncio.timeout(within):
            out, err = await process.communicate(typed.encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Ended(process.returncode, out.decode(), err.decode())


@asynccontextmanager
async def serving(settings: Mapping[str, str], where: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """`sawt serve`, once it serves on SAWT_PORT; killed at the end if it still runs."""
    with (where / "serve.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            SAWT, "serve", stdout=log, stderr=log, cwd=where, env=_environment(settings)
        )
    try:
        await _until_served(process, f"http://127.0.0.1:{settings['SAWT_PORT']}/healthz")
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _until_served(process: asyncio.subprocess.Process, url: str, within: float = 60) -> None:
    async with asyncio.timeout(within), aiohttp.ClientSession() as session:
        while True:
            assert process.returncode is None, "sawt serve has ended"
            try:
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)
