"""What is measured, for Prometheus at /metrics: of people's words, names and numbers there is nothing in it."""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

from storage import health
from storage.database import Database

INBOUND = Counter("sawt_inbound_total", "Messages that came in.", ["channel"])
TURNS = Counter("sawt_turns_total", "Messages that were answered.", ["flow", "outcome"])
TURN_SECONDS = Histogram(
    "sawt_turn_seconds",
    "From a message taken to its answer committed.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
DELIVERIES = Counter("sawt_deliveries_total", "What became of letters.", ["channel", "result"])
WAITING = Gauge("sawt_outbox_waiting", "Letters that wait.", ["channel"])
OLDEST = Gauge("sawt_outbox_oldest_seconds", "How long the oldest of them has waited.", ["channel"])
TO_BE_TOLD = Gauge("sawt_announcement_waiting", "People whom announcements on their way have still to tell.")
LAG = Gauge("sawt_clock_lag_seconds", "Since a duty of the clock was done last, whichever process did it.", ["duty"])


def page(database: Database, token: str | None) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The figures, for whoever has the token; without one, for this machine alone."""

    async def answer(request: web.Request) -> web.Response:
        if not _may_see(request, token):
            raise web.HTTPNotFound
        await _look(database)
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return answer


def _may_see(request: web.Request, token: str | None) -> bool:
    if token:
        said = request.headers.get("Authorization", "")
        return hmac.compare_digest(said.encode(), f"Bearer {token}".encode())
    if "X-Forwarded-For" in request.headers:  # a web server before us: it is not this machine that asks
        return False
    try:
        return ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False


async def _look(database: Database) -> None:
    """What the tables know, whichever process did it."""
    now = datetime.now(UTC)
    async with database.reading() as db:
        queues = await health.queues(db)
        lags = await health.lags(db, now)
        to_be_told = await health.to_be_told(db)
    for gauge in (WAITING, OLDEST, LAG):
        gauge.clear()
    for queue in queues:
        WAITING.labels(queue.channel).set(queue.waiting)
        OLDEST.labels(queue.channel).set(max(0.0, (now - queue.oldest).total_seconds()))
    for duty, lag in lags.items():
        LAG.labels(duty).set(lag.total_seconds())
    TO_BE_TOLD.set(to_be_told)
