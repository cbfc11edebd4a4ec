"""Telegram's HTML, read as Telegram reads it: into plain text and entities, or refused."""

import html
import re

from bot_api_types import ApiError, Values, units

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024

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
