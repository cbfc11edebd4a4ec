"""How both aiogram peers are served: aiogram's own session, dispatcher and webhook handler."""

import uvloop
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.storage.base import BaseStorage, DefaultKeyBuilder
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from benchmarks.peers.surroundings import API, PORT, REDIS_URL, SECRET, TOKEN, Postgres, Sqlite


def storage(kind: str) -> BaseStorage:
    """Where states are kept: memory or redis."""
    if kind == "memory":
        return MemoryStorage()
    return RedisStorage.from_url(REDIS_URL, key_builder=DefaultKeyBuilder(with_destiny=True))


def serve(dispatcher: Dispatcher, signatures: Sqlite | Postgres) -> None:
    """Serve for ever; an update is answered before its webhook is, so that none is lost."""
    uvloop.install()
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(API)))
    dispatcher.startup.register(signatures.open)
    app = web.Application()
    handler = SimpleRequestHandler(dispatcher, bot, secret_token=SECRET, handle_in_background=False)
    handler.register(app, path="/webhook")
    setup_application(app, dispatcher, bot=bot)
    web.run_app(app, host="127.0.0.1", port=PORT, access_log=None, print=None)
