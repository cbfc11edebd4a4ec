"""An aiogram session that speaks JSON, and forms only where a file goes along."""

from collections.abc import AsyncGenerator
from http import HTTPStatus
from typing import Any

import orjson
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError, TelegramServerError
from aiogram.methods import GetMe, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile
from aiohttp import ClientError, ClientSession, ClientTimeout, FormData, TCPConnector

from bot.channels.streams import read_up_to

_JSON = {"Content-Type": "application/json"}
_DOWNLOAD = 15.0  # seconds: the others wait for it
File = tuple[str, str, bytes]  # the field, the name, the bytes
_PLAIN = GetMe()  # stands for any method in aiogram's errors, which only name it


class JsonSession(BaseSession):
    """aiogram's own session sends every call as a multipart form, at three times the cost."""

    def __init__(self, api_base: str, timeout: float = 30.0):
        super().__init__(
            api=TelegramAPIServer.from_base(api_base),
            json_loads=orjson.loads,
            json_dumps=lambda value: orjson.dumps(value).decode(),
            timeout=timeout,
        )
        self._http: ClientSession | None = None

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        """Call a method of the Bot API; raises aiogram's exceptions."""
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        body, headers = await self._body(bot, method)
        status, content = await self._post(url, body, headers, method, timeout)
        response = self.check_response(bot, method, status, content)  # type: ignore[arg-type]  # bytes will do
        return response.result  # type: ignore[return-value]  # of the type that the method says

    async def call(
        self, bot: Bot, name: str, values: dict[str, Any], timeout: int | None = None, file: File | None = None
    ) -> Any:
        """Call a method with plain values, for a plain result: what each answer needs, at half the cost.

        Raises aiogram's exceptions all the same: it knows the errors of the Bot API by their codes and words.
        """
        url = self.api.api_url(token=bot.token, method=name)
        body, headers = _form(values, *file) if file else (orjson.dumps(values), _JSON)
        status, content = await self._post(url, body, headers, _PLAIN, timeout)
        try:
            answer = orjson.loads(content)
            if status == HTTPStatus.OK and answer["ok"]:
                return answer["result"]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            pass  # no answer of the Bot API: aiogram says so
        self.check_response(bot, _PLAIN, status, content)  # type: ignore[arg-type]  # bytes will do
        raise TelegramServerError(method=_PLAIN, message="an answer without a result")

    async def download(self, bot: Bot, path: str, most: int) -> bytes | None:
        """The bytes of a file that a person sent, or nothing if there are more of them; raises ClientError."""
        wait = ClientTimeout(total=_DOWNLOAD)
        async with self._client().get(
            self.api.file_url(bot.token, path), timeout=wait, raise_for_status=True
        ) as answer:
            return await read_up_to(answer.content, most)

    def _client(self) -> ClientSession:
        if self._http is None:
            self._http = ClientSession(connector=TCPConnector(limit=0, keepalive_timeout=60))
        return self._http

    async def _post(
        self, url: str, body: Any, headers: dict[str, str], method: TelegramMethod[Any], timeout: int | None
    ) -> tuple[int, bytes]:
        wait = ClientTimeout(total=timeout or self.timeout)
        try:
            async with self._client().post(url, data=body, headers=headers, timeout=wait) as answer:
                return answer.status, await answer.read()
        except (ClientError, TimeoutError, OSError) as error:
            # The message of aiohttp may hold the URL, and so the token.
            raise TelegramNetworkError(method=method, message=type(error).__name__) from None

    async def _body(self, bot: Bot, method: TelegramMethod[Any]) -> tuple[Any, dict[str, str]]:
        files: dict[str, InputFile] = {}
        values = method.model_dump(exclude_none=True, warnings=False)
        ready = self.prepare_value(values, bot=bot, files=files, _dumps_json=False)
        if not files:
            return orjson.dumps(ready), _JSON
        form = FormData(quote_fields=False)
        for name, value in ready.items():
            form.add_field(name, value if isinstance(value, str) else orjson.dumps(value).decode())
        for name, file in files.items():
            content = b"".join([chunk async for chunk in file.read(bot)])
            form.add_field(name, content, filename=file.filename or name)
        return form, {}

    async def close(self) -> None:
        """Close all connections."""
        if self._http:
            await self._http.close()

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """Not used: files are fetched by `download`, which knows when to stop."""
        raise NotImplementedError
        yield b""


def _form(values: dict[str, Any], field: str, name: str, content: bytes) -> tuple[FormData, dict[str, str]]:
    form = FormData(quote_fields=False)
    for key, value in values.items():
        form.add_field(key, value if isinstance(value, str) else orjson.dumps(value).decode())
    form.add_field(field, content, filename=name)
    return form, {}
