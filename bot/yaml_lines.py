"""YAML checked against a model: each fault is kept with its line, its key, and what would be right."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

KeyPath = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)
MOST_BYTES = 5_000_000
MOST_DEPTH = 20  # a commune's file needs eight; reading YAML calls itself once a level
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9_]{0,17})")
_OWN_TAGS = {
    f"tag:yaml.org,2002:{kind}"
    for kind in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge", "value")
}


class BadFile(Exception):
    """The file cannot be loaded; `faults` holds a line for each thing that is wrong."""

    def __init__(self, faults: list[str]):
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at a line; `at` is the path of keys to it."""

    line: int
    at: KeyPath
    says: str


@dataclass(slots=True)
class Tree:
    """What a YAML text holds; where keys stand; what of YAML itself was wrong."""

    value: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, at: KeyPath, says: str) -> None:
        """Note a fault; a key that is missing is looked for where its owner stands."""
        place = next((at[:end] for end in range(len(at), -1, -1) if at[:end] in self.lines), ())
        self.faults.append(Fault(self.lines.get(place, 1), at, says))

    def report(self, path: Path) -> list[str]:
        """All faults, from the top of the file."""
        faults = sorted(self.faults, key=lambda fault: fault.line)
        return [f"{path}:{fault.line}: {self.named(fault.at)}: {fault.says}" for fault in faults]

    def named(self, at: KeyPath) -> str:
        """The path as a person reads it: an entry of a list goes by its id, else by its number from 1."""
        value, names = self.value, []
        for part in at:
            value = _inside(value, part)
            own = _inside(value, "id")
            names.append(part if isinstance(part, str) else own if isinstance(own, str) else f"#{part + 1}")
        return ".".join(names) or "the file"


def text_of(path: Path) -> str:
    """The text of a file; raises BadFile."""
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadFile([f"{path}:1: the file: {error.strerror}; give the path of a file to read"]) from error
    if len(raw) > MOST_BYTES:
        raise BadFile([f"{path}:1: the file: has over 5 MB; write some hundred lines"])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadFile([f"{path}:{line}: the file: is not UTF-8 here; save it as UTF-8"]) from error


_QUICK = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # for what was looked at: it tells less of what is wrong


def parse(text: str) -> Tree:
    """Read one YAML document; its faults are in the tree, which is empty if the text could not be read."""
    tree = Tree()
    try:
        # Looked at before anything is built: aliases and depth are how a small file becomes a huge one.
        tree.faults = list(_traps(text))
        if tree.faults:
            return tree
        root = yaml.compose(text, Loader=_QUICK)
    except yaml.YAMLError as error:
        tree.faults.append(_not_yaml(text, error))
        return tree
    tree.value = _value(tree, root, ()) if root else None
    if tree.value is None:
        tree.fault((), "is empty; write keys and their values")
    return tree


def _traps(text: str) -> Iterator[Fault]:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            yield Fault(line, (), f"has an alias, *{event.anchor}; write the value out again")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            yield Fault(line, (), f"is nested deeper than {MOST_DEPTH} levels; no key of a commune is")
            return


def _not_yaml(text: str, error: yaml.YAMLError) -> Fault:
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return Fault(line, (), "has a character that no text file holds; delete it")
    mark = getattr(error, "problem_mark", None)
    problem = " ".join(filter(None, (getattr(error, "context", ""), getattr(error, "problem", ""))))
    says = f"is not valid YAML ({problem}); mend the indentation, colon or quotes here"
    return Fault(mark.line + 1 if mark else 1, (), says)


def _line(thing: Any) -> int:
    return int(thing.start_mark.line) + 1


def _value(tree: Tree, node: yaml.Node, at: KeyPath) -> Any:
    tree.lines.setdefault(at, _line(node))  # setdefault: the line of its key, where it has one
    if node.tag not in _OWN_TAGS:
        tree.fault(at, f"is marked {node.tag!r}; write the value without a mark")
    if isinstance(node, yaml.MappingNode):
        return _mapping(tree, node, at)
    if isinstance(node, yaml.SequenceNode):
        return [_value(tree, each, (*at, place)) for place, each in enumerate(node.value)]
    return _scalar(node.tag.rpartition(":")[2], str(node.value))


def _mapping(tree: Tree, node: yaml.MappingNode, at: KeyPath) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in node.value:
        here, line = (*at, str(key.value)), _line(key)
        if not isinstance(key, yaml.ScalarNode):
            tree.faults.append(Fault(line, at, "has a key that is no word; write a word and a colon"))
        elif key.value in values:
            tree.faults.append(Fault(line, here, f"is on line {tree.lines[here]} already; keep one"))
        else:
            tree.lines[here] = line
            values[key.value] = _value(tree, value, here)
    return values


def _scalar(kind: str, said: str) -> Any:
    if kind == "int" and _WHOLE.fullmatch(said):
        return int(said)
    if kind == "bool":
        return said.lower() in ("yes", "true", "on")
    if kind == "null":
        return None
    # The rest stays as it was written: a date because its zone counts, 1.5 and 0x10 because no key takes one.
    return said


def _inside(value: Any, part: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    return value[part] if isinstance(value, list) and isinstance(part, int) and part < len(value) else None


def validated(tree: Tree, model: type[Model], context: dict[str, Any]) -> Model | None:
    """The tree as that model; what does not fit is noted in the tree, in words."""
    if tree.value is None:
        return None  # there are faults enough: it could not be read
    try:
        return model.model_validate(tree.value, context=context)
    except ValidationError as errors:
        for error in errors.errors(include_url=False):
            tree.fault(error["loc"], _explained(model, error))
    return None


def _explained(model: type[BaseModel], error: ErrorDetails) -> str:
    kind, at, limits = error["type"], error["loc"], error.get("ctx", {})
    known = _owner(model, at).model_fields
    name = next((part for part in reversed(at) if isinstance(part, str)), "")
    if kind == "value_error":
        return str(limits["error"])
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(name, known, 1)
        return f"is no key here; write {near[0]}" if near else f"is no key here; there are {', '.join(known)}"
    if kind == "string_too_long":
        return f"has {len(error['input'].strip())} characters; write {limits['max_length']} at most"
    right = (known[name].description if name in known else None) or "keys, each with its value"
    if kind == "missing":
        return f"is missing; write {right}"
    quotes = ", in quotes" if kind == "string_type" and isinstance(error["input"], int) else ""
    return f"is {shown(error['input'])}; write {right}{quotes}"


def _owner(model: type[BaseModel], at: KeyPath) -> type[BaseModel]:
    for part in at[:-1]:
        if isinstance(part, str):
            kind: Any = model.model_fields[part].annotation
            inside = next(iter(get_args(kind)), kind)  # of a list: what it lists
            if not (isinstance(inside, type) and issubclass(inside, BaseModel)):
                break  # a list of words or numbers
            model = inside
    return model


def shown(value: object) -> str:
    """A value in a sentence."""
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "a group of keys"
    if value is None or value == "":
        return "empty"
    text = repr(value) if isinstance(value, str) else str(value).lower()
    return text if len(text) <= 60 else f"{text[:60]}…"
