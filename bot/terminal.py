"""What the commands share: to say, to fail, to run on the database of the settings."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NoReturn


def say(text: str) -> None:
    """A line for whoever ran the command."""
    print(text, flush=True)  # noqa: T201  # what a command says


def complain(text: str) -> None:
    """A line on standard error."""
    print(text, file=sys.stderr)  # noqa: T201  # what a command complains of


def fail(why: str) -> NoReturn:
    """End the command: a line on standard error, exit code 2."""
    complain(f"sawt: {why}")
    sys.exit(2)


def run_async(work: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop, where there is one."""
    try:
        import uvloop
    except ImportError:  # Windows
        asyncio.run(work)
    else:
        uvloop.run(work)


def with_database(work: Callable[..., Awaitable[None]], demo: bool = False) -> None:
    """Do some work on the database of the settings; it is given both."""
    from bot import settings
    from bot.opening import open_database

    async def run() -> None:
        chosen = settings.read(demo)
        database = await open_database(chosen)
        try:
            await work(database, chosen)
        finally:
            await database.close()

    run_async(run())
