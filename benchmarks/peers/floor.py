"""No peer but the limit: no database, no framework, one aiohttp call for each message."""

import itertools
from collections.abc import AsyncIterator
from typing import Any

import orjson
import uvloop
from aiohttp import ClientSession, TCPConnector, web

from benchmarks.peers import surroundings as said

_JSON = {"Content-Type": "application/json"}


class Floor:
    """Conversations in a dict."""

    def __init__(self) -> None:
        self._answers: dict[int, list[str]] = {}
        self._numbers = itertools.count(1)

    async def hook(self, request: web.Request) -> web.Response:
        """Answer one update."""
        update = orjson.loads(await request.read())
        if query := update.get("callback_query"):
            chat, said_now = query["from"]["id"], query["data"]
        else:
            chat, said_now = update["message"]["chat"]["id"], update["message"]["text"]
        if said_now == "/start":
            self._answers[chat] = []
        answers = self._answers[chat]
        answers.append(said_now)
        message = self._message(answers)
        url = f"{said.API}/bot{said.TOKEN}/sendMessage"
        async with self._http.post(url, data=orjson.dumps({"chat_id": chat, **message}), headers=_JSON) as answer:
            await answer.read()
        return web.Response()

    def _message(self, answers: list[str]) -> dict[str, Any]:
        match len(answers):
            case 1:
                return keyed(said.ASK_LANGUAGE, [(f"lang:{code}", name) for code, name in said.LANGUAGES])
            case 2:
                return keyed(said.ASK_PETITION, [(f"pet:{id}", title) for id, title in said.PETITIONS])
            case 3:
                return {"text": said.ASK_NAME}
            case 4:
                return {"text": said.ASK_NUMBER}
            case 5:
                return keyed("Please confirm: " + ", ".join(answers[1:]), [("yes", "Confirm"), ("no", "Cancel")])
        return {"text": said.registered(next(self._numbers))}

    async def connected(self, _app: web.Application) -> AsyncIterator[None]:
        """One pool of connections for as long as the server runs."""
        async with ClientSession(connector=TCPConnector(limit=0)) as self._http:
            yield


def keyed(text: str, rows: list[tuple[str, str]]) -> dict[str, Any]:
    buttons = [[{"text": label, "callback_data": value}] for value, label in rows]
    return {"text": text, "reply_markup": {"inline_keyboard": buttons}}


if __name__ == "__main__":
    uvloop.install()
    floor, app = Floor(), web.Application()
    app.cleanup_ctx.append(floor.connected)
    app.router.add_post("/webhook", floor.hook)
    web.run_app(app, host="127.0.0.1", port=said.PORT, access_log=None, print=None)
