"""Calls of Meta's Graph API, as JSON over aiohttp; its errors become those that the post understands."""

from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout, FormData, TCPConnector

from bot.channels.streams import read_up_to
from bot.channels.whatsapp_errors import meaning
from bot.outcomes import TryLater

_TIMEOUT = 30.0  # seconds


class Graph:
    """The Graph API, with the token of one commune."""

    def __init__(self, base: str, token: str, timeout: float = _TIMEOUT):
        self.base, self.timeout, self._token = base, timeout, token
        self._http: ClientSession | None = None

    async def call(self, path: str, values: dict[str, Any]) -> dict[str, Any]:
        """POST values to a path such as 1234/messages; what it answers.  Raises as `bot.post` expects."""
        return await self._ask("POST", path, data=orjson.dumps(values), headers={"Content-Type": "application/json"})

    async def look(self, path: str, **query: str) -> dict[str, Any]:
        """GET a path."""
        return await self._ask("GET", path, params=query)

    async def upload(self, path: str, name: str, type: str, content: bytes) -> str:
        """Give a file; the id by which messages name it."""
        form = FormData()
        form.add_field("messaging_product", "whatsapp")
        form.add_field("type", type)
        form.add_field("file", content, filename=name, content_type=type)
        return str((await self._ask("POST", path, data=form))["id"])

    async def download(self, url: str, most: int) -> bytes:
        """The bytes behind a link that a `look` gave; ValueError if there are more than `most`."""
        try:
            async with self._session().get(url, headers=self._bearer(), timeout=ClientTimeout(self.timeout)) as answer:
                if answer.status != HTTPStatus.OK:
                    raise TryLater(f"media {answer.status}")
                content = await read_up_to(answer.content, most)
        except (ClientError, TimeoutError, OSError) as error:
            raise TryLater(type(error).__name__) from None
        if content is None:
            raise ValueError("larger than it may be")
        return content

    async def _ask(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        headers = {**self._bearer(), **request.pop("headers", {})}
        wait = ClientTimeout(total=self.timeout)
        try:
            url = f"{self.base}/{path}"
            async with self._session().request(method, url, headers=headers, timeout=wait, **request) as answer:
                status, content = answer.status, await answer.read()
        except (ClientError, TimeoutError, OSError) as error:
            # The message of aiohttp may hold the URL, and so the number.
            raise TryLater(type(error).__name__) from None
        return _read(status, content)

    def _session(self) -> ClientSession:
        if self._http is None:
            self._http = ClientSession(connector=TCPConnector(limit=0, keepalive_timeout=60))
        return self._http

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    async def close(self) -> None:
        """Close all connections."""
        if self._http:
            await self._http.close()


def _read(status: int, content: bytes) -> dict[str, Any]:
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError:
        answer = None
    if not isinstance(answer, dict):
        raise TryLater(f"an answer that is none of the Graph API ({status})")
    if error := answer.get("error"):
        # Never `message` or `error_data`: they may quote a number.
        raise meaning(int(error.get("code", 0)), str(error.get("type", "")), status)
    if status >= HTTPStatus.BAD_REQUEST:
        raise TryLater(str(status))
    return answer
