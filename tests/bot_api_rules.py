"""What the Bot API refuses in a call: values of the wrong type, broken HTML, texts and keyboards too big."""

import gzip
import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import aiogram.methods

SPEC: dict[str, Any] = json.loads(
    gzip.decompress((Path(__file__).parent / "specs" / "telegram_api.json.gz").read_bytes())
)

TEXT_LIMIT, CAPTION_LIMIT, TOAST_LIMIT = 4096, 1024, 200
PHOTO_LIMIT, DOCUMENT_LIMIT = 10 * 1024 * 1024, 50 * 1024 * 1024

Values = dict[str, Any]


class ApiError(Exception):
    """An answer with `ok: false`; `expected` ones are part of life, the others are faults of the caller."""

    def __init__(self, description: str, code: int = 400, *, expected: bool = False, retry_after: float = 0):
        """Keep the description in Telegram's words, without the name of the code."""
        super().__init__(description)
        self.code, self.expected, self.retry_after = code, expected, retry_after

    def json(self) -> Values:
        """Return the body of the answer as api.telegram.org writes it."""
        names = {400: "Bad Request: ", 403: "Forbidden: ", 409: "Conflict: ", 429: "Too Many Requests: "}
        body: Values = {
            "ok": False,
            "error_code": self.code,
            "description": f"{names.get(self.code, '')}{self}",
        }
        if self.retry_after:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def units(text: str) -> int:
    """Count as Telegram counts: UTF-16 code units, so that an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# --- types -----------------------------------------------------------------------------------------------


class Finding(NamedTuple):
    """Something that does not agree with the published types; a field they do not know may just be newer."""

    where: str
    what: str
    newer: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


SCALARS: dict[str, Callable[[Any], bool]] = {
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "Boolean": lambda value: isinstance(value, bool),
    "String": lambda value: isinstance(value, str),
    "InputFile": lambda value: isinstance(value, str),  # an uploaded part stands here as attach://<its name>
}


def findings(value: Any, kinds: list[str], where: str) -> list[Finding]:
    """Compare with each kind that may stand here and return what disagrees with the nearest one."""
    readings = [list(_findings(value, kind, where)) for kind in kinds]
    return min(readings, key=lambda found: sum(1 if one.newer else 1000 for one in found))


def _findings(value: Any, kind: str, where: str) -> Iterator[Finding]:
    if kind.startswith("Array of "):
        yield from _in_array(value, kind.removeprefix("Array of "), where)
    elif kind in SCALARS:
        if not SCALARS[kind](value):
            yield Finding(where, f"{kind} expected, not {value!r:.60}")
    elif subtypes := SPEC["types"][kind].get("subtypes"):
        yield from findings(value, subtypes, where)
    elif not isinstance(value, dict):
        yield Finding(where, f"{kind} expected, not {value!r:.60}")
    else:
        yield from in_object(value, SPEC["types"][kind].get("fields", {}), where)


def _in_array(value: Any, kind: str, where: str) -> Iterator[Finding]:
    if not isinstance(value, list):
        yield Finding(where, f"Array of {kind} expected, not {value!r:.60}")
        return
    for place, one in enumerate(value):
        yield from _findings(one, kind, f"{where}[{place}]")


def in_object(value: Values, fields: dict[str, Any], where: str) -> Iterator[Finding]:
    """Compare an object with its fields: the missing, the unknown, the wrongly typed."""
    for name, field in fields.items():
        if field.get("required") and name not in value:
            yield Finding(where, f"{name} is missing")
    for name, one in value.items():
        if name not in fields:
            yield Finding(where, f"{name} is not known to the {SPEC['version']}", newer=True)
        elif one != (constant := fields[name].get("const", one)):
            yield Finding(f"{where}.{name}", f"{constant!r} expected, not {one!r:.60}")
        else:
            yield from findings(one, fields[name]["types"], f"{where}.{name}")


def decoded(method: str, params: Values, *, form: bool) -> Values:
    """Read the values of a form, which are all text, by the types of the method's parameters."""
    fields = SPEC["methods"].get(method, {}).get("fields", {})
    return {
        name: _decoded(value, fields[name]["types"], name, form) if name in fields else value
        for name, value in params.items()
    }


def _decoded(value: Any, kinds: list[str], name: str, form: bool) -> Any:
    if not isinstance(value, str):
        return value
    # JSON within text is taken in a JSON body too, as the API does
    if "String" not in kinds and value[:1] in ("{", "["):
        return _from_json(value, name)
    if not form:
        return value
    if "Integer" in kinds and re.fullmatch(r"-?[0-9]+", value):
        return int(value)
    if "Float" in kinds and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
        return float(value)
    if kinds == ["Boolean"]:
        return {"true": True, "1": True, "false": False, "0": False}.get(value.lower(), value)
    return value


def _from_json(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise ApiError(f"can't parse {name.replace('_', ' ')} JSON object") from None


# --- texts -----------------------------------------------------------------------------------------------

# the tags of https://core.telegram.org/bots/api#html-style: the entity they become, the attributes they take
TAGS: dict[str, tuple[str, set[str]]] = {
    **{name: ("bold", set()) for name in ("b", "strong")},
    **{name: ("italic", set()) for name in ("i", "em")},
    **{name: ("underline", set()) for name in ("u", "ins")},
    **{name: ("strikethrough", set()) for name in ("s", "strike", "del")},
    "span": ("spoiler", {"class"}),
    "tg-spoiler": ("spoiler", set()),
    "a": ("text_link", {"href"}),
    "code": ("code", {"class"}),
    "pre": ("pre", set()),
    "blockquote": ("blockquote", {"expandable"}),
    "tg-emoji": ("custom_emoji", {"emoji-id"}),
    "tg-time": ("date_time", {"unix", "format"}),
}
PIECE = re.compile(
    r"""<(?P<end>/?)(?P<tag>[a-z][a-z0-9-]*)(?P<attributes>(?:\s+[a-z-]+(?:="[^"]*"|='[^']*'|=[^\s"'<>/]+)?)*)\s*>
    |&(?P<entity>[a-z]+|\#[0-9]+|\#x[0-9a-f]+);|(?P<stray>[<>&])""",
    re.VERBOSE | re.IGNORECASE,
)
ATTRIBUTE = re.compile(r"""([a-z-]+)(?:="([^"]*)"|='([^']*)'|=(\S+))?""", re.IGNORECASE)


class HtmlText:
    """Reads a text with parse_mode HTML into the plain text and its entities, or refuses it."""

    def __init__(self, source: str):
        """Read the whole source."""
        self.source, self.plain = source, ""
        self.entities: list[Values] = []
        self._open: list[tuple[str, Values]] = []
        place = 0
        for piece in PIECE.finditer(source):
            self.plain += source[place : piece.start()]
            place = piece.end()
            self._take(piece)
        self.plain += source[place:]
        if self._open:
            self._refuse(f'Can\'t find end tag corresponding to start tag "{self._open[-1][0]}"')
        self.entities = sorted(
            (entity for entity in self.entities if entity["length"]),
            key=lambda entity: (entity["offset"], -entity["length"]),
        )

    def _refuse(self, why: str) -> None:
        raise ApiError(f"can't parse entities: {why}")

    def _take(self, piece: re.Match[str]) -> None:
        at = f"at byte offset {len(self.source[: piece.start()].encode())}"
        if entity := piece["entity"]:
            if not entity.startswith("#") and entity not in ("lt", "gt", "amp", "quot"):
                self._refuse(f'Unsupported named entity "&{entity};" {at}')
            self.plain += html.unescape(f"&{entity};")
        elif piece["stray"]:
            self._refuse(f'Unescaped character "{piece["stray"]}" {at}')
        elif piece["end"]:
            self._end(piece["tag"].lower(), at)
        else:
            self._start(piece["tag"].lower(), piece["attributes"], at)

    def _start(self, tag: str, attributes: str, at: str) -> None:
        kind, known = TAGS.get(tag, ("", set()))
        given = {name.lower(): html.unescape(a or b or c) for name, a, b, c in ATTRIBUTE.findall(attributes)}
        if not kind or set(given) - known:
            self._refuse(f'Unsupported start tag "{tag}{attributes}" {at}')
        outer = [entity["type"] for _, entity in self._open]
        if "code" in outer or (kind == "blockquote" and "blockquote" in outer):
            self._refuse(f'Tag "{tag}" can\'t stand within "{self._open[-1][0]}" {at}')
        if "pre" in outer and tag != "code":
            self._refuse(f'Tag "{tag}" can\'t stand within "pre" {at}')
        entity = {"type": kind, "offset": units(self.plain), **self._details(tag, given, at)}
        self._open.append((tag, entity))

    def _details(self, tag: str, given: dict[str, str], at: str) -> Values:
        if tag == "span" and given.get("class") != "tg-spoiler":
            self._refuse(f'Tag "span" must have class "tg-spoiler" {at}')
        if tag == "a":
            if not re.match(r"(https?://|tg://|mailto:|tel:)", given.get("href", "")):
                self._refuse(f'Tag "a" must have a link in "href" {at}')
            return {"url": given["href"]}
        if tag == "tg-emoji":
            return {"custom_emoji_id": given.get("emoji-id", "")}
        if tag == "tg-time" and given.get("unix", "").isdigit():
            return {"unix_time": int(given["unix"])}
        if tag == "code" and "class" in given:
            return {"language": given["class"].removeprefix("language-")}
        return {"type": "expandable_blockquote"} if "expandable" in given else {}

    def _end(self, tag: str, at: str) -> None:
        if not self._open:
            self._refuse(f"Unexpected end tag {at}")
        expected, entity = self._open.pop()
        if tag != expected:
            self._refuse(f'Unmatched end tag {at}, expected "</{expected}>", found "</{tag}>"')
        entity["length"] = units(self.plain) - entity["offset"]
        if self._open and self._open[-1][0] == "pre" and "language" in entity:
            self._open[-1][1]["language"] = entity["language"]
        elif not (self._open and self._open[-1][0] == "pre"):
            if entity["type"] == "code":  # only a block has a language
                entity.pop("language", None)
            self.entities.append(entity)


def parsed(params: Values, name: str = "text", limit: int = TEXT_LIMIT) -> tuple[str, list[Values]]:
    """Return the plain text a reader sees and its entities, within the limit."""
    source, mode = params.get(name, ""), params.get("parse_mode", "")
    if mode.lower() not in ("", "html"):
        raise ApiError(f"unsupported parse_mode {mode!r} (this stub reads only HTML)")
    if any("\ud800" <= sign <= "\udfff" for sign in source):
        raise ApiError("strings must be encoded in UTF-8")
    entities = params.get("entities" if name == "text" else "caption_entities", [])
    if mode:
        read = HtmlText(source)
        source, entities = read.plain, read.entities
    text = source.strip()
    if units(text) > limit:
        raise ApiError("message is too long" if name == "text" else "message caption is too long")
    return text, _moved(entities, units(source[: len(source) - len(source.lstrip())]), units(text))


def _moved(entities: list[Values], back: int, end: int) -> list[Values]:
    """Fit the entities to the text without the blanks around it, which Telegram cuts off."""
    fitted = []
    for entity in entities:
        start = max(entity["offset"] - back, 0)
        stop = min(entity["offset"] + entity["length"] - back, end)
        if stop > start:
            fitted.append({**entity, "offset": start, "length": stop - start})
    return fitted


# --- keyboards, pictures, settings -----------------------------------------------------------------------


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
