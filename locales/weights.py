"""Weights as they are kept: a table of small whole numbers a question, and how to read it without numpy."""

import json
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import add
from pathlib import Path
from typing import Any

from locales.features import bucket

ZERO = 128  # a weight is kept as one byte, 128 being none


@dataclass(frozen=True)
class Table:
    """How much each feature speaks for each of the classes: a row of bytes for a bucket of features."""

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    scale: float  # what one step of a byte is worth
    buckets: int
    groups: Mapping[str, float]
    rows: bytes = field(repr=False)

    def chances(self, seen: Mapping[str, Sequence[str]]) -> dict[str, float]:
        """How likely each class is; all of them add up to one."""
        sums = list(self.bias)
        for group, found in seen.items():
            worth = self._worth(group, found)
            totals = [0] * len(self.classes)
            for feature in found:
                totals = list(map(add, totals, self._row(group, feature)))
            for place, total in enumerate(totals):
                sums[place] += worth * (total - ZERO * len(found))
        most = max(sums)
        powers = [math.exp(each - most) for each in sums]
        whole = sum(powers)
        return {name: power / whole for name, power in zip(self.classes, powers, strict=True)}

    def reasons(self, seen: Mapping[str, Sequence[str]], name: str, count: int = 5) -> list[tuple[str, float]]:
        """The features that spoke most for a class, against the average of all classes."""
        place, found = self.classes.index(name), dict[str, float]()
        for group, features in seen.items():
            for feature in features:
                row = self._row(group, feature)
                spoken = (row[place] - sum(row) / len(row)) * self._worth(group, features)
                found[f"{group}: {feature}"] = found.get(f"{group}: {feature}", 0.0) + spoken
        return sorted(found.items(), key=lambda each: (-each[1], each[0]))[:count]

    def _worth(self, group: str, found: Sequence[str]) -> float:
        return self.scale * self.groups[group] / math.sqrt(len(found)) if found else 0.0

    def _row(self, group: str, feature: str) -> bytes:
        start = bucket(group, feature, self.buckets) * len(self.classes)
        return self.rows[start : start + len(self.classes)]


@dataclass(frozen=True)
class Weights:
    """All that was learnt, and from which phrases."""

    intents: Table
    languages: Table
    sure: float  # an intent at least as likely is gone to
    unsure: float  # one at least as likely is offered
    learnt_from: str  # the fingerprint of the phrases


def load(path: Path) -> Weights:
    """Weights from their file: a line that describes them, then both tables."""
    head, _, packed = path.read_bytes().partition(b"\n")
    known: dict[str, Any] = json.loads(head)
    rows = zlib.decompress(packed)
    end = known["intents"]["buckets"] * len(known["intents"]["classes"])
    return Weights(_table(known.pop("intents"), rows[:end]), _table(known.pop("languages"), rows[end:]), **known)


def save(weights: Weights, path: Path) -> None:
    """Write them, always the same bytes for the same weights."""
    both = {name: _described(getattr(weights, name)) for name in ("intents", "languages")}
    known = {"sure": weights.sure, "unsure": weights.unsure, "learnt_from": weights.learnt_from}
    packed = zlib.compress(weights.intents.rows + weights.languages.rows, 9)
    path.write_bytes(json.dumps({**both, **known}).encode() + b"\n" + packed)


def _described(table: Table) -> dict[str, Any]:
    known = ("classes", "bias", "scale", "buckets", "groups")
    return {name: getattr(table, name) for name in known}


def _table(known: dict[str, Any], rows: bytes) -> Table:
    return Table(tuple(known["classes"]), tuple(known["bias"]), known["scale"], known["buckets"], known["groups"], rows)
