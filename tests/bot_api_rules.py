"""What the Bot API refuses in a call: values of the wrong type, keyboards too big, pictures that are none."""

import re
from collections.abc import Callable
from typing import Any

import aiogram.methods
from bot_api_types import SPEC, ApiError, Finding, Values, in_object, units

TOAST_LIMIT = 200
PHOTO_LIMIT = 10 * 1024 * 1024


def check_keyboard(markup: Values) -> None:
    """Refuse a keyboard no client would show."""
    rows: list[list[Any]] = markup.get("inline_keyboard") or markup.get("keyboard") or []
    if sum(map(len, rows)) > 100:
        raise ApiError("reply markup is too long")
    if any(len(row) > 8 for row in rows):
        raise ApiError("reply markup is too wide: at most 8 buttons in a row")
    for button in (button for row in rows for button in row):
        if not (button if isinstance(button, str) else button["text"]).strip():
            raise ApiError("can't parse inline keyboard button: Text must be non-empty")
        if "inline_keyboard" in markup:
            _check_inline_button(button)


def _check_inline_button(button: Values) -> None:
    actions = set(button) - {"text", "icon_custom_emoji_id", "style"}
    if not actions:
        raise ApiError("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise ApiError(f"can't parse inline keyboard button: only one of {sorted(actions)} may be given")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise ApiError("BUTTON_DATA_INVALID")
    if "url" in button and not re.match(r"(https?://|tg://)\S+\Z", button["url"]):
        raise ApiError(f"inline keyboard button URL '{button['url']}' is invalid")


def image_size(content: bytes) -> tuple[int, int]:
    """Read width and height of a PNG or JPEG picture; Telegram makes a photo of nothing else we send."""
    if len(content) > PHOTO_LIMIT:
        raise ApiError("file is too big")
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        size = int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    else:
        size = _jpeg_size(content)
    if not all(size) or sum(size) > 10000 or max(size) > 20 * min(size):
        raise ApiError("PHOTO_INVALID_DIMENSIONS")
    return size


def _jpeg_size(content: bytes) -> tuple[int, int]:
    place = 2
    while content[:2] == b"\xff\xd8" and len(content) >= place + 9 and content[place] == 0xFF:
        mark = content[place + 1]
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):  # a start of frame
            height, width = content[place + 5 : place + 7], content[place + 7 : place + 9]
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    raise ApiError("IMAGE_PROCESS_FAILED")


def _check_commands(params: Values) -> None:
    if len(params["commands"]) > 100:
        raise ApiError("BOT_COMMANDS_TOO_MUCH")
    for command in params["commands"]:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise ApiError("BOT_COMMAND_INVALID")
        if not 1 <= units(command["description"]) <= 256:
            raise ApiError("BOT_COMMAND_DESCRIPTION_INVALID")


def _check_language(params: Values) -> None:
    # Telegram knows languages by ISO 639-1 only: Darija (ary) has no menu of its own
    if not re.fullmatch(r"([a-z]{2})?", params.get("language_code", "")):
        raise ApiError("invalid language code specified")


def _check_webhook(params: Values) -> None:
    if params["url"] and not re.match(r"https://|http://(127\.0\.0\.1|localhost)[:/]", params["url"]):
        raise ApiError("bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", params.get("secret_token", "")):
        raise ApiError("secret token contains unallowed characters")
    if not 1 <= params.get("max_connections", 40) <= 100:
        raise ApiError("bad webhook: max_connections must be between 1 and 100")


def _check_action(params: Values) -> None:
    kinds = "photo|video|voice|document|video_note"
    if not re.fullmatch(f"typing|choose_sticker|find_location|(upload|record)_({kinds})", params["action"]) or params[
        "action"
    ] in ("record_photo", "record_document"):
        raise ApiError("wrong parameter action in request")


def _check_toast(params: Values) -> None:
    if units(params.get("text", "")) > TOAST_LIMIT:
        raise ApiError("MESSAGE_TOO_LONG")


OF_METHOD: dict[str, Callable[[Values], None]] = {
    "setMyCommands": _check_commands,
    "setWebhook": _check_webhook,
    "sendChatAction": _check_action,
    "answerCallbackQuery": _check_toast,
}


def _newer_client_knows(method: str, unknown: Finding) -> bool:
    """Tell a parameter added since the published types from a misspelt one: aiogram follows a later API."""
    known = getattr(aiogram.methods, method[0].upper() + method[1:], None)
    field = known.model_fields.get(unknown.what.partition(" ")[0]) if known else None
    return field is not None and not (field.json_schema_extra or {}).get("deprecated")


def check_call(method: str, params: Values) -> list[str]:
    """Refuse a call that breaks a rule; return what only deserves a warning."""
    if method not in SPEC["methods"]:
        raise ApiError("Not Found", 404)
    fields = SPEC["methods"][method].get("fields", {})
    found = list(in_object(params, fields, method))
    for one in found:
        if not one.newer or (one.where == method and not _newer_client_knows(method, one)):
            raise ApiError(str(one))
    if "reply_markup" in params:
        check_keyboard(params["reply_markup"])
    _check_language(params)
    if rule := OF_METHOD.get(method):
        rule(params)
    return [str(one) for one in found]
