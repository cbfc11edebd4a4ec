"""The one webhook of an installation: Meta's question at the start, then signed batches for any of its numbers.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/create-webhook-endpoint
"""

import hashlib
import hmac

import orjson
from aiohttp import web

from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_updates import NoWebhook, read
from bot.journal import log
from bot.runner import NotNow
from bot.server import refusal

PATH = "/whatsapp/webhook"
_LARGEST = 3_500_000  # bytes; Meta sends up to three megabytes
_HEADER = "X-Hub-Signature-256"


class Webhook:
    """Hands each event to the number that it is for."""

    def __init__(self, numbers: list[WhatsApp]):
        self._numbers = {number.account.number: number for number in numbers}

    def routes(self) -> list[web.RouteDef]:
        """What Meta asks, and what it delivers."""
        return [web.get(PATH, self.verify), web.post(PATH, self.take)]

    async def verify(self, request: web.Request) -> web.Response:
        """Say that this is our webhook, to whom knows the verify token."""
        given = request.query.get("hub.verify_token", "").encode(errors="replace")
        # All of them, whatever comes first: how long it takes tells nothing.
        is_known = [hmac.compare_digest(given, each.account.verify_token.encode()) for each in self._all()]
        if request.query.get("hub.mode") != "subscribe" or not any(is_known):
            return refusal(403, "forbidden")
        return web.Response(text=request.query.get("hub.challenge", ""))

    async def take(self, request: web.Request) -> web.Response:
        """Take a batch; 200 once all of it is in the database."""
        body = await request.clone(client_max_size=_LARGEST).read()
        trusted = self._signed(body, request.headers.get(_HEADER, ""))
        if not trusted:
            return refusal(403, "forbidden")
        try:
            events = read(orjson.loads(body))
        except (orjson.JSONDecodeError, NoWebhook):
            return refusal(400, "not_understood")
        try:
            for number in trusted:
                await number.take([event for event in events if event.number == number.account.number])
        except NotNow:
            return refusal(503, "not_now")
        if strangers := {event.number for event in events} - {number.account.number for number in trusted}:
            log.warning("webhook_of_another_number", events=len(strangers))
        return web.Response()

    def _signed(self, body: bytes, header: str) -> list[WhatsApp]:
        """The numbers whose app has signed these very bytes."""
        given = header.removeprefix("sha256=").encode(errors="surrogateescape")
        return [each for each in self._all() if hmac.compare_digest(given, _signature(each, body))]

    def _all(self) -> list[WhatsApp]:
        return list(self._numbers.values())


def _signature(number: WhatsApp, body: bytes) -> bytes:
    return hmac.new(number.account.app_secret.encode(), body, hashlib.sha256).hexdigest().encode()
