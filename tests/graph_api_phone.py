"""People on WhatsApp: what they write and tap reaches the webhook as Meta sends it, what comes stands on a screen."""

import itertools
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from locales.bidi import strip_isolates

if TYPE_CHECKING:
    from graph_api import GraphApi

Values = dict[str, Any]
numbers = itertools.count(1)


@dataclass
class Seen:
    """A message on the screen."""

    id: str
    kind: str
    text: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)  # id, title
    details: list[str] = field(default_factory=list)  # the descriptions of rows
    file: bytes = b""
    raw: Values = field(default_factory=dict)


class Phone:
    """A person with WhatsApp on a phone."""

    def __init__(self, api: "GraphApi", user: str, number: str):
        self.api, self.user, self.number = api, user, number
        self.screen: list[Seen] = []
        self.read: list[str] = []  # own messages with blue ticks
        self.late = 0.0  # seconds that what is written now is older when it arrives
        self.last_wrote = 0.0
        self._since = 0

    # What a person does

    async def says(self, words: str) -> Values:
        return await self._writes({"type": "text", "text": {"body": words}})

    async def taps(self, label: str, on: Seen | None = None, within: float = 5.0) -> Values:
        """Tap the button, or the row of the list, that says this, or begins so."""
        found: list[tuple[Seen, str, str]] = []

        def there() -> bool:
            screen = [on] if on else list(reversed(self.screen))
            found[:] = [(seen, *choice) for seen in screen for choice in self._choices(seen) if label in choice[1]]
            return bool(found)

        assert await self.api.until(there, within), f"no {label!r} on\n{self.shown}"
        seen, id, title = next((each for each in found if each[2] == label), found[0])
        return await self._writes(_tap(seen, id, title.partition(" — ")[0]))

    async def presses(self, id: str) -> Values:
        """Tap what stands for this, where it was shown last."""
        seen = next(seen for seen in reversed(self.screen) if any(id == choice for choice, _title in seen.choices))
        return await self._writes(_tap(seen, id, dict(seen.choices)[id]))

    def choices(self, seen: Seen) -> list[tuple[str, str]]:
        """What stands under a message, in full: what a title has no room for is said beside it."""
        details = seen.details or [""] * len(seen.choices)
        return [(id, detail or title) for (id, title), detail in zip(seen.choices, details, strict=True)]

    def _choices(self, seen: Seen) -> list[tuple[str, str]]:
        details = seen.details or [""] * len(seen.choices)
        return [
            (id, f"{title} — {detail}" if detail else title)
            for (id, title), detail in zip(seen.choices, details, strict=True)
        ]

    async def sends(self, kind: str, content: Any, **more: Any) -> Values:
        """Anything else: an image, a reaction, something of next year."""
        return await self._writes({"type": kind, kind: content, **more})

    async def _writes(self, message: Values) -> Values:
        self._since, now = len(self.screen), time.time()
        self.last_wrote = max(self.last_wrote, now - self.late)
        event = {**self.named(), "id": f"wamid.IN{next(numbers)}", "timestamp": str(int(now - self.late)), **message}
        await self.api.deliver(self.value({"messages": [event]}))
        return event

    def named(self) -> Values:
        """How WhatsApp names this person in a message."""
        number = {"from": self.number} if self.number else {}
        return {**number, **({"from_user_id": self.user} if self.user else {})}

    def value(self, what: Values) -> Values:
        """What a webhook says about this person."""
        contact = {"profile": {"name": "Amina", **({} if self.number else {"username": "amina"})}}
        contact |= {"wa_id": self.number} if self.number else {}
        contact |= {"user_id": self.user} if self.user else {}
        return {**self.api.metadata, "contacts": [contact], **what}

    # What a person sees

    async def sees(self, *words: str, within: float = 5.0) -> list[Seen]:
        """Wait until all of this came since the last own action."""

        def there() -> bool:
            return all(word in self.shown for word in words)

        assert await self.api.until(there, within), f"{words} not on\n{self.shown}"
        return self.news

    @property
    def news(self) -> list[Seen]:
        return self.screen[self._since :]

    @property
    def shown(self) -> str:
        """What came since the last own action."""
        parts = [each for seen in self.news for each in (seen.text, *(c[1] for c in self._choices(seen)))]
        return strip_isolates("\n".join(parts)).replace("\u00a0", " ").replace("\u202f", " ")


def _tap(seen: Seen, id: str, title: str) -> Values:
    context = {"context": {"from": "212500000000", "id": seen.id}}
    if seen.kind == "template":
        return {"type": "button", "button": {"payload": id, "text": title}, **context}
    reply = "list_reply" if seen.kind == "list" else "button_reply"
    return {"type": "interactive", "interactive": {"type": reply, reply: {"id": id, "title": title}}, **context}
