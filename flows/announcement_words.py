"""An announcement as citizens see it, and an audience in words."""

from collections.abc import Mapping
from typing import Any

from flows.chat import Chat
from flows.questions import Button, Prompt
from flows.registry import ROLE_NAMES
from locales import LANGUAGES, NAMES, Texts, _, texts
from locales.values import Written, escape
from reports.tallies import CELLS
from storage import bodies, tallies
from storage.audiences import MEMBERS

TOPICS = {
    "petitions": _("Petitions"),
    "consultations": _("Consultations"),
    "workshops": _("Workshops"),
    "votes": _("Votes"),
    "news": _("News"),
}


def written(own: Texts, texts: Mapping[str, str], kind: str, media_id: int | None, opens: list[Any]) -> Prompt:
    """What is sent; each says how to hear no more."""
    words = Written(escape(own.local(texts)))
    text = own.lines(own(_("{words}\n\nTo stop these messages, write “stop”."), words=words))
    buttons = tuple(Button(f"@{each['to']}", own.local(each["label"])) for each in opens)
    if media_id is None:
        return Prompt(text, buttons)
    drawing = {"media": media_id, "kind": kind}
    return Prompt(text, buttons, picture=drawing) if kind == "photo" else Prompt(text, buttons, document=drawing)


async def audience(chat: Chat, asked: Mapping[str, Any]) -> str:
    """Whom it is for, in words."""
    quarters = {each.slug: chat.local(each.name) for each in chat.commune.quarters}
    said = []
    for name, value in asked.items():
        match name:
            case "language":
                said.append(chat.t(_("who speak {language}"), language=NAMES[value]))
            case "topic":
                said.append(chat.t(_("about {topic}"), topic=chat.t(TOPICS[value])))
            case "quarter":
                said.append(chat.t(_("of {quarter}"), quarter=quarters.get(value, value)))
            case "channel":
                said.append(chat.t(_("on {channel}"), channel=chat.t(CELLS.get(value, value))))
            case "role":
                said.append(chat.t(_("with the role {role}"), role=chat.t(ROLE_NAMES[value])))
            case "took_part" if str(value).startswith(MEMBERS):
                body = await bodies.get(chat.db, chat.commune.id, int(str(value).rpartition("_")[2]))
                said.append(chat.t(_("members of {title}"), title=chat.local(body.title) if body else value))
            case "took_part":
                every = {each.id: each for each in await tallies.every(chat.db, chat.commune.id)}
                title = chat.local(every[value].title) if value in every else value
                said.append(chat.t(_("who took part in or follow {title}"), title=title))
    return " · ".join([chat.t(_("All who agreed to hear from us")), *said])


def in_each_language(title: str) -> dict[str, str]:
    """A text of ours as a commune's own are kept."""
    return {code: texts(code)(title) for code in LANGUAGES}
