"""How a message would look on each channel, in words; those where it looks the same share one."""

from typing import Any

from bot.render import TELEGRAM, WEB, WHATSAPP, render
from locales import _, texts
from locales.values import escape
from reports.tallies import CELLS

_LIMITS = {"telegram": TELEGRAM, "whatsapp": WHATSAPP, "web": WEB}


def preview(message: dict[str, Any], language: str) -> str:
    """Each part with its buttons as [lines], under the channels that show it so."""
    own, alike = texts(language), dict[str, list[str]]()
    between = "، " if own.direction == "rtl" else ", "
    for channel, limits in _LIMITS.items():
        seen = "\n\n".join(_part(part) for part in render(message, limits))
        alike.setdefault(seen, []).append(own(CELLS[channel]))
    titled = ((own(_("As seen on {channel}:"), channel=between.join(names)), seen) for seen, names in alike.items())
    return "\n\n".join(own.lines(title) + "\n\n" + seen for title, seen in titled)


def _part(part: dict[str, Any]) -> str:
    labels = [label for _value, label in part.get("buttons") or part.get("list") or []]
    sent = ["🖼"] if "picture" in part else ["📄"] if "document" in part else []
    return "\n".join([*sent, part["text"], *(f"[{escape(label)}]" for label in labels)])
