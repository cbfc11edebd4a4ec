"""The names of a commune in what people write: «ولاد حمدان», "lad hmdan", "la jerda dyal ourbia"."""

import math
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from locales.concepts import concepts
from locales.letters import normalise
from locales.skeleton import bones, heard, of_word

_ALIKE = 82  # of 100: two skeletons are of one word
_CLEARLY = 1.3  # how much better the best must be than the next
_SHORTEST = 2  # consonants of a word that can name something

# What things in a town are, in any language: the only concepts that name something.
THINGS = frozenset(
    {"garden", "light", "trees", "field", "playground", "library", "road", "pavement", "fountain", "market", "waste"}
    | {"transport", "bike", "school", "youth", "committee"}
)


def named(typed: str, names: Mapping[str, Sequence[str]]) -> str | None:
    """The one thing among them that a text names, if it names just one; a thing may have several names."""
    known = {key: _marks(" ".join(each)) for key, each in names.items()}
    said = _marks(typed)
    scores = sorted(((_score(said, marks, known.values()), key) for key, marks in known.items()), reverse=True)
    if not scores or not scores[0][0]:
        return None
    return scores[0][1] if len(scores) == 1 or scores[0][0] >= _CLEARLY * scores[1][0] else None


def spelt(typed: str, labels: Mapping[str, str]) -> str | None:
    """The one label that typed words spell, all of them, in whatever script."""
    for said, of_label in ((bones(typed), bones), (_heard(typed), _heard)):
        if sum(map(len, said)) > _SHORTEST + 1:
            named = {key: frozenset(of_label(label)) for key, label in labels.items()}
            found = [key for key, words in named.items() if all(_is_in(word, words) for word in said)]
            if len(found) == 1:
                return found[0]
    return None


def _heard(typed: str) -> list[str]:
    return [sounds for word in normalise(typed).split() if (sounds := heard(word))]


def _score(said: frozenset[str], marks: frozenset[str], everything: Collection[frozenset[str]]) -> float:
    """How much of a thing is named; what fewer things are called counts more."""
    total = 0.0
    for mark in said:
        if _is_in(mark, marks):
            shared = sum(_is_in(mark, other) for other in everything)
            total += math.log(1 + len(everything) / shared)
    return total


@lru_cache(maxsize=500)
def _marks(text: str) -> frozenset[str]:
    """Skeletons of words that are about nothing we know, and the things that the others are."""
    found = set[str]()
    for word in normalise(text).split():
        about = concepts([word])
        if about:
            found |= {f"@{each}" for each in about if each in THINGS}
        elif len(bone := of_word(word)) >= _SHORTEST and not word.isdecimal():
            found.add(bone)
    return frozenset(found)


def _is_in(mark: str, marks: frozenset[str]) -> bool:
    if mark in marks or mark.startswith("@"):
        return mark in marks
    return len(mark) > _SHORTEST and any(
        not other.startswith("@") and fuzz.ratio(mark, other) >= _ALIKE for other in marks
    )
