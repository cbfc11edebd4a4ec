"""Reads webhooks of the WhatsApp Cloud API: of each message and status just what Sawt uses.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.journal import log
from flows.questions import LOCATION, Reply, pin
from locales.bidi import clean
from storage.lines import Who

# Words of ours for theirs; a kind that is not here keeps its own name.
_KINDS = {"image": "photo", "contacts": "contact", "button": "text", "interactive": "text"}
_LINK = re.compile(r"[a-z]{1,3}_\d{1,9}", re.IGNORECASE)  # wa.me/NUMBER?text=p_12
_OURS = re.compile(r"@|\d{1,9}:")  # what the buttons of ours stand for
_OF_MEDIA = ("image", "audio", "document", "video", "sticker")


class NoWebhook(ValueError):
    """What came is no webhook of WhatsApp."""


@dataclass(frozen=True, slots=True)
class File:
    """Something sent along: WhatsApp's id of it, and what it says it is."""

    id: str
    type: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A message: to which of our numbers, whose, which, when it was written, and what it says."""

    number: str
    who: Who
    id: str
    at: datetime
    reply: Reply
    on: str = ""
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A person's number or user id has changed."""

    number: str
    before: Who
    now: Who


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a message of ours: sent, delivered, read, or failed with a code."""

    number: str
    id: str
    status: str
    code: int = 0


Event = Heard | Moved | Fate


def read(body: Any) -> list[Event]:
    """All events of a webhook, in their order; raises NoWebhook.

    One that cannot be read must not come again for a week, and keep the others from us: it is left out.
    """
    if not isinstance(body, dict) or body.get("object") != "whatsapp_business_account":
        raise NoWebhook
    events: list[Event] = []
    for value in _values(body):
        number = str((value.get("metadata") or {}).get("phone_number_id", ""))
        for one, how in [(each, _message) for each in _list(value, "messages")] + [
            (each, _fate) for each in _list(value, "statuses")
        ]:
            try:
                events.append(how(number, one, value))
            except (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError):
                log.warning("webhook_unreadable", kind=how.__name__.strip("_"))
    return events


def _values(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in _list(body, "entry"):
        for change in _list(entry, "changes"):
            if isinstance(change, dict) and isinstance(change.get("value"), dict):
                yield change["value"]


def _list(holder: Any, name: str) -> list[Any]:
    found = holder.get(name) if isinstance(holder, dict) else None
    return found if isinstance(found, list) else []


def _fate(number: str, status: dict[str, Any], _value: dict[str, Any]) -> Fate:
    code = int(status["errors"][0]["code"]) if status.get("errors") else 0
    return Fate(number, _word(status["id"]), _word(status["status"]), code)


def _message(number: str, message: dict[str, Any], value: dict[str, Any]) -> Event:
    kind = _word(message["type"])
    who = _who(message, _list(value, "contacts"))
    if kind == "system" and (moved := _moved(number, who, message["system"])):
        return moved
    at = datetime.fromtimestamp(int(message["timestamp"]), UTC)
    on = str((message.get("context") or {}).get("id") or "")
    file = message.get(kind) if kind in _OF_MEDIA else None
    sent = File(_word(file["id"]), str(file.get("mime_type") or "")) if file and file.get("id") else None
    return Heard(number, who, _word(message["id"]), at, _reply(kind, message), on, sent)


def _moved(number: str, who: Who, system: dict[str, Any]) -> Moved | None:
    now = Who(_text(system.get("user_id")), _figures(system.get("wa_id") or system.get("new_wa_id")))
    before = Who(_text(system.get("previous_user_id")) or ("" if now.user else who.user), who.phone)
    is_about = system.get("type") in ("user_changed_number", "user_changed_user_id", "customer_changed_number")
    return Moved(number, before, now) if is_about and now != Who() and before != Who() else None


def _reply(kind: str, message: dict[str, Any]) -> Reply:
    content: Any = message.get(kind)
    match kind:
        case "text":
            words = clean(_word(content["body"]))
            return Reply(text=f"/start {words.strip().lower()}" if _LINK.fullmatch(words.strip()) else words)
        case "interactive":
            chosen = content.get("button_reply") or content.get("list_reply")
            return Reply(pressed=_word(chosen["id"])) if chosen else Reply(kind="form")
        case "button":  # under a template: its value if it is ours, else its words
            value = _text(content.get("payload"))
            return Reply(pressed=value) if _OURS.match(value) else Reply(text=clean(_word(content["text"])))
        case "request_welcome":
            return Reply(text="/start")
        case "audio":
            return Reply(kind="voice" if content.get("voice") else "audio")
    caption = content.get("caption") if isinstance(content, dict) else None
    words = pin(content) if kind == LOCATION else clean(_text(caption))
    return Reply(text=words, kind=_KINDS.get(kind, kind))


def _who(message: dict[str, Any], contacts: list[Any]) -> Who:
    """By what the message says; its contact knows the user id, where there is one."""
    phone, user = _text(message.get("from")), _text(message.get("from_user_id"))
    if "." in phone:
        phone, user = "", user or phone
    mine = [c for c in contacts if isinstance(c, dict) and _is_of(c, phone, user)]
    if not mine and not phone and not user and len(contacts) == 1:
        mine = [contacts[0]]
    contact = mine[0] if mine else {}
    who = Who(user or _text(contact.get("user_id")), _figures(phone or contact.get("wa_id")))
    if who == Who():
        raise ValueError("nobody sent this")
    return who


def _is_of(contact: dict[str, Any], phone: str, user: str) -> bool:
    return bool((phone and contact.get("wa_id") == phone) or (user and contact.get("user_id") == user))


def _figures(value: Any) -> str:
    return "".join(sign for sign in _text(value) if sign in "0123456789")


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int) else ""


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
