"""Reads updates of the Bot API: of each just what Sawt uses, since a whole Update costs as much as a flow.

https://core.telegram.org/bots/api#update
"""

from dataclasses import dataclass
from typing import Any

from bot.incoming import Incoming
from bot.journal import log
from flows.questions import LOCATION, Reply, pin
from locales.bidi import clean
from storage.conversations import Sender

ALLOWED = ["message", "callback_query"]
_KINDS = ("photo", "voice", "audio", "video", "video_note", "document", "sticker", "location", "contact")
_CALLED = {"audio": "voice"}
_FETCHED = ("photo", "voice", "audio", "document")


class NoUpdate(ValueError):
    """What came is no update of the Bot API."""


@dataclass(frozen=True, slots=True)
class File:
    """Something sent along, to be fetched by its id where it is wanted."""

    id: str
    size: int  # bytes, as Telegram says; 0: unknown


@dataclass(frozen=True, slots=True)
class Heard:
    """An update: its number, whose it is, the tap that waits for an answer, and what it says to us."""

    number: int
    person: int | None = None
    query: str = ""
    incoming: Incoming | None = None  # nothing where it is no private talk
    file: File | None = None


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
    if kind == "contact":
        words = _own_number(message["contact"], _whole(message["from"]["id"]))
    if kind == LOCATION:
        words = pin(message[LOCATION])
    sender = _sender(message["from"], commune_id)
    # All of an album have one id: the first is handled, the others change nothing.
    album = _words(message.get("media_group_id") or "")
    reply = Reply(text=clean(words), kind=_CALLED.get(kind, kind), is_one_of_many=bool(album))
    incoming = Incoming(sender, f"album {album}" if album else str(number), reply)
    return Heard(number, _whole(message["from"]["id"]), incoming=incoming, file=_file(message, kind))


def _file(message: dict[str, Any], kind: str) -> File | None:
    if kind not in _FETCHED:
        return None
    sent = message[kind][-1] if kind == "photo" else message[kind]  # of a photo the largest comes last
    return File(_words(sent["file_id"]), _whole(sent.get("file_size") or 0))


def _own_number(contact: dict[str, Any], person: int) -> str:
    """The figures of the number, if it is the sender's own: anybody can send anybody's contact."""
    is_own = contact.get("user_id") == person
    return "".join(sign for sign in _words(contact["phone_number"]) if sign in "0123456789") if is_own else ""


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
