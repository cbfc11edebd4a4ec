"""The web server: what holds for every request, whatever it asks for."""

import ipaddress
from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web

from bot.journal import log

LARGEST_BODY = 1_000_000  # bytes
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
_ERRORS = {404: "not_found", 405: "method_not_allowed", 413: "too_long"}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
        "connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@web.middleware
async def _guard(request: web.Request, handler: Answer) -> web.StreamResponse:
    """Whatever the answer is, an error too: the security headers; every error as JSON, which the page understands."""
    try:
        answer = await handler(request)
    except web.HTTPException as error:
        answer = refusal(error.status, _ERRORS.get(error.status, "refused"))
        if hdrs.ALLOW in error.headers:
            answer.headers[hdrs.ALLOW] = error.headers[hdrs.ALLOW]
    except ConnectionError:
        answer = refusal(400, "cut_short")  # nobody is there to read it
    except Exception as error:  # the page understands JSON alone; the log has the rest
        log.error("request_failed", path=request.path, error=error)
        answer = refusal(500, "failed")
    for name, value in _HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


def application() -> web.Application:
    """What routes are added to."""
    return web.Application(client_max_size=LARGEST_BODY, middlewares=[_guard])


def refusal(status: int, error: str) -> web.Response:
    """An error, in a word that programs understand."""
    return web.json_response({"error": error}, status=status)


def network(request: web.Request) -> str:
    """Where a request comes from: for the web server before us to say, if one is; of IPv6 the first half."""
    peer = request.remote or ""
    if _is_inside(peer):
        # The last name is the one that our own web server has added; the others anybody can write.
        peer = request.headers.get("X-Forwarded-For", peer).rpartition(",")[2].strip()
    return ":".join(peer.split(":")[:4])


def _is_inside(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer).is_private
    except ValueError:
        return False
