"""Who takes part: how each bot is started, where it keeps what, and which conversation it holds."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bot_api import TOKEN
from benchmarks.conversations import OF_PEERS, OF_SAWT, Conversation

ROOT = Path(__file__).parent.parent
SECRET = "a-secret-of-the-benchmark"
# As the console script `sawt` does it.
SAWT = (sys.executable, "-c", "from bot.cli import main; main()")


@dataclass(frozen=True, slots=True)
class Places:
    """Where a bot listens, calls and keeps."""

    port: int
    api_port: int
    folder: Path
    postgres_url: str
    redis_url: str


@dataclass(frozen=True, slots=True)
class Contestant:
    """A bot; `arguments` say which peer module, and what it keeps where."""

    name: str
    arguments: tuple[str, ...]
    conversation: Conversation = OF_PEERS
    path: str = "/webhook"

    def prepare(self, places: Places) -> None:
        """What must be there before the bot is started."""

    def command(self) -> tuple[str, ...]:
        """What is run, in the project's folder."""
        return (sys.executable, "-m", *self.arguments)

    def environment(self, places: Places) -> Mapping[str, str]:
        """What the bot is told."""
        return {
            **os.environ,
            "BENCH_PORT": str(places.port),
            "BENCH_API": f"http://127.0.0.1:{places.api_port}",
            "BENCH_SECRET": SECRET,
            "BENCH_TOKEN": TOKEN,
            "BENCH_FOLDER": str(places.folder),
            "BENCH_POSTGRES": places.postgres_url,
            "BENCH_REDIS": places.redis_url,
        }


class Sawt(Contestant):
    """Sawt as it is served: a migrated database, the commune of the demo."""

    def prepare(self, places: Places) -> None:
        for arguments in (("migrate",), ("load", str(ROOT / "demo" / "beni-mellal.yaml"))):
            subprocess.run(
                [*SAWT, *arguments],
                cwd=ROOT,
                env=self.environment(places),
                check=True,
                stdout=subprocess.DEVNULL,
            )

    def command(self) -> tuple[str, ...]:
        return (*SAWT, "serve")

    def environment(self, places: Places) -> Mapping[str, str]:
        on_sqlite = f"sqlite+aiosqlite:///{places.folder}/sawt.db"
        on_postgres = places.postgres_url.replace("postgresql://", "postgresql+asyncpg://")
        return {
            **os.environ,
            "SAWT_DATABASE_URL": on_sqlite if "sqlite" in self.arguments else on_postgres,
            "SAWT_SECRET_KEY": "a secret key of the benchmark",
            "SAWT_PORT": str(places.port),
            "SAWT_LOG_LEVEL": "warning",
            "SAWT_TELEGRAM_TOKEN": TOKEN,
            "SAWT_TELEGRAM_API_BASE": f"http://127.0.0.1:{places.api_port}",
            "SAWT_TELEGRAM_WEBHOOK_URL": f"https://participation.example/{self.path}",
            "SAWT_TELEGRAM_WEBHOOK_SECRET": SECRET,
        }


def _sawt(name: str, store: str) -> Sawt:
    return Sawt(name, (store,), OF_SAWT, "/telegram/webhook")


CONTESTANTS = (
    _sawt("Sawt, PostgreSQL", "postgresql"),
    _sawt("Sawt, SQLite", "sqlite"),
    Contestant("aiogram FSM, Redis + PostgreSQL", ("benchmarks.peers.aiogram_fsm", "redis", "postgresql")),
    Contestant("aiogram FSM, memory + SQLite", ("benchmarks.peers.aiogram_fsm", "memory", "sqlite")),
    Contestant("aiogram-dialog, Redis + PostgreSQL", ("benchmarks.peers.aiogram_dialogs", "redis", "postgresql")),
    Contestant("python-telegram-bot, pickle + SQLite", ("benchmarks.peers.ptb_conversation", "pickle", "sqlite")),
    Contestant("floor: aiohttp, nothing kept", ("benchmarks.peers.floor",)),
)
