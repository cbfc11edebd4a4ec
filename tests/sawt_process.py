"""`sawt` as other people run it: a process with an environment, an exit code, and what it writes."""

import asyncio
import atexit
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

import aiohttp

SAWT = Path(sys.executable).parent / "sawt"
KEY = "a key of the tests, long enough"
CHECKOUT = Path(__file__).parent.parent
DEMO = CHECKOUT / "demo" / "beni-mellal.yaml"


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


# Forked, from a process that has imported it: most of what a start takes is importing


class Process:
    """A process that was forked, as asyncio would show it."""

    def __init__(self, pid: int, ending: asyncio.Task[int]):
        self.pid, self._ending = pid, ending

    @property
    def returncode(self) -> int | None:
        return self._ending.result() if self._ending.done() else None

    async def wait(self) -> int:
        return await asyncio.shield(self._ending)

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


@cache
def _forks() -> str:
    """Where forks are asked for (see sawt_forks.py), from here on to the end of the tests."""
    folder = TemporaryDirectory(prefix="sawt-forks-")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{folder.name}/calls")
        listener.listen()
        forks = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("sawt_forks.py"), str(listener.fileno())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[listener.fileno()],
            env=_environment({"PYTHONPATH": str(CHECKOUT)}),
        )
    atexit.register(lambda: (forks.communicate(), folder.cleanup()))
    return f"{folder.name}/calls"


_SAWT = "import sys, bot.cli; sys.exit(bot.cli.main())"


async def _fork(
    words: list[str], settings: Mapping[str, str], where: Path, streams: list[int], code: str = _SAWT
) -> Process:
    caller = socket.socket(socket.AF_UNIX)
    caller.connect(_forks())
    call = {"code": code, "words": words, "environment": _environment(settings), "where": str(where)}
    socket.send_fds(caller, [json.dumps(call).encode()], streams)
    caller.shutdown(socket.SHUT_WR)
    answers, writer = await asyncio.open_unix_connection(sock=caller)
    pid = int(await answers.readline())

    async def end() -> int:
        code = int(await answers.readline())
        writer.close()
        return code

    return Process(pid, asyncio.create_task(end()))


async def sawt(words: str, settings: Mapping[str, str], where: Path, typed: str = "", within: float = 60) -> Ended:
    """`sawt WORDS`, with these settings and no others, to its end."""
    with TemporaryFile() as out, TemporaryFile() as err:
        reading, writing = os.pipe()
        os.write(writing, typed.encode())
        os.close(writing)
        process = await _fork(shlex.split(words), settings, where, [reading, out.fileno(), err.fileno()])
        os.close(reading)
        try:
            async with asyncio.timeout(within):
                code = await process.wait()
        finally:
            process.kill()
            await process.wait()
        written = [os.pread(each.fileno(), 10_000_000, 0).decode() for each in (out, err)]
    return Ended(code, *written)


@asynccontextmanager
async def serving(settings: Mapping[str, str], where: Path) -> AsyncIterator[Process]:
    """`sawt serve`, once it serves on SAWT_PORT; killed at the end if it still runs."""
    with (where / "serve.log").open("ab") as log, TemporaryFile() as nothing:
        process = await _fork(["serve"], settings, where, [nothing.fileno(), log.fileno(), log.fileno()])
    try:
        await _until_served(process, f"http://127.0.0.1:{settings['SAWT_PORT']}/healthz")
        yield process
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def running(code: str, *words: object) -> AsyncIterator[Process]:
    """A process that runs this code, once it has said that it is ready; killed at the end if it still runs."""
    ours, theirs = socket.socketpair()
    out, writer = await asyncio.open_unix_connection(sock=ours)
    with theirs, TemporaryFile() as nothing:
        streams = [nothing.fileno(), theirs.fileno(), nothing.fileno()]
        process = await _fork([str(word) for word in words], {}, CHECKOUT, streams, code)
    try:
        assert await out.readline() == b"ready\n"
        yield process
    finally:
        process.kill()
        await process.wait()
        writer.close()


async def _until_served(process: Process, url: str, within: float = 60) -> None:
    async with asyncio.timeout(within), aiohttp.ClientSession() as session:
        while True:
            assert process.returncode is None, "sawt serve has ended"
            try:
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.02)


# Afresh, as it is typed: what a command forgets to import is found


async def sawt_afresh(
    words: str, settings: Mapping[str, str], where: Path, typed: str = "", prefix: str = "", within: float = 60
) -> Ended:
    """The same in a shell and in an interpreter of its own."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_shell(
        f"{prefix} exec {SAWT} {words}", stdin=pipe, stdout=pipe, stderr=pipe, cwd=where, env=_environment(settings)
    )
    try:
        async with asyncio.timeout(within):
            out, err = await process.communicate(typed.encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Ended(process.returncode, out.decode(), err.decode())
