"""What the Graph API refuses in a message: Meta's published schema, and the limits that it does not say."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
from pywa.types import Button, Section, SectionList, SectionRow, URLButton

Values = dict[str, Any]

SPEC = json.loads((Path(__file__).parent / "specs" / "whatsapp_messages.json").read_text(encoding="utf-8"))
_VALIDATORS = {kind: jsonschema.Draft202012Validator(schema) for kind, schema in SPEC["messages"].items()}
_ACTIONS = {kind: jsonschema.Draft202012Validator(schema) for kind, schema in SPEC["actions"].items()}


class GraphError(Exception):
    """A refusal, as the Graph API words it."""

    def __init__(self, code: int, message: str, status: int = 400):
        super().__init__(f"{code} {message}")
        self.code, self.message, self.status = code, message, status

    def json(self) -> Values:
        """The body of the answer."""
        known = {"message": f"(#{self.code}) {self.message}", "type": "OAuthException", "code": self.code}
        return {"error": {**known, "error_data": {"messaging_product": "whatsapp", "details": self.message}}}


def check(message: Values) -> None:
    """Refuse a message that breaks a rule."""
    kind = message.get("type", "text")
    if kind not in _VALIDATORS:
        raise GraphError(131051, f"unsupported type {kind}")
    _valid(_VALIDATORS[kind], message)
    if not message.get("to") and not message.get("recipient"):
        raise GraphError(131008, "to is missing")
    if kind == "interactive":
        _interactive(message["interactive"])
    _counted(message)


def _valid(validator: Any, value: Values) -> None:
    for error in validator.iter_errors(value):
        raise GraphError(100, f"Invalid parameter {list(error.absolute_path)}: {error.message[:200]}")


def _interactive(content: Values) -> None:
    kind, action = content["type"], content["action"]
    if kind in _ACTIONS:
        _valid(_ACTIONS[kind], action)
    if "body" not in content:
        raise GraphError(131008, "body is missing")
    if kind == "list":
        if content.get("header", {}).get("type", "text") != "text":
            raise GraphError(131009, "a list has a header of text only")
        rows = [row for section in action["sections"] for row in section["rows"]]
        if len(rows) > 10:
            raise GraphError(131009, f"{len(rows)} rows, not more than 10 in all sections")
        _different(row["id"] for row in rows)
    if kind == "button":
        _different(button["reply"]["id"] for button in action["buttons"])
        _different(button["reply"]["title"] for button in action["buttons"])
    if kind == "cta_url" and not action["parameters"]["url"].startswith("https://"):
        raise GraphError(131009, "no URL")
    _read_by_pywa(kind, action)


def _read_by_pywa(kind: str, action: Values) -> None:
    """Another library would have said the same: what Sawt sends is what pywa makes of its own types."""
    if kind == "button":
        again = [Button(title=each["reply"]["title"], callback_data=each["reply"]["id"]) for each in action["buttons"]]
        assert [button.to_dict() for button in again] == action["buttons"]
    if kind == "list":
        sections = [
            Section(
                title=section.get("title", ""),
                rows=[
                    SectionRow(title=row["title"], callback_data=row["id"], description=row.get("description"))
                    for row in section["rows"]
                ],
            )
            for section in action["sections"]
        ]
        made = SectionList(button_title=action["button"], sections=sections).to_dict()
        assert _bare(made) == _bare(action), (made, action)
    if kind == "cta_url":
        made = URLButton(title=action["parameters"]["display_text"], url=action["parameters"]["url"]).to_dict()
        assert made == action, (made, action)


def _bare(value: Any) -> Any:
    """Without what is empty."""
    if isinstance(value, dict):
        return {key: _bare(each) for key, each in value.items() if each not in (None, "")}
    return [_bare(each) for each in value] if isinstance(value, list | tuple) else value


def _different(values: Iterator[str]) -> None:
    found = list(values)
    if len(set(found)) != len(found):
        raise GraphError(131009, f"twice the same: {found}")


def _counted(value: Any) -> None:
    """Limits are of UTF-16 units, which JSON Schema does not count; an empty or blank text is refused."""
    limits = {"title": 24, "description": 72, "caption": 1024, "display_text": 20}
    for key, text in _texts(value):
        if key in limits and units(text) > limits[key]:
            raise GraphError(131009, f"{key} is longer than {limits[key]}")
        if key in ("body", "text", "title") and not text.strip():
            raise GraphError(131009, f"{key} is blank")


def units(text: str) -> int:
    """How long it is to WhatsApp."""
    return len(text.encode("utf-16-le")) // 2


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, each in value.items():
            if isinstance(each, str):
                yield key, each
            else:
                yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def check_template(sent: Values, approved: dict[tuple[str, str], Values]) -> None:
    """Refuse a template that is not approved so, or whose variables differ."""
    known = approved.get((sent["name"], sent["language"]["code"]))
    if known is None or known["status"] != "APPROVED":
        raise GraphError(132001, "template name does not exist in the translation", 404)
    body = next(part for part in known["components"] if part["type"] == "BODY")
    wanted = {each["param_name"] for each in body.get("example", {}).get("body_text_named_params", [])}
    given = [each for part in sent.get("components", []) if part["type"] == "body" for each in part["parameters"]]
    if {each["parameter_name"] for each in given} != wanted:
        raise GraphError(132000, "Number of parameters does not match the expected number of params")
    for each in given:
        if any(sign in each["text"] for sign in "\n\t") or "     " in each["text"]:
            raise GraphError(132012, "a parameter holds a line break, a tab or too many blanks")


_OFFICE = "application/vnd.openxmlformats-officedocument."
# https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types, in megabytes
_LARGEST = {
    **dict.fromkeys(("image/jpeg", "image/png"), 5),
    **dict.fromkeys(("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"), 16),
    **dict.fromkeys(("text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel"), 100),
    **dict.fromkeys((f"{_OFFICE}spreadsheetml.sheet", f"{_OFFICE}wordprocessingml.document"), 100),
}


def check_media(type: str, size: int) -> None:
    """Refuse a file that is none of the kinds, or larger than its kind may be."""
    if type not in _LARGEST:
        raise GraphError(131053, f"media upload error: {type}")
    if size > _LARGEST[type] * 1_000_000:
        raise GraphError(131053, f"larger than {_LARGEST[type]} MB")


def check_is_there(message: Values, media: dict[str, Any]) -> None:
    """Refuse a message that names a file which is not there, or no more: they are kept for thirty days."""
    content = message[message["type"]]
    header = content.get("header", {}) if isinstance(content, dict) else {}
    for holder in (message, header):
        for kind in ("image", "document", "audio"):
            if (id := (holder.get(kind) or {}).get("id")) and id not in media:
                raise GraphError(
                    100, f"Param {kind}['id'] is not a valid whatsapp business account media attachment ID"
                )
