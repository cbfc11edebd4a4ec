"""Fits a neutral message to what a channel can show; flows never ask which channel they are on."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from locales import _, texts
from locales.values import escape

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel can show, in characters and pieces."""

    text: int
    caption: int
    buttons: int  # under the message
    label: int
    rows: int = 0  # in a list that opens
    row: int = 0
    detail: int = 0  # in the line under the title of a row
    edits: bool = False  # whether a message can be changed in place
    window: bool = False  # whether a day of silence closes it to all but approved texts


# https://core.telegram.org/bots/api#sendmessage; labels are free there, longer ones are cut by small screens.
TELEGRAM = Limits(text=4096, caption=1024, buttons=100, label=60, edits=True)
# https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-list-messages
WHATSAPP = Limits(text=1024, caption=1024, buttons=3, label=20, rows=10, row=24, detail=72, window=True)
WEB = Limits(text=20_000, caption=4000, buttons=100, label=200, edits=True)
CONSOLE = Limits(text=20_000, caption=4000, buttons=100, label=200)

_TAG = re.compile(r"</?(b|code)>")


def render(message: Message, limits: Limits) -> list[Message]:
    """The message in as many parts as it takes, its buttons under the last one.

    Buttons, else a list (a page of it, where it is long), else numbered lines to type; a label that is cut stands in
    full in the text.
    """
    said = (
        _last_words(message.get("text", "")) if message.get("ticks") and not limits.edits else message.get("text", "")
    )
    text, choices = _choices(said, message, limits)
    rest = {key: value for key, value in message.items() if key not in _PARTS}
    picture: Message = {key: message[key] for key in ("picture", "document") if key in message}
    alone: list[Message] = []
    *before, last = split(text, limits.text)
    if before or (picture and units(text) > limits.caption):
        rest.pop("replaces", None)  # what does not fit in one message cannot take the place of one
    if picture and (units(text) > limits.caption or "list" in choices):  # no list stands under a picture
        alone, picture = [{**rest, **picture, "text": ""}], {}
    return [*alone, *({**rest, "text": part} for part in before), {**rest, **picture, "text": last, **choices}]


_PARTS = ("text", "buttons", "picture", "document", "start", "ticks")


def _last_words(text: str) -> str:
    """Where nothing changes in place a tap is answered briefly: what was long was said when it was asked."""
    return text.rpartition("\n\n")[2]


def _choices(text: str, message: Message, limits: Limits) -> tuple[str, Message]:
    """The text with what the buttons cannot say, and the buttons, list or nothing that go with it."""
    buttons = message.get("buttons", [])
    if not buttons:
        return text, {}
    longest = max(units(label) for _value, label in buttons)
    numbered = "\n".join(f"{n}. {escape(label)}" for n, (_value, label) in enumerate(buttons, 1))
    full = f"{text}\n\n{numbered}" if text else numbered
    if len(buttons) <= limits.buttons:
        if longest <= limits.label:
            return text, {"buttons": buttons}
        if not limits.rows:
            return full, {"buttons": _cut(buttons, limits.label)}
    if limits.detail and longest <= limits.detail:  # what the title has no room for stands under it
        return text, {"list": page(buttons, limits.rows, message.get("start", 0), message.get("language", "fr"))}
    if len(buttons) <= limits.rows:
        return (text if longest <= limits.row else full), {"list": _cut(buttons, limits.row)}
    return full, {}


def page(buttons: list[list[str]], size: int, start: int, language: str) -> list[list[str]]:
    """As many buttons as a list holds, from number `start` on, with ways to the others and out."""
    if len(buttons) <= size:
        return buttons
    ways_out = buttons[-1:] if "@" in buttons[-1][0] else []
    those = buttons[: len(buttons) - len(ways_out)]
    room = size - len(ways_out) - 2  # the rows that turn the page
    start = min(start, len(those) - 1) // room * room
    own, turns = texts(language), []
    if start + room < len(those):
        turns.append([f"@more={start + room}", own(_("More"))])
    if start:
        turns.append([f"@more={start - room}", own(_("Those before"))])
    return [*those[start : start + room], *turns, *ways_out]


def _cut(buttons: list[list[str]], size: int) -> list[list[str]]:
    return [[value, short(label, size)] for value, label in buttons]


def short(label: str, size: int) -> str:
    """The label, cut if it is longer."""
    if units(label) <= size:
        return label
    while units(label) >= size:
        label = label[:-1]
    return label.rstrip() + "…"


def units(text: str) -> int:
    """UTF-16 code units, which is how channels count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, size: int) -> list[str]:
    """Parts of at most `size` units, cut at a blank line, a line or a space; a tag that is open is carried over."""
    parts = []
    while units(text) > size:
        room = size - len("</code>")
        window = text[:room]
        while units(window) > room:
            window = window[: len(window) - (units(window) - room + 1) // 2]
        cut = _cut_at(window)
        part, text = text[:cut].rstrip(), text[cut:].lstrip()
        tag = _open_tag(part)
        parts.append(part + (f"</{tag}>" if tag else ""))
        text = (f"<{tag}>" if tag else "") + text
    return [*parts, text]


def _cut_at(window: str) -> int:
    for mark in ("\n\n", "\n", " "):
        if (place := window.rfind(mark)) > len(window) // 2:
            return place
    # No space for half a message: cut the word, but never a tag or an entity.
    start = max(window.rfind("<"), window.rfind("&"))
    is_inside = start > 0 and len(window) - start < len("</code>") and not re.search("[>;]", window[start:])
    return start if is_inside else len(window)


def _open_tag(part: str) -> str:
    opened = ""
    for tag in _TAG.finditer(part):
        opened = "" if tag[0].startswith("</") else tag[1]
    return opened


def plain(text: str) -> str:
    """The text without markup, for a terminal."""
    return unescape(_TAG.sub("", text))
