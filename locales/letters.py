"""Letters alone: one spelling for what people type in two scripts, on any keyboard, in any hurry."""

import re
import unicodedata

_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        "ى": "ي",
        "ی": "ي",
        "ئ": "ي",
        "ؤ": "و",
        "ة": "ه",
        "ک": "ك",
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
_DRAWN_OUT = re.compile(r"([^\W\d])\1{2,}")  # ouiiii, واااخا; never a digit: 1000
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")
_LATIN = re.compile("[a-zA-Z\u00c0-\u024f]")


def digits(text: str) -> str:
    """Arabic-Indic and other digits as 0 to 9."""
    return "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text)


def normalise(typed: str) -> str:
    """Letters alone: no case, accents, vowel signs, tatweel, punctuation, letters drawn out or double spaces."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", typed).casefold()).translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    if not bare.isascii():
        # What was hidden under a mark or a ligature may be a capital, a variant or a mark once more.
        bare = digits(unicodedata.normalize("NFKC", bare.casefold()).translate(_LETTERS))
    return " ".join(_DRAWN_OUT.sub(r"\1", _SIGNS.sub(" ", bare)).split())


def has_arabic(text: str) -> bool:
    """Whether there is a letter of the Arabic script."""
    return _ARABIC.search(text) is not None


def has_latin(text: str) -> bool:
    """Whether there is a Latin letter."""
    return _LATIN.search(text) is not None
