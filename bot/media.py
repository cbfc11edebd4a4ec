"""What people send: taken only where the open question asks for it, known by its bytes and never by its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import filetype

from bot import photos, recordings
from bot.sizes import Sizes
from flows.questions import NOT_RECEIVED, TOO_LARGE, WRONG_TYPE, Reply
from storage import media, places
from storage.conversations import Sender
from storage.database import Database
from storage.media import DOCUMENT, KINDS, LIST, PHOTO, VOICE

_OFFICE = "application/vnd.openxmlformats-officedocument."
# Nothing that a browser or an office program would run: no HTML, SVG, archives, old Office files, programs.
TYPES = {
    "image/jpeg": (PHOTO, "jpg"),
    "image/png": (PHOTO, "png"),
    "image/webp": (PHOTO, "webp"),
    "audio/ogg": (VOICE, "ogg"),
    "audio/mpeg": (VOICE, "mp3"),
    "audio/mp4": (VOICE, "m4a"),
    "audio/aac": (VOICE, "aac"),
    "audio/amr": (VOICE, "amr"),
    "audio/x-wav": (VOICE, "wav"),
    "application/pdf": (DOCUMENT, "pdf"),
    f"{_OFFICE}wordprocessingml.document": (DOCUMENT, "docx"),
    f"{_OFFICE}spreadsheetml.sheet": (DOCUMENT, "xlsx"),
    "application/vnd.oasis.opendocument.text": (DOCUMENT, "odt"),
}
_CSV, _XLSX = "text/csv", f"{_OFFICE}spreadsheetml.sheet"
_SIZES = Sizes()
_MACROS = b"vbaProject"  # in a document that would run when it is opened


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes in what people send, for all channels."""

    database: Database
    sizes: Sizes = _SIZES

    async def wanted(self, sender: Sender) -> list[str]:
        """What the open question of this person takes; nothing else is fetched."""
        async with self.database.reading() as db:
            return [kind for kind in await places.takes(db, sender) if kind in KINDS]

    async def keep(self, sender: Sender, wanted: Sequence[str], content: bytes, words: str, now: datetime) -> Reply:
        """Keep what was sent, and the reply that it is; or a reply that says what is wrong with it."""
        kind, type = kind_of(content, wanted)
        if not kind:
            return Reply(text=words, kind=DOCUMENT, fault=WRONG_TYPE if content else NOT_RECEIVED)
        if len(content) > getattr(self.sizes, kind):
            return Reply(text=words, kind=kind, fault=TOO_LARGE)
        if type.startswith("image/"):
            try:
                content = await photos.bare(content, type)
            except photos.Unreadable:
                return Reply(text=words, kind=kind, fault=WRONG_TYPE)
        elif kind == VOICE:
            content = recordings.bare(content, type)
        async with self.database.writing() as db:
            place = await places.place(db, sender)
            if place is None:
                return Reply(text=words, kind=kind)
            id = await media.keep(db, sender.commune_id, place.acts_as, kind, type, content, now)
        return Reply(text=words, kind=kind, media=id)


def kind_of(content: bytes, wanted: Sequence[str]) -> tuple[str, str]:
    """As which of the kinds wanted these bytes can be taken, and their type; nothing if as none."""
    if LIST in wanted:
        return (LIST, _CSV if _is_text(content) else _XLSX) if _is_list(content) else ("", "")
    type = type_of(content)
    kind, _ending = TYPES.get(type, ("", ""))
    if kind == PHOTO and PHOTO not in wanted:
        kind = DOCUMENT  # a paper that was photographed
    return (kind, type) if kind in wanted and _MACROS not in content else ("", "")


def _is_list(content: bytes) -> bool:
    """A workbook, or text: only staff are asked for one, and it is read here and never handed out."""
    return (content.startswith(b"PK") and _MACROS not in content) or _is_text(content)


def _is_text(content: bytes) -> bool:
    return bool(content) and b"\x00" not in content and not content.startswith((b"PK", b"%PDF"))


def type_of(content: bytes) -> str:
    """What these bytes are, if it is one of TYPES; else just bytes."""
    found = filetype.guess_mime(content) or ""
    return found if found in TYPES else "application/octet-stream"


def name_of(content: bytes, kind: str) -> str:
    """A name for a file whose own name nobody kept."""
    return f"{kind}.{TYPES.get(type_of(content), ('', 'bin'))[1]}"
