"""The register of WhatsApp templates (templates.toml): what may be said after a day of silence, and its variables."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

Json = dict[str, Any]

REGISTER = Path(__file__).with_name("templates.toml")
LANGUAGES = {"fr": "fr", "ary": "ar"}  # WhatsApp has no Darija: https://developers.facebook.com/docs/whatsapp/api
_AS = {"fr": "fr", "ary": "ary", "ar": "ary"}  # who reads standard Arabic gets the template in Arabic, not in French
_VARIABLE = re.compile(r"\{\{([a-z_]+)\}\}")
_BLANKS = re.compile(r"\s+")
_GAP = "…"  # Meta refuses an empty value
_LONGEST = 60  # characters of a value: a template is for a word or a date, not for a text


@dataclass(frozen=True, slots=True)
class Template:
    """An approved text for one reason to write, in each language."""

    kind: str
    name: str
    category: str
    bodies: dict[str, str]
    buttons: dict[str, str]
    examples: dict[str, str] = field(default_factory=dict)
    opens: str = ""  # the link of its button, where what the notice offers first would do something at once

    def variables(self, language: str) -> list[str]:
        """The names in its body, each once, in their order."""
        return list(dict.fromkeys(_VARIABLE.findall(self.bodies[language])))


@cache
def register() -> dict[str, Template]:
    """All templates, by the kind of notice."""
    with REGISTER.open("rb") as file:
        return {kind: _template(kind, entry) for kind, entry in tomllib.load(file).items()}


def _template(kind: str, entry: Json) -> Template:
    bodies = {language: entry[language] for language in LANGUAGES}
    more = entry.get("button", {}), entry.get("examples", {}), entry.get("opens", "")
    return Template(kind, entry["name"], entry["category"], bodies, *more)


def template_of(kind: str) -> Template | None:
    """The template for a reason to write: its own, or that of its family (unfinished.budget: unfinished)."""
    return register().get(kind) or register().get(kind.partition(".")[0])


def told(kind: str, about: int, values: dict[str, str], offered: str) -> Json:
    """What a message must carry for its template: the values of its text, and where the button leads."""
    template = template_of(kind)
    opens = f"@{template.opens}_{about}" if template and template.opens else offered
    return {"kind": kind, "values": values, "opens": opens}


def lacking(message: Json) -> list[str]:
    """The values that the template of a message names and the message does not: a mistake of ours."""
    said = message["told"]
    template = template_of(said["kind"])
    return [name for name in template.variables("fr") if not said["values"].get(name)] if template else []


def filled(message: Json) -> tuple[str, Json] | None:
    """The name of the template of a notice and what to send of it; nothing where there is none."""
    told = message.get("told") or {}
    template = template_of(told.get("kind", ""))
    if template is None:
        return None
    language = _AS.get(message.get("language") or "", "fr")
    values, wanted = told.get("values", {}), template.variables(language)
    # Better told with a gap than not told: what lacks stands in the letter, which the button opens.
    said = [{"type": "text", "parameter_name": name, "text": _tidy(values.get(name, "")) or _GAP} for name in wanted]
    components: list[Json] = [{"type": "body", "parameters": said}] if said else []
    if template.buttons:
        # A tap is a message: it opens the day in which the letter itself can be read.
        payload = {"type": "payload", "payload": told.get("opens") or "@menu"}
        components.append({"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [payload]})
    sent = {"name": template.name, "language": {"code": LANGUAGES[language]}, "components": components}
    return template.name, {"type": "template", "template": sent}


def _tidy(value: str) -> str:
    """A value may hold no line break and no tab, nor many blanks in a row."""
    words = _BLANKS.sub(" ", value).strip()
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"


def handed_in(template: Template, language: str) -> Json:
    """What Meta is asked to approve."""
    body: Json = {"type": "BODY", "text": template.bodies[language]}
    if wanted := template.variables(language):
        examples = [{"param_name": name, "example": template.examples[name]} for name in wanted]
        body["example"] = {"body_text_named_params": examples}
    components = [body]
    if template.buttons:
        components.append({"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": template.buttons[language]}]})
    return {
        "name": template.name,
        "language": LANGUAGES[language],
        "category": template.category,
        "parameter_format": "NAMED",
        "components": components,
    }
