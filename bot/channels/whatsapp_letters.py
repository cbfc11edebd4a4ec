"""A message in the words of the Graph API: text, three buttons, a list, a picture, a document, a template.

https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
"""

import re
from html import unescape
from typing import Any

from bot.render import WHATSAPP, short
from locales import _, texts
from storage.lines import Who

Json = dict[str, Any]

_ROW = 72  # of a description, which says in full what the title has no room for
_BOLD, _CODE = re.compile(r"<b>(.*?)</b>", re.DOTALL), re.compile(r"</?code>")
_LINK = re.compile(r"https://[^\s<>\u2066-\u2069]+")
_ONLY_BUTTONS = "↓"  # a body must say something


def written(message: Json, media: str | None = None, name: str = "") -> Json:
    """What to send for a message; `media` is the id of its picture or its document, `name` of a document."""
    text, buttons, rows = marked(message["text"]), message.get("buttons"), message.get("list")
    header = _header(message, media, name)
    if buttons:
        keys = [{"type": "reply", "reply": {"id": value, "title": label}} for value, label in buttons]
        return _interactive("button", text, {"buttons": keys}, header)
    if rows:
        choose = texts(message.get("language", "fr"))(_("Choose"))
        return _interactive("list", text, {"button": choose, "sections": [{"rows": [_row(*row) for row in rows]}]})
    if header:
        file = header[header["type"]]
        return {"type": header["type"], header["type"]: {**file, **({"caption": text} if text else {})}}
    if link := message.get("link"):
        action = {"name": "cta_url", "parameters": {"display_text": link["label"], "url": link["url"]}}
        return _interactive("cta_url", text, action)
    return {"type": "text", "text": {"body": text or _ONLY_BUTTONS, "preview_url": bool(_LINK.search(text))}}


def addressed(content: Json, who: Who) -> Json:
    """With whom it is for: by the number while it is shown to us, else by the user id."""
    to = {"to": who.phone} if who.phone else {"recipient": who.user}
    return {"messaging_product": "whatsapp", "recipient_type": "individual", **to, **content}


def _header(message: Json, media: str | None, name: str) -> Json | None:
    if media is None:
        return None
    if "document" in message:
        return {"type": "document", "document": {"id": media, "filename": name}}
    return {"type": "image", "image": {"id": media}}


def _interactive(kind: str, text: str, action: Json, header: Json | None = None) -> Json:
    body = {"type": kind, "body": {"text": text or _ONLY_BUTTONS}, "action": action}
    return {"type": "interactive", "interactive": {**body, **({"header": header} if header else {})}}


def _row(value: str, label: str) -> Json:
    title = short(label, WHATSAPP.row)
    return {"id": value, "title": title, **({"description": short(label, _ROW)} if title != label else {})}


def marked(text: str) -> str:
    """The text with WhatsApp's marks for bold; codes stay bare, so that they can be copied everywhere."""
    bold = _BOLD.sub(lambda found: f"*{found[1].replace('*', '∗').strip()}*" if found[1].strip() else found[1], text)
    return unescape(_CODE.sub("", bold))
