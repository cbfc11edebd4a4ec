"""A message in the words of the Graph API: text, three buttons, a list, a picture, a document, a template.

https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
"""

import re
from html import unescape
from typing import Any

from bot.channels.whatsapp_media import DOCUMENT, Sent
from bot.render import WHATSAPP, short, units
from locales import _, texts
from storage.lines import Who

Json = dict[str, Any]

_ROW = 72  # of a description, which says in full what the title has no room for
_BOLD, _CODE = re.compile(r"<b>(.*?)</b>", re.DOTALL), re.compile(r"</?code>")
_LINK = re.compile(r"https://[^\s<>\u2066-\u2069]+")
_ONLY_BUTTONS = "↓"  # a body must say something


def written(message: Json, file: Sent | None = None) -> Json:
    """What to send for a message, with its picture or its document, which is there already."""
    text, buttons, rows = marked(message["text"]), message.get("buttons"), message.get("list")
    header = _header(file)
    if buttons:
        keys = [{"type": "reply", "reply": {"id": value, "title": label}} for value, label in buttons]
        return _interactive("button", text, {"buttons": keys}, header)
    if rows:
        choose = texts(message.get("language", "fr"))(_("Choose"))
        return _interactive("list", text, {"button": choose, "sections": [{"rows": [_row(*row) for row in rows]}]})
    if header:
        content = header[header["type"]]
        return {"type": header["type"], header["type"]: {**content, **({"caption": text} if text else {})}}
    links = _LINK.findall(text)
    if len(links) == 1 and units(text) <= WHATSAPP.text:
        label = texts(message.get("language", "fr"))(_("Open the link"))
        action = {"name": "cta_url", "parameters": {"display_text": label, "url": links[0]}}
        return _interactive("cta_url", text, action)
    return {"type": "text", "text": {"body": text or _ONLY_BUTTONS, "preview_url": bool(links)}}


def addressed(content: Json, who: Who) -> Json:
    """With whom it is for: by the number while it is shown to us, else by the user id."""
    to = {"to": who.phone} if who.phone else {"recipient": who.user}
    return {"messaging_product": "whatsapp", "recipient_type": "individual", **to, **content}


def played(file: Sent) -> Json:
    """A voice note."""
    return {"type": file.kind, file.kind: {"id": file.id}}


def _header(file: Sent | None) -> Json | None:
    if file is None:
        return None
    name = {"filename": file.name} if file.kind == DOCUMENT else {}
    return {"type": file.kind, file.kind: {"id": file.id, **name}}


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
