"""What people send on Telegram, fetched where the open question takes it."""

from collections.abc import Sequence
from dataclasses import replace

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiohttp import ClientError

from bot.channels.telegram_session import JsonSession
from bot.channels.telegram_updates import File, Heard
from bot.incoming import Incoming
from bot.journal import log
from bot.media import Intake
from bot.runner import Runner
from bot.sizes import MEGABYTE
from flows.questions import NOT_RECEIVED, TOO_LARGE, Reply

_MOST = 20 * MEGABYTE  # https://core.telegram.org/bots/api#getfile


class Files:
    """Fetches files for a bot."""

    def __init__(self, bot: Bot, session: JsonSession, runner: Runner, intake: Intake):
        self._bot, self._session, self._runner, self._intake = bot, session, runner, intake

    async def taken(self, heard: Heard) -> Incoming | None:
        """What was heard, with what was sent along where it is wanted."""
        incoming, file = heard.incoming, heard.file
        if incoming is None or file is None:
            return incoming
        if not (wanted := await self._intake.wanted(incoming.sender)):
            return incoming
        return replace(incoming, reply=await self._reply(incoming, file, wanted))

    async def _reply(self, incoming: Incoming, file: File, wanted: Sequence[str]) -> Reply:
        said, most = incoming.reply, min(_MOST, self._intake.sizes.of(wanted))
        if file.size > most:
            return replace(said, fault=TOO_LARGE)
        try:
            found = await self._session.call(self._bot, "getFile", {"file_id": file.id})
            content = await self._session.download(self._bot, found["file_path"], most)
        except (TelegramAPIError, ClientError, TimeoutError, OSError, KeyError) as error:
            log.warning("file_not_received", why=type(error).__name__)
            return replace(said, fault=NOT_RECEIVED)
        if content is None:
            return replace(said, fault=TOO_LARGE)
        kept = await self._intake.keep(incoming.sender, wanted, content, said.text, self._runner.now())
        return replace(kept, is_one_of_many=said.is_one_of_many)
