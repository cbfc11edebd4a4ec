"""What goes out to WhatsApp: within a day of the person's last message anything, afterwards an approved template."""

from datetime import UTC, datetime
from typing import Any

from bot import templates
from bot.channels import whatsapp_letters as letters
from bot.channels.whatsapp_calls import Graph
from bot.channels.whatsapp_pace import NumberPace
from bot.outcomes import Refused, TryLater, Withheld
from reports import drawings
from storage import fates, lines, uploads
from storage.database import Database
from storage.lines import CHANNEL
from storage.outbox import Handed, Letter

# What WhatsApp takes as a document; a calendar file and a CSV go as the text that they are, under their own name.
_OFFICE = "application/vnd.openxmlformats-officedocument."
_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    ".docx": f"{_OFFICE}wordprocessingml.document",
}
_TIER_AGAIN = 1800.0  # seconds until the limit of a day is looked at again


class Out:
    """Delivers letters from one number."""

    def __init__(self, database: Database, graph: Graph, number: str, pace: NumberPace):
        self.database, self.graph, self.number, self._pace = database, graph, number, pace

    async def send(self, letter: Letter) -> Handed:
        """Deliver a letter; what WhatsApp calls it.  Raises as `bot.post` expects."""
        async with self.database.reading() as db:
            ends = await lines.ends(db, letter.commune_id, letter.external_id)
        if ends is None:
            raise Refused("no such line")
        template = None
        if datetime.now(UTC) >= ends.until:
            template, content = await self._template(letter)
        else:
            content = await self._content(letter)
        await self._pace.turn(letter.external_id)
        sent = await self._post(letters.addressed(content, ends.who))
        return Handed(sent, template)

    async def _post(self, message: dict[str, Any]) -> str:
        answer = await self.graph.call(f"{self.number}/messages", message)
        try:
            return str(answer["messages"][0]["id"])
        except (KeyError, IndexError, TypeError):
            raise TryLater("an answer without an id") from None

    async def _template(self, letter: Letter) -> tuple[str, dict[str, Any]]:
        """The template that may be sent in place of the letter, or Withheld."""
        filled = templates.filled(letter.message)
        if filled is None:
            raise Withheld("outside_window")
        tier = self._pace.rates.tier
        if tier:
            async with self.database.reading() as db:
                now = datetime.now(UTC)
                begun = await fates.begun_today(db, letter.commune_id, CHANNEL, letter.address_id, now)
            if begun >= tier:
                raise Withheld("tier", _TIER_AGAIN)
        return filled

    async def _content(self, letter: Letter) -> dict[str, Any]:
        message = letter.message
        what = "document" if "document" in message else "picture"
        if what not in message:
            return letters.written(message)
        name, drawing = _drawing(message[what])
        return letters.written(message, await self._uploaded(name, drawing), name)

    async def _uploaded(self, name: str, drawing: dict[str, Any]) -> str:
        """What WhatsApp calls a file of ours; it is drawn and travels there once in a month.

        Not what is read at that moment: a person's own data are another file each time.
        """
        is_lasting = not any(kind in drawings.READINGS for kind in drawing)
        async with self.database.reading() as db:
            mark = uploads.mark_of(db, drawing)
            known = await uploads.known(db, self.number, mark, datetime.now(UTC)) if is_lasting else None
        if known:
            return known
        content = await drawings.drawn(drawing, self.database)
        id = await self.graph.upload(f"{self.number}/media", name, _type(name), content)
        if not is_lasting:
            return id
        async with self.database.writing() as db:
            await uploads.keep(db, self.number, mark, id, datetime.now(UTC))
        return id


def _drawing(drawing: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return drawing.get("name", "chart.png"), {key: value for key, value in drawing.items() if key != "name"}


def _type(name: str) -> str:
    return _TYPES.get(name[name.rfind(".") :].lower(), "text/plain")
