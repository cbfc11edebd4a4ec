"""The page of the web chat, its files and its own few words."""

import json
from pathlib import Path

from aiohttp import hdrs, web

from bot.server import Answer
from locales import LANGUAGES, _, texts
from storage.communes import Home

PAGES = Path(__file__).parent.parent / "pages"
_WORDS = {
    "title": _("Take part"),
    "write": _("Write here"),
    "send": _("Send"),
    "sending": _("Sending"),
    "waiting": _("Waiting for the network"),
    "offline": _("No connection. What you write is sent when it returns."),
    "slow_down": _("That was a lot at once. It goes on in a moment."),
    "not_sent": _("Not sent: we could not take this message."),
    "too_long": _("Too long: please write it shorter."),
    "you": _("You"),
    "sawt": _("The commune"),
    "choices": _("Possible answers"),
    "picture": _("Picture"),
    "voice": _("Voice note"),
    "file": _("Download the file"),
    "attach": _("Send a photo, a voice note or a document"),
    "too_large": _("This file is too large for us: please send a smaller one."),
    "wrong_type": _("We cannot open this kind of file: a photo, a voice note or a PDF."),
    "not_wanted": _("No file is asked for here."),
    "skip_to_write": _("Go to the message field"),
}


def routes(home: Home, place: str = "") -> list[web.RouteDef]:
    """The page of a commune, at a path of its own, and the files of all pages."""
    if place:
        return [web.get(f"{place}/", _page(home))]
    return [
        web.get("/", _page(home)),
        web.get("/chat.css", _file("chat.css", "text/css")),
        web.get("/chat.js", _file("chat.js", "text/javascript")),
    ]


def _page(home: Home) -> Answer:
    template = (PAGES / "chat.html").read_text(encoding="utf-8")
    words = {
        "commune": {code: _commune(home, code) for code in LANGUAGES},
        "words": {code: {key: texts(code)(text) for key, text in _WORDS.items()} for code in LANGUAGES},
    }
    # `<` may not stand in a script element, whatever a commune is called.
    embedded = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")

    async def answer(request: web.Request) -> web.Response:
        """In the language that the browser prefers, until the person chooses."""
        accepted = request.headers.get(hdrs.ACCEPT_LANGUAGE, "")
        language = "fr" if accepted.startswith("fr") else "ary"
        html = template
        for name, value in (("language", language), ("direction", texts(language).direction), ("words", embedded)):
            html = html.replace("{{" + name + "}}", value)
        return web.Response(text=html, content_type="text/html")

    return answer


def _file(name: str, content_type: str) -> Answer:
    content = (PAGES / name).read_text(encoding="utf-8")
    headers = {"Cache-Control": "public, max-age=300"}

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=content, content_type=content_type, headers=headers)

    return answer


def _commune(home: Home, language: str) -> str:
    return home.name.get("fr" if language == "fr" else "ar") or next(iter(home.name.values()))
