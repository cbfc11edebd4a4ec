"""Whole numbers as people type them: 27, ٢٧, «جوج», "wahd", "vingt et un", «خمسة وعشرين», 10 000 DH."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from locales.letters import digits, normalise

_ARTICLE = re.compile("^(?:ال|لل|ل|ف|ب|l|f|b)(?=..)")
_THOUSANDS = re.compile(r"(?<=\d)[\s.,\u00a0\u202f](?=\d{3}(?!\d))")
_NOT_WHOLE = re.compile(r"\d[.,/:]\d|[-+−]\s*\d|[^\W\d]\d{3}")  # 1,5, 12/2, -3, I123456; but "wa7ed"
_UNIT = re.compile(r"(?<=\d)(?=(?:ans?|dh|dhs|mad|عام|سنة|درهم)\b)", re.IGNORECASE)  # 27ans
_MOST_WORDS = 7  # «عندي 27 عام», "j'ai vingt et un ans"


@cache
def said(kind: str) -> dict[str, int]:
    """The words of a kind in moments.tsv, as `normalise` has them, and what each stands for."""
    known: dict[str, int] = {}
    for line in (Path(__file__).parent / "moments.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{kind}\t"):
            _kind, value, words = line.split("\t")
            known |= {normalise(word): int(value) for word in words.split()}
    return known


def known(word: str, kind: str) -> int | None:
    """What a normalised word of a kind stands for, with or without its article."""
    words = said(kind)
    return words.get(word, words.get(_ARTICLE.sub("", word)))


def whole(typed: str) -> int | None:
    """The one whole number in what was typed; none where there is none, more than one, a sign or a fraction."""
    figures = _THOUSANDS.sub("", digits(typed))
    if _NOT_WHOLE.search(figures):
        return None
    words = normalise(_UNIT.sub(" ", figures)).split()
    groups = _groups(words) if len(words) <= _MOST_WORDS else []
    return value(groups[0]) if len(groups) == 1 else None


def value(words: Sequence[str]) -> int:
    """What the words of one number come to: cinq cent vingt, quatre-vingt-dix, مية وخمسة وعشرين."""
    total = part = 0
    for word in words:
        number = _number(word)
        if number is None:
            continue
        if number in (100, 1000) and part:
            total, part = (total + part * 1000, 0) if number == 1000 else (total, part * 100)
        elif number == 20 and part % 100 == 4:  # quatre-vingt
            part += 76
        else:
            part += number
    return total + part


def _groups(words: Sequence[str]) -> list[list[str]]:
    """Words of numbers that stand together; «و» and "et" join them."""
    groups, is_open = list[list[str]](), False
    for word in words:
        if _number(word) is not None:
            groups = groups if is_open else [*groups, []]
            groups[-1].append(word)
            is_open = not word.isdecimal()
        elif known(word, "and") is None:
            is_open = False
    return groups


def _number(word: str) -> int | None:
    if word.isdecimal():
        return int(word[:15])
    found = known(word, "number")
    return known(word[1:], "number") if found is None and word.startswith("و") else found
