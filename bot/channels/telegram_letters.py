"""What goes out to Telegram: messages, changes in place, pictures, voice notes, documents."""

from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from bot.channels.telegram_session import JsonSession
from bot.journal import log
from bot.media import name_of, type_of
from bot.outcomes import Blocked, Refused, TryLater, Unreachable
from reports import drawings
from storage.database import Database
from storage.letters import Letter
from storage.media import DOCUMENT, PHOTO, VOICE

_METHODS = {PHOTO: "sendPhoto", VOICE: "sendVoice", DOCUMENT: "sendDocument"}
_PLAYED = ("audio/ogg", "audio/mpeg", "audio/mp4")  # https://core.telegram.org/bots/api#sendvoice
_SHORT = 14  # characters: two such answers share a row, as yes and no


class Letters:
    """Delivers letters for a bot."""

    def __init__(self, bot: Bot, session: JsonSession, database: Database):
        self.bot, self._session, self._database = bot, session, database

    async def stop_spinner(self, query_id: str) -> None:
        """Tell a tapped button that its tap arrived."""
        try:
            await self._call("answerCallbackQuery", callback_query_id=query_id)
        except TelegramAPIError as error:
            log.info("callback_not_answered", why=error.message[:100])

    async def send(self, letter: Letter) -> str:
        """Deliver a letter; the id that Telegram gave it.  Raises as `bot.post` expects."""
        try:
            return await self._edit(letter) or await self._send(letter)
        except TelegramRetryAfter as error:
            raise TryLater("429", error.retry_after, is_for_all=None) from None
        except TelegramForbiddenError as error:
            raise (Blocked if "blocked" in error.message else Unreachable)(error.message) from None
        except (TelegramNetworkError, TelegramServerError, TelegramConflictError) as error:
            raise TryLater(error.message) from None
        except TelegramBadRequest as error:
            if "chat not found" in error.message or "deactivated" in error.message:
                raise Unreachable(error.message) from None
            raise Refused(error.message) from None

    async def _send(self, letter: Letter) -> str:
        message = letter.message
        if drawing := message.get("picture") or message.get("document"):
            return await self._send_file(letter, drawing)
        sent = await self._call("sendMessage", **_said(message), chat_id=letter.external_id)
        return str(sent["message_id"])

    async def _send_file(self, letter: Letter, drawing: dict[str, Any]) -> str:
        """A picture, a voice note or a document, made or fetched now."""
        try:
            content = await drawings.drawn(drawing, self._database)
        except drawings.Gone:
            raise Refused("not kept any more") from None
        field, name = _file(letter.message, drawing, content)
        said = _said(letter.message)
        caption = {"caption": said.pop("text"), **said} if said["text"] else {"reply_markup": said.get("reply_markup")}
        values = {"chat_id": letter.external_id, **{key: value for key, value in caption.items() if value}}
        sent = await self._session.call(self.bot, _METHODS[field], values, file=(field, name, content))
        return str(sent["message_id"])

    async def _edit(self, letter: Letter) -> str | None:
        """Change the message in place; nothing if it cannot be, so that a new one is sent."""
        place = letter.message.get("replaces", "")
        if not place.isdecimal():
            return None
        said = _said(letter.message)
        try:
            await self._call("editMessageText", **said, chat_id=letter.external_id, message_id=int(place))
        except TelegramBadRequest as error:
            return str(place) if "not modified" in error.message else None
        return str(place)

    async def _call(self, method: str, **values: Any) -> Any:
        return await self._session.call(self.bot, method, values)


def _file(message: dict[str, Any], drawing: dict[str, Any], content: bytes) -> tuple[str, str]:
    """As what a file is sent, and under which name."""
    if "media" not in drawing:
        return ("photo", "picture.png") if "picture" in message else ("document", drawing["name"])
    kind = drawing["kind"]
    is_played = kind == VOICE and type_of(content) in _PLAYED
    return kind if kind == PHOTO or is_played else DOCUMENT, name_of(content, kind)


def _said(message: dict[str, Any]) -> dict[str, Any]:
    """A message in the words of the Bot API."""
    said: dict[str, Any] = {"text": message["text"], "parse_mode": "HTML"}
    buttons = message.get("buttons")
    if contact := message.get("contact"):  # such a button stands on a keyboard, and so do those beside it
        rows = [[{"text": contact, "request_contact": True}], *([{"text": label}] for _value, label in buttons or ())]
        said["reply_markup"] = {"keyboard": rows, "one_time_keyboard": True, "resize_keyboard": True}
    elif buttons:
        keys = [{"text": label, "callback_data": value} for value, label in buttons]
        said["reply_markup"] = {"inline_keyboard": _rows(keys)}
    return said


def _rows(keys: list[dict[str, str]]) -> list[list[dict[str, str]]]:
    if 2 <= len(keys) <= 3 and all(len(key["text"]) <= _SHORT for key in keys[:2]):
        return [keys[:2], *([key] for key in keys[2:])]
    return [[key] for key in keys]
