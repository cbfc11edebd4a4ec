"""What the model sees of a text: its letters, its words, their skeletons and what they are about."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from zlib import crc32

from locales.concepts import concepts
from locales.letters import normalise
from locales.skeleton import of_word

LONGEST = 240  # characters: what somebody wants is said by then
_MOST_CONCEPTS = 6  # which are paired

# The groups, and how much each counts.  In a short text each thing that is seen counts more than in a long one.
GROUPS = {"letters": 1.0, "word": 1.0, "bones": 1.0, "about": 1.4}

Seen = dict[str, list[str]]


def features(typed: str) -> Seen:
    """What there is to see in a text, by group."""
    written = normalise(typed[:LONGEST]).split()
    bones = [bone for word in written if (bone := of_word(word))]
    about = concepts(written)
    pairs = [f"{a}+{b}" for a, b in combinations(sorted(about[:_MOST_CONCEPTS]), 2)]
    return {
        "letters": [part for word in written for part in _pieces(f" {word} ", (2, 3, 4))],
        "word": [*written, *_neighbours(["^", *written, "$"])],
        "bones": [*bones, *_neighbours(["^", *bones, "$"]), *_pieces(f" {' '.join(bones)} ", (3, 4))],
        "about": [*about, *pairs, "about nothing"] if not about else [*about, *pairs],
    }


def letters(typed: str) -> list[str]:
    """The parts of words alone: enough to tell a language."""
    return [part for word in normalise(typed[:LONGEST]).split() for part in _pieces(f" {word} ", (1, 2, 3, 4))]


def bucket(group: str, feature: str, buckets: int) -> int:
    """The row of the weights in which a feature is counted."""
    return crc32(f"{group}:{feature}".encode()) % buckets


def _pieces(text: str, sizes: Sequence[int]) -> Iterator[str]:
    for size in sizes:
        for start in range(len(text) - size + 1):
            yield text[start : start + size]


def _neighbours(words: Sequence[str]) -> Iterator[str]:
    for one, other in pairwise(words):
        yield f"{one} {other}"
