"""The real WhatsApp channel and post of a city, on a line to a `GraphApi`, and what people do with it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp import web
from conftest import City
from graph_api import GraphApi, Phone

from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_account import Account
from bot.channels.whatsapp_calls import Graph
from bot.channels.whatsapp_out import Out, utc_now
from bot.channels.whatsapp_pace import NumberPace, Rates
from bot.channels.whatsapp_webhook import Webhook
from bot.post import Post
from bot.server import application

VERIFY = "the verify token"
SAYS = {
    "fr": ("Français", "J'ai compris", "Que souhaitez-vous faire"),
    "ary": ("الدارجة", "فهمت", "شنو بغيتو ديرو"),
}


@asynccontextmanager
async def api_without_complaints() -> AsyncIterator[GraphApi]:
    """WhatsApp, which in the end must have had nothing to complain of."""
    async with GraphApi() as api:
        yield api
        assert api.complaints == [], api.complaints


@dataclass
class Line:
    """One process: its channel, its post, and where its webhook listens."""

    channel: WhatsApp
    post: Post
    url: str
    asked: aiohttp.ClientSession = field(repr=False)

    async def verify(self, **query: str) -> tuple[int, str]:
        """What Meta asks when the webhook is set up."""
        named = {f"hub.{name}": value for name, value in query.items()}
        async with self.asked.get(self.url, params=named) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def line(city: City, api: GraphApi, now: Callable[[], datetime] = utc_now, **rates: Any) -> AsyncIterator[Line]:
    """Serve the city on WhatsApp; `now` is the clock by which the day after a message ends."""
    async with AsyncExitStack() as stack:
        account = Account(api.number, api.token, api.secret, VERIFY, api.business)
        graph = Graph(api.base, api.token)
        out = Out(city.database, graph, api.number, NumberPace(Rates(**rates)), now)
        channel = WhatsApp(city.runner, city.home.id, account, graph, out)
        stack.push_async_callback(channel.close)
        post = Post(city.database, city.home.id, "whatsapp", channel.send)
        channel.look, channel.pause = post.look, post.tempo.pause
        city.runner.hears("whatsapp", post.offer, city.home.id)
        api.webhook = await stack.enter_async_context(_listening(channel))
        task = asyncio.create_task(post.run())
        stack.push_async_callback(_end, task)
        asked = await stack.enter_async_context(aiohttp.ClientSession())
        yield Line(channel, post, api.webhook, asked)


@asynccontextmanager
async def _listening(channel: WhatsApp) -> AsyncIterator[str]:
    app = application()
    app.add_routes(Webhook([channel]).routes())
    server = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await server.setup()
    await web.TCPSite(server, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{server.addresses[0][1]}/whatsapp/webhook"
    await server.cleanup()


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    [result] = await asyncio.gather(task, return_exceptions=True)
    assert isinstance(result, asyncio.CancelledError), result


async def arrives(phone: Phone, language: str = "fr", link: str = "") -> None:
    """The first contact, up to the menu."""
    own, understood, menu = SAYS[language]
    await phone.says(link or "bonjour")
    await phone.taps(own)
    await phone.taps(understood)
    if not link:
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
