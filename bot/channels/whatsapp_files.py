"""What people send on WhatsApp, fetched where the open question takes it: at once, since its link is good for minutes.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.channels.whatsapp_calls import Graph
from bot.channels.whatsapp_updates import File
from bot.incoming import Incoming
from bot.journal import log
from bot.media import Intake
from bot.outcomes import Refused, TryLater, Unreachable, Withheld
from bot.runner import Runner
from flows.questions import NOT_RECEIVED, TOO_LARGE, Reply


class Files:
    """Fetches files for a number."""

    def __init__(self, graph: Graph, runner: Runner, intake: Intake):
        self._graph, self._runner, self._intake = graph, runner, intake

    async def taken(self, incoming: Incoming, file: File | None) -> Incoming:
        """What was heard, with what was sent along where it is wanted."""
        if file is None or not (wanted := await self._intake.wanted(incoming.sender)):
            return incoming
        return replace(incoming, reply=await self._reply(incoming, file, wanted))

    async def _reply(self, incoming: Incoming, file: File, wanted: Sequence[str]) -> Reply:
        said, most = incoming.reply, self._intake.sizes.of(wanted)
        try:
            content = await self._fetched(file, most)
        except ValueError:
            return replace(said, fault=TOO_LARGE)
        except (TryLater, Refused, Withheld, Unreachable, KeyError, TypeError) as error:
            log.warning("file_not_received", why=type(error).__name__)
            return replace(said, fault=NOT_RECEIVED)
        return await self._intake.keep(incoming.sender, wanted, content, said.text, self._runner.now())

    async def _fetched(self, file: File, most: int) -> bytes:
        """The file; a link that is good no more is asked for anew.  ValueError if it is larger than `most`."""
        for is_last in (False, True):
            about = await self._graph.look(file.id)
            if int(about.get("file_size", 0)) > most:
                raise ValueError("larger than it may be")
            try:
                return await self._graph.download(str(about["url"]), most)
            except TryLater:
                if is_last:
                    raise
        raise AssertionError
