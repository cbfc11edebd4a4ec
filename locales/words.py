"""What a typed word means: closed lists, told apart by their letters and not by their spelling."""

import re
import unicodedata
from functools import cache
from pathlib import Path

_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        "ى": "ي",
        "ئ": "ي",
        "ؤ": "و",
        "ة": "ه",
        **dict.fromkeys("ڭݣگ", "ك"),
        "ڤ": "ف",
        "پ": "ب",
        "ـ": None,
        "œ": "oe",
        "’": "'",
    }
)
_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SIGNS = re.compile(r"[^\w\s]|_")


def digits(text: str) -> str:
    """Arabic-Indic and other digits as 0 to 9."""
    return "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text)


def normalise(typed: str) -> str:
    """Letters alone: no case, accents, vowel signs, tatweel, punctuation or double spaces."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", typed)).casefold().translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return " ".join(_SIGNS.sub(" ", digits(bare)).split())


@cache
def _closed_lists() -> dict[str, str]:
    """Each known word or phrase, in any language, and what it means."""
    known: dict[str, str] = {}
    for path in sorted(Path(__file__).parent.glob("*/words.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line or line.startswith("#"):
                continue
            meaning, _, phrase = line.partition("\t")
            written = normalise(phrase)
            if not written:
                raise ValueError(f"{path}:{number}: {phrase!r} has no letters")
            if known.setdefault(written, meaning) != meaning:
                raise ValueError(f"{path}:{number}: {phrase!r} means {known[written]} already")
    return known


def meaning(typed: str) -> str | None:
    """What a whole message means if it is one of the known words: `menu`, `yes`, `back`, ..."""
    return _closed_lists().get(normalise(typed))
