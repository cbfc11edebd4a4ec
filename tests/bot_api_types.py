"""The published types of the Bot API, against which each value that comes or goes is compared."""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

SPEC: dict[str, Any] = json.loads(
    gzip.decompress((Path(__file__).parent / "specs" / "telegram_api.json.gz").read_bytes())
)

Values = dict[str, Any]


class ApiError(Exception):
    """An answer with `ok: false`; `expected` ones are part of life, the others are faults of the caller."""

    def __init__(self, description: str, code: int = 400, *, expected: bool = False, retry_after: float = 0):
        """Keep the description in Telegram's words, without the name of the code."""
        super().__init__(description)
        self.code, self.expected, self.retry_after = code, expected, retry_after

    def json(self) -> Values:
        """Return the body of the answer as api.telegram.org writes it."""
        names = {400: "Bad Request: ", 403: "Forbidden: ", 409: "Conflict: ", 429: "Too Many Requests: "}
        body: Values = {
            "ok": False,
            "error_code": self.code,
            "description": f"{names.get(self.code, '')}{self}",
        }
        if self.retry_after:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def units(text: str) -> int:
    """Count as Telegram counts: UTF-16 code units, so that an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Finding(NamedTuple):
    """Something that does not agree with the published types; a field they do not know may just be newer."""

    where: str
    what: str
    newer: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


SCALARS: dict[str, Callable[[Any], bool]] = {
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "Boolean": lambda value: isinstance(value, bool),
    "String": lambda value: isinstance(value, str),
    "InputFile": lambda value: isinstance(value, str),  # an uploaded part stands here as attach://<its name>
}


def findings(value: Any, kinds: list[str], where: str) -> list[Finding]:
    """Compare with each kind that may stand here and return what disagrees with the nearest one."""
    readings = [list(_findings(value, kind, where)) for kind in kinds]
    return min(readings, key=lambda found: sum(1 if one.newer else 1000 for one in found))


def _findings(value: Any, kind: str, where: str) -> Iterator[Finding]:
    if kind.startswith("Array of "):
        yield from _in_array(value, kind.removeprefix("Array of "), where)
    elif kind in SCALARS:
        if not SCALARS[kind](value):
            yield Finding(where, f"{kind} expected, not {value!r:.60}")
    elif subtypes := SPEC["types"][kind].get("subtypes"):
        yield from findings(value, subtypes, where)
    elif not isinstance(value, dict):
        yield Finding(where, f"{kind} expected, not {value!r:.60}")
    else:
        yield from in_object(value, SPEC["types"][kind].get("fields", {}), where)


def _in_array(value: Any, kind: str, where: str) -> Iterator[Finding]:
    if not isinstance(value, list):
        yield Finding(where, f"Array of {kind} expected, not {value!r:.60}")
        return
    for place, one in enumerate(value):
        yield from _findings(one, kind, f"{where}[{place}]")


def in_object(value: Values, fields: dict[str, Any], where: str) -> Iterator[Finding]:
    """Compare an object with its fields: the missing, the unknown, the wrongly typed."""
    for name, field in fields.items():
        if field.get("required") and name not in value:
            yield Finding(where, f"{name} is missing")
    for name, one in value.items():
        if name not in fields:
            yield Finding(where, f"{name} is not known to the {SPEC['version']}", newer=True)
        elif one != (constant := fields[name].get("const", one)):
            yield Finding(f"{where}.{name}", f"{constant!r} expected, not {one!r:.60}")
        else:
            yield from findings(one, fields[name]["types"], f"{where}.{name}")


def decoded(method: str, params: Values, *, form: bool) -> Values:
    """Read the values of a form, which are all text, by the types of the method's parameters."""
    fields = SPEC["methods"].get(method, {}).get("fields", {})
    return {
        name: _decoded(value, fields[name]["types"], name, form) if name in fields else value
        for name, value in params.items()
    }


def _decoded(value: Any, kinds: list[str], name: str, form: bool) -> Any:
    if not isinstance(value, str):
        return value
    # JSON within text is taken in a JSON body too, as the API does
    if "String" not in kinds and value[:1] in ("{", "["):
        return _from_json(value, name)
    if not form:
        return value
    if "Integer" in kinds and re.fullmatch(r"-?[0-9]+", value):
        return int(value)
    if "Float" in kinds and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
        return float(value)
    if kinds == ["Boolean"]:
        return {"true": True, "1": True, "false": False, "0": False}.get(value.lower(), value)
    return value


def _from_json(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise ApiError(f"can't parse {name.replace('_', ' ')} JSON object") from None
