"""What goes out to WhatsApp: within a day of the person's last message anything, afterwards an approved template."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot import templates
from bot.channels import whatsapp_letters as letters
from bot.channels.whatsapp_calls import Graph
from bot.channels.whatsapp_media import AUDIO, Files
from bot.channels.whatsapp_pace import NumberPace
from bot.channels.whatsapp_tier import Tier
from bot.journal import log
from bot.outcomes import Refused, TryLater, Withheld
from storage import fates, lines
from storage.database import Database
from storage.letters import Handed, Letter
from storage.lines import CHANNEL, Who

_TIER_AGAIN = 1800.0  # seconds until the limit of a day is looked at again


def utc_now() -> datetime:
    """The time, as the day after a message is counted."""
    return datetime.now(UTC)


class Out:
    """Delivers letters from one number."""

    def __init__(
        self, database: Database, graph: Graph, number: str, pace: NumberPace, now: Callable[[], datetime] = utc_now
    ):
        self.database, self.graph, self.number, self._pace, self._now = database, graph, number, pace, now
        self._files, self._tier = Files(database, graph, number), Tier(graph, number, pace.rates.tier)

    async def send(self, letter: Letter) -> Handed:
        """Deliver a letter; what WhatsApp calls it.  Raises as `bot.post` expects."""
        async with self.database.reading() as db:
            ends = await lines.ends(db, letter.commune_id, letter.external_id)
        if ends is None:
            raise Refused("no such line")
        if self._now() < ends.until:
            return Handed(await self._said(letter, ends.who))
        template, content = await self._template(letter)
        await self._pace.turn(letter.external_id)
        return Handed(await self._post(letters.addressed(content, ends.who)), template)

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
        if lacks := templates.lacking(letter.message):
            log.error("template_lacks", template=filled[0], values=lacks)
        if tier := await self._tier.now():
            async with self.database.reading() as db:
                begun = await fates.begun_today(db, letter.commune_id, CHANNEL, letter.address_id, self._now())
            if begun >= tier:
                raise Withheld("tier", _TIER_AGAIN)
        return filled

    async def _said(self, letter: Letter, who: Who) -> str:
        """Say it as it is; a voice note has no words under it and no buttons, so they follow."""
        file = await self._files.of(letter.message, letter.announcement is not None)
        contents = [letters.written(letter.message, file)]
        if file and file.kind == AUDIO:
            words = {key: value for key, value in letter.message.items() if key != "document"}
            contents = [letters.played(file), *([letters.written(words)] if words["text"] or _offers(words) else [])]
        try:
            for content in contents:
                await self._pace.turn(letter.external_id)
                id = await self._post(letters.addressed(content, who))
        except Refused:
            if file and await self._files.forget(letter.message):
                raise TryLater("the file is handed over again") from None
            raise
        return id


def _offers(message: dict[str, Any]) -> bool:
    return bool(message.get("buttons") or message.get("list"))
