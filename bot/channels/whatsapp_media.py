"""Our files on their way to WhatsApp: pictures, voice notes, documents; each travels there once in a month."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot import photos
from bot.channels.whatsapp_calls import Graph
from bot.media import name_of, type_of
from bot.outcomes import Refused
from reports import drawings
from storage import uploads
from storage.database import Database
from storage.media import VOICE

IMAGE, AUDIO, DOCUMENT = "image", "audio", "document"
_OFFICE = "application/vnd.openxmlformats-officedocument."
# What WhatsApp takes as a document; a calendar file and a CSV go as the text that they are, under their own name.
_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    ".docx": f"{_OFFICE}wordprocessingml.document",
}
_SHOWN = ("image/png", "image/jpeg")
_PLAYED = ("audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/amr")


@dataclass(frozen=True, slots=True)
class Sent:
    """A file there: as what it is shown, what WhatsApp calls it, and its name."""

    kind: str
    id: str
    name: str = ""


class Files:
    """Hands files to one number."""

    def __init__(self, database: Database, graph: Graph, number: str):
        self.database, self.graph, self.number = database, graph, number

    async def of(self, message: dict[str, Any], is_announced: bool) -> Sent | None:
        """What the message carries, there already or handed over now."""
        drawing = message.get("document") or message.get("picture")
        if drawing is None:
            return None
        # A person's own data are another file each time, and what people sent is not left lying there.
        is_lasting = is_announced or not any(kind in drawings.READINGS for kind in drawing)
        async with self.database.reading() as db:
            mark = uploads.mark_of(db, drawing)
            known = await uploads.known(db, self.number, mark, datetime.now(UTC)) if is_lasting else None
        if known:
            kind, id, name = known.split(" ", 2)
            return Sent(kind, id, name)
        sent = await self._hand_over(message, drawing)
        if is_lasting:
            async with self.database.writing() as db:
                await uploads.keep(db, self.number, mark, f"{sent.kind} {sent.id} {sent.name}", datetime.now(UTC))
        return sent

    async def forget(self, message: dict[str, Any]) -> bool:
        """It was not taken: perhaps WhatsApp does not have it any more; whether it was remembered."""
        drawing = message.get("document") or message.get("picture")
        if drawing is None:
            return False
        async with self.database.writing() as db:
            return await uploads.drop(db, self.number, uploads.mark_of(db, drawing))

    async def _hand_over(self, message: dict[str, Any], drawing: dict[str, Any]) -> Sent:
        try:
            content = await drawings.drawn(drawing, self.database)
        except drawings.Gone:
            raise Refused("not kept any more") from None
        kind, name, type = _as_what(message, drawing, content)
        if kind == IMAGE and type not in _SHOWN:
            name, type, content = "photo.png", "image/png", await asyncio.to_thread(photos.as_png, content)
        return Sent(kind, await self.graph.upload(f"{self.number}/media", name, type, content), name)


def _as_what(message: dict[str, Any], drawing: dict[str, Any], content: bytes) -> tuple[str, str, str]:
    """As what it is shown, its name and its type."""
    if "media" in drawing:
        name, type = name_of(content, drawing["kind"]), type_of(content)
        if drawing["kind"] == VOICE and type in _PLAYED:
            return AUDIO, name, type
        return IMAGE if "picture" in message else DOCUMENT, name, type
    if "picture" in message:
        return IMAGE, "picture.png", "image/png"
    name = drawing["name"]
    return DOCUMENT, name, _TYPES.get(name[name.rfind(".") :].lower(), "text/plain")
