"""The templates of an account beside those of the register: what is missing, what differs, what Meta says of each.

https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-management
"""

from dataclasses import dataclass, replace
from typing import Any

from bot.channels.whatsapp_calls import Graph
from bot.outcomes import Refused
from bot.templates import LANGUAGES, Template, handed_in, register

MISSING, DIFFERS, APPROVED = "missing", "differs", "approved"
_FIELDS = "name,language,status,category,components,parameter_format,rejected_reason"
_PAGES = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """How a template stands in one language; `state` is MISSING, DIFFERS or Meta's word in small letters.

    `note` is what Meta says beside it: why it is rejected, or that it counts as another category, which costs more.
    """

    template: Template
    language: str
    state: str
    id: str = ""
    note: str = ""


async def check(graph: Graph, business: str) -> list[Standing]:
    """How each template of the register stands on the account."""
    known = {(each["name"], each["language"]): each for each in await _every(graph, business)}
    return [
        _standing(template, language, known.get((template.name, LANGUAGES[language])))
        for template in register().values()
        for language in LANGUAGES
    ]


async def push(graph: Graph, business: str) -> list[Standing]:
    """Hand in what is missing and what differs; all of these, with a note where one was refused.

    One that Meta looks at just now cannot be changed: the others go on.
    """
    done = []
    for each in await check(graph, business):
        if each.state not in (MISSING, DIFFERS):
            continue
        wanted = handed_in(each.template, each.language)
        try:
            if each.state == MISSING:
                await graph.call(f"{business}/message_templates", wanted)
            else:  # the category of an approved one cannot be changed
                await graph.call(each.id, {"components": wanted["components"]})
            done.append(replace(each, note=""))
        except Refused as refused:
            done.append(replace(each, note=str(refused)))
    return done


async def _every(graph: Graph, business: str) -> list[dict[str, Any]]:
    """All templates of the account, page by page."""
    found, after = [], ""
    for _page in range(_PAGES):
        query = {"fields": _FIELDS, "limit": "100", **({"after": after} if after else {})}
        answer = await graph.look(f"{business}/message_templates", **query)
        found += answer.get("data", [])
        paging = answer.get("paging") or {}
        after = (paging.get("cursors") or {}).get("after", "") if paging.get("next") else ""
        if not after:
            break
    return found


def _standing(template: Template, language: str, known: dict[str, Any] | None) -> Standing:
    if known is None:
        return Standing(template, language, MISSING)
    same = _words(known["components"]) == _words(handed_in(template, language)["components"])
    state = str(known.get("status", "")).lower() if same else DIFFERS
    return Standing(template, language, state, str(known.get("id", "")), _note(template, known))


def _note(template: Template, known: dict[str, Any]) -> str:
    why, category = str(known.get("rejected_reason") or "NONE"), str(known.get("category") or template.category)
    if why != "NONE":
        return why.lower()
    return f"counts as {category.lower()}" if category != template.category else ""


def _words(components: list[dict[str, Any]]) -> list[Any]:
    """What people read of a template; examples are left out, Meta does not give them back as they were."""
    body = [part.get("text", "") for part in components if part["type"] == "BODY"]
    return [body, [button["text"] for part in components for button in part.get("buttons", [])]]
