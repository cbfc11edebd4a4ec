"""How a message would look on another channel, in words."""

from typing import Any

from bot.render import TELEGRAM, WEB, WHATSAPP, render
from locales.values import escape

_LIMITS = {"telegram": TELEGRAM, "whatsapp": WHATSAPP, "web": WEB}


def preview(message: dict[str, Any], channel: str) -> str:
    """Each part with its buttons as [lines]."""
    return "\n\n".join(_part(part) for part in render(message, _LIMITS[channel]))


def _part(part: dict[str, Any]) -> str:
    labels = [label for _value, label in part.get("buttons") or part.get("list") or []]
    sent = ["🖼"] if "picture" in part else ["📄"] if "document" in part else []
    return "\n".join([*sent, part["text"], *(f"[{escape(label)}]" for label in labels)])
