"""Files in the web chat: taken where the open question asks for one, handed out to whom they were sent."""

import re
from typing import Any
from urllib.parse import quote

from aiohttp import hdrs, web

from bot.channels.streams import read_up_to
from bot.media import name_of, type_of
from bot.server import refusal
from reports import drawings
from storage.database import Database

CONTENT = "application/octet-stream"  # a form of another site cannot send it
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
# What a browser may be told; all else is just bytes, to be saved.
_ENDINGS = {
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": "text/csv",
    "ics": "text/calendar",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Whatever it holds, nothing of it runs here.
_ALONE = {"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'"}


async def upload(request: web.Request, most: int) -> bytes | None:
    """The bytes of a file, or nothing if there are more of them."""
    return None if (request.content_length or 0) > most else await read_up_to(request.content, most)


async def handed_out(message: dict[str, Any], database: Database) -> web.Response:
    """The picture or the document of a message."""
    drawing = message.get("picture") or message["document"]
    try:
        content = await drawings.drawn(drawing, database)
    except drawings.Gone:
        return refusal(410, "gone")
    if "media" in drawing:
        return _answer(
            content, type_of(content), name_of(content, drawing["kind"]), is_shown=drawing["kind"] != "document"
        )
    if "picture" in message:
        return _answer(content, "image/png", "picture.png", is_shown=True)
    ending = drawing["name"].rpartition(".")[2]
    return _answer(content, _ENDINGS.get(ending, CONTENT), drawing["name"], is_shown=False)


def _answer(content: bytes, type: str, name: str, is_shown: bool) -> web.Response:
    way = "inline" if is_shown else "attachment"
    plain = _UNSAFE.sub("_", name)
    headers = {**_ALONE, hdrs.CONTENT_DISPOSITION: f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"}
    return web.Response(body=content, content_type=type, headers=headers)
