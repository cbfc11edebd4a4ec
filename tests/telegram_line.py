"""The real Telegram channel and post of a city, on a line to a `BotApi`, and what people do with it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from aiohttp import web
from bot_api import BotApi, Phone
from conftest import City
from sqlalchemy import func, select

from bot.channels.telegram import Telegram
from bot.post import Post
from bot.rooms import AT_ONCE
from bot.server import application
from storage import arrivals, conversations, outbox
from storage.arrivals import Arrival
from storage.conversations import Sender
from storage.letters import Letter
from storage.outbox import Batch, Outbound

SECRET = "secret-of_the_webhook"  # what a webhook's address must be told with each update
LANGUAGE = {"fr": ("Français", "J'ai compris", "menu"), "ary": ("الدارجة", "فهمت", "القائمة")}
numbers = count(1)


@asynccontextmanager
async def api_without_complaints(**rules: Any) -> AsyncIterator[BotApi]:
    """Telegram, which in the end must have had nothing to complain of."""
    async with BotApi(**{"retry_delay": 0.05, **rules}) as api:
        yield api
        assert api.complaints == []


def forgives(api: BotApi, words: str) -> None:
    """Leave out complaints of what is no fault in this test."""
    api.complaints[:] = [complaint for complaint in api.complaints if words not in complaint]


@dataclass
class Line:
    """One process: its channel, its post, and where its webhook listens."""

    channel: Telegram
    post: Post
    url: str = ""


@asynccontextmanager
async def line(city: City, api: BotApi, way: str = "none", at_once: int = AT_ONCE) -> AsyncIterator[Line]:
    """Serve the city on Telegram by `polling` or `webhook`; `none` only delivers."""
    async with AsyncExitStack() as stack:
        channel = Telegram(city.runner, city.home.id, api.token, api.base)
        stack.push_async_callback(channel.close)
        wire = Line(channel, Post(city.database, city.home.id, "telegram", channel.send, at_once=at_once))
        city.runner.hears("telegram", wire.post.offer)
        jobs = [wire.post.run()]
        if way == "polling":
            jobs.append(channel.poll())
        if way == "webhook":
            wire.url = await stack.enter_async_context(_listening(channel))
            await channel.register_webhook(wire.url, SECRET)
        tasks = [asyncio.create_task(job) for job in jobs]
        stack.push_async_callback(_end, tasks)
        yield wire


@asynccontextmanager
async def _listening(channel: Telegram) -> AsyncIterator[str]:
    app = application()
    app.router.add_post("/telegram/webhook", channel.webhook(SECRET))
    server = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await server.setup()
    await web.TCPSite(server, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{server.addresses[0][1]}/telegram/webhook"
    await server.cleanup()


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        assert isinstance(result, asyncio.CancelledError), result


def sender(city: City, phone: Phone) -> Sender:
    return Sender(city.home.id, "telegram", str(phone.chat_id), phone.user.get("language_code"))


async def says(city: City, phone: Phone, *texts: str, to: Post | None = None, **more: Any) -> list[Letter]:
    """Have Sawt say something to a person, out of turn: it is in the outbox, and this post is told."""
    messages = [{"text": text, "language": "fr", **more} for text in texts]
    async with city.database.writing() as db:
        talk = await arrivals.receive(db, Arrival(sender(city, phone), f"out {next(numbers)}"), city.now)
        [said] = await conversations.save_all(db, [(talk, Batch(messages, outbox.WAITING, "trace", city.now))])
    place = str(phone.chat_id)
    letters = [
        Letter(id, talk.address_id, "telegram", city.home.id, place, message)
        for id, message in zip(said.ids, messages, strict=True)
    ]
    if to:
        to.offer(letters, said.older)
    return letters


async def delivered(city: City, within: float = 10.0) -> None:
    """Wait until nothing waits in the outbox any more."""
    async with asyncio.timeout(within):
        while await waiting(city):
            await asyncio.sleep(0.05)


async def waiting(city: City) -> int:
    """How many letters wait."""
    async with city.database.reading() as db:
        query = select(func.count()).select_from(Outbound).where(Outbound.status == outbox.WAITING)
        return int(await db.scalar(query) or 0)


def texts(phone: Phone) -> list[str]:
    """What stands on the screen, the oldest first."""
    return [seen.text or seen.caption for seen in phone.screen]


async def arrives(phone: Phone, language: str = "fr") -> None:
    """The first contact, up to the menu."""
    own, understood, menu = LANGUAGE[language]
    await phone.says("/start")
    await phone.taps(own)
    await phone.taps(understood)
    await phone.sees(menu)


async def opens_name(phone: Phone, petition: str = "Des arbres") -> None:
    """A petition in French, up to the question for the name."""
    await phone.says("/petitions")
    await phone.taps(petition)
    await phone.taps("Soutenir")
    await phone.taps("J'accepte")
    await phone.sees("nom complet")


async def supports(phone: Phone, petition: str = "Des arbres", cin: str = "I123456") -> None:
    """The whole way to a declaration of support, in French."""
    await opens_name(phone, petition)
    await phone.says("Ada Lahlou")
    await phone.sees("numéro de CIN")
    await phone.says(cin)
    await phone.taps("Ourbiaa")
    await phone.taps("Confirmer")
    await phone.sees("est enregistrée")
