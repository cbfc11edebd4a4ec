"""Reads updates of the Bot API: of each just what Sawt uses, since a whole Update costs as much as a flow.

https://core.telegram.org/bots/api#update
"""

from dataclasses import dataclass
from typing import Any

from bot.incoming import Incoming
from bot.journal import log
from flows.questions import Reply
from locales.bidi import clean
from storage.conversations import Sender

ALLOWED = ["message", "callback_query"]
_KINDS = ("photo", "voice", "audio", "video", "video_note", "document", "sticker", "location", "contact")


class NoUpdate(ValueError):
    """What came is no update of the Bot API."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An update: its number, whose it is, the tap that waits for an answer, and what it says to us."""

    number: int
    person: int | None = None
    query: str = ""
    incoming: Incoming | None = None  # nothing where it is no private talk


def read(update: Any, commune_id: int) -> Heard:
    """What an update says; raises NoUpdate.

    One that has a number and cannot be read must not come again for ever, and keep the others from us: it is empty.
    """
    match update:
        case {"update_id": int(number)}:
            pass
        case _:
            raise NoUpdate
    try:
        if query := update.get("callback_query"):
            return _query(number, query, commune_id)
        if message := update.get("message"):
            return _message(number, message, commune_id)
    except (KeyError, TypeError, AttributeError):
        log.warning("update_unreadable")
    return Heard(number)


def _query(number: int, query: dict[str, Any], commune_id: int) -> Heard:
    person, id = _whole(query["from"]["id"]), _words(query["id"])
    message, pressed = query.get("message") or {}, _words(query.get("data") or "")
    if not message or not pressed or message["chat"]["type"] != "private":
        return Heard(number, person, id)
    on = str(_whole(message["message_id"]))
    sender = _sender(query["from"], commune_id)
    return Heard(number, person, id, Incoming(sender, str(number), Reply(pressed=pressed), on))


def _message(number: int, message: dict[str, Any], commune_id: int) -> Heard:
    is_private = message["chat"]["type"] == "private"
    if "from" not in message or not is_private:
        return Heard(number)
    kind = next((kind for kind in _KINDS if message.get(kind)), "text" if message.get("text") else "other")
    words = _words(message.get("text") or message.get("caption") or "")
    sender = _sender(message["from"], commune_id)
    incoming = Incoming(sender, str(number), Reply(text=clean(words), kind=kind))
    return Heard(number, _whole(message["from"]["id"]), incoming=incoming)


def _sender(person: dict[str, Any], commune_id: int) -> Sender:
    return Sender(commune_id, "telegram", str(_whole(person["id"])), _words(person.get("language_code") or "") or None)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _words(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
