"""The terminal: one message a line in, what a citizen would see out, buttons as numbered lines."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

from bot.incoming import Incoming
from bot.render import plain
from bot.runner import Runner
from flows.questions import Reply
from locales import _, texts
from locales.bidi import clean
from storage.communes import Home
from storage.conversations import Sender
from storage.letters import Letter


class Console:
    """One person at a terminal."""

    def __init__(self, runner: Runner, home: Home, name: str, language: str | None, write: Callable[[str], None]):
        self.runner, self.write = runner, write
        self.sender = Sender(home.id, "console", name, language)
        runner.hears("console", self._hear)

    async def says(self, line: str) -> None:
        """Take a line; what is said back has been written when this returns."""
        await self.runner.receive(Incoming(self.sender, uuid4().hex, Reply(text=clean(line))))

    def _hear(self, letters: list[Letter], _older: int | None) -> None:
        for letter in letters:
            self.write(shown(letter.message))


def shown(message: dict[str, Any]) -> str:
    """A message as lines of text."""
    lines = [plain(message["text"])]
    picture = message.get("picture", {})
    lines += [f"  [{bar['label']}: {bar['value']}]" for bar in picture.get("chart", {}).get("bars", [])]
    lines += [f"  ({drawing.get('name') or drawing.get('kind') or next(iter(drawing))})" for drawing in _files(message)]
    if message.get("takes"):
        own = texts(message["language"])
        lines.append(plain(own(_("(In a terminal you can only write.)"))))
    lines += [f"  {number}. {label}" for number, (_value, label) in enumerate(message.get("buttons", []), 1)]
    return "\n".join(lines) + "\n"


def _files(message: dict[str, Any]) -> list[dict[str, Any]]:
    """What a terminal can only name."""
    return [message[key] for key in ("picture", "document") if "chart" not in message.get(key, {"chart": ""})]


async def lines(is_terminal: bool) -> AsyncIterator[str]:
    """What is typed, line by line, without holding up the rest."""
    while True:
        if is_terminal:
            print("> ", end="", flush=True)  # noqa: T201  # the prompt
        line = await asyncio.to_thread(sys.stdin.readline)
        if not line:
            return
        if line.strip():
            yield line.rstrip("\n")
