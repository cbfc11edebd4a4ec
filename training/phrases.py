"""The phrases that are learnt from, and the ways in which other people would have spelt them."""

import hashlib
import random
import re
from dataclasses import dataclass
from pathlib import Path

from locales.letters import has_arabic, has_latin, normalise

HOME = Path(__file__).parent.parent / "locales"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something that people write, what they want by it, and the language: ary-Arab, ary-Latn, fr, ar, en or mix."""

    text: str
    intent: str
    language: str


def read_all() -> list[Phrase]:
    """All phrases of the repository, in a fixed order."""
    return [
        Phrase(text, intent, _language(path.parent.name, text))
        for path in sorted(HOME.glob("*/phrases.tsv"))
        for intent, text in _lines(path)
    ]


def read_file(path: Path) -> list[Phrase]:
    """Phrases of one file, with the columns text, intent and perhaps lang named in its first line."""
    head, *rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    found = [dict(zip(head, row, strict=False)) for row in rows]
    return [Phrase(row["text"], row.get("intent", ""), row.get("lang", "")) for row in found]


def fingerprint() -> str:
    """What the phrases and the lexicon are, in short: the weights must be of these."""
    whole = hashlib.sha256()
    for path in sorted([*HOME.glob("*/phrases.tsv"), HOME / "concepts.tsv"]):
        whole.update(path.read_bytes())
    return whole.hexdigest()[:16]


def _lines(path: Path) -> list[tuple[str, str]]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [(intent, text) for intent, _, text in (line.partition("\t") for line in lines)]


def _language(code: str, text: str) -> str:
    if code != "ary":
        return code
    if has_arabic(text) and has_latin(text):
        return "mix"
    return "ary-Arab" if has_arabic(text) else "ary-Latn"


# How else it would be spelt: (what is written, what others write).
_ARABIZI = [
    ("7", "h"), ("h", "7"), ("9", "q"), ("9", "k"), ("q", "9"), ("3", "a"), ("3", ""), ("5", "kh"), ("kh", "5"),
    ("kh", "x"), ("gh", "r"), ("gh", "8"), ("ch", "sh"), ("ch", "x"), ("ou", "o"), ("ou", "u"), ("o", "ou"),
    ("w", "ou"), ("e", ""), ("a", ""), ("e", "a"), ("a", "e"), ("i", "e"), ("i", "y"), ("2", ""), ("sh", "ch"),
    ("dyal", "d"), ("dyali", "diali"), ("wach", "wesh"), ("bghit", "bgit"), ("bghit", "brit"), ("3la", "ela"),
    ("chno", "achno"), ("chno", "chnou"), ("chno", "shno"), ("l", "el"), ("ll", "l"), ("j", "g"), ("ss", "s"),
]  # fmt: skip
_FRENCH = [
    ("je veux", "jveux"), ("je veux", "j veu"), ("je veux", "je ve"), ("je ", "j "), ("voudrais", "voudrai"),
    ("comment", "cmt"), ("comment", "koman"), ("qu", "k"), ("que", "ke"), ("est-ce que", "es ke"), ("pour", "pr"),
    ("vous", "vs"), ("er ", "é "), ("é", "er"), ("é", "e"), ("ss", "s"), ("tt", "t"), ("nn", "n"), ("mm", "m"),
    ("s'il vous plaît", "svp"), ("quand", "qd"), ("beaucoup", "bcp"), ("c'est", "c"), ("j'ai", "g"), ("j'ai", "jai"),
    ("l'", "l"), ("d'", "d"), ("'", " "), ("'", ""), ("ph", "f"), ("eau", "o"), ("au", "o"), ("s ", " "), ("ent ", " "),
    ("tion", "sion"), ("dans", "ds"), ("toujours", "tjrs"), ("quel", "kel"), ("ç", "c"), ("e ", " "),
]  # fmt: skip
_ARABIC = [
    ("ة", "ه"), ("ال", ""), ("ال", "ل"), ("ض", "د"), ("ظ", "ض"), ("ث", "ت"), ("ذ", "د"), ("ط", "ت"), ("ق", "ك"),
    ("ق", "ڭ"), ("أ", "ا"), ("إ", "ا"), ("ما", "م"), ("ما", "ما "), ("شنو", "اشنو"), ("شنو", "شنوا"), ("فال", "ف "),
    ("ديال", "د"), ("ديالي", "ديلي"), ("بغيت", "بغييت"), ("بغيت", "بغت"), ("باش", "بش"), ("و", ""), ("ي", ""),
    ("ا", ""), ("نت", "ت"), ("كي", "تي"), ("غادي", "غا"), ("واش", "وش"), ("على", "ع"), ("على ال", "عل"), ("ين", "ن"),
]  # fmt: skip
_BEFORE = {
    "arabic": ("السلام عليكم", "سلام", "عافاكم", "لو سمحتو", "خويا", "دابا", "صباح الخير"),
    "latin": ("salam", "slm", "bonjour", "svp", "3afak", "bjr", "khoya", "daba", "salut", "bonsoir"),
}
_AFTER = {
    "arabic": ("عافاك", "عافاكم", "شكرا", "من فضلكم", "الله يخليك", "؟", "دابا"),
    "latin": ("svp", "3afak", "merci", "stp", "3afakom", "please", "?", "daba"),
}
_GREETINGS = frozenset({"greet", "thanks"})  # a politeness beside them is all that they are


def variants(phrase: Phrase, count: int) -> list[Phrase]:
    """Other spellings of a phrase: always the same ones for the same phrase."""
    chance = random.Random(f"{phrase.intent}:{phrase.text}")  # noqa: S311  # always the same, no secret
    found: list[str] = []
    for _each in range(count):
        text = _respelt(phrase, chance)
        if phrase.intent not in _GREETINGS and len(phrase.text.split()) > 1 and chance.random() < 0.3:
            text = _wrapped(text, chance)
        if chance.random() < 0.25:
            text = _slipped(text, chance)
        if normalise(text) and normalise(text) not in {normalise(other) for other in (*found, phrase.text)}:
            found.append(text)
    return [Phrase(text, phrase.intent, phrase.language) for text in found]


def _respelt(phrase: Phrase, chance: random.Random) -> str:
    text = phrase.text
    ways = _ARABIC if has_arabic(text) else _FRENCH if phrase.language == "fr" else _ARABIZI
    if phrase.language == "mix":
        ways = [*_ARABIC, *_FRENCH, *_ARABIZI]
    known = [way for way in ways if way[0] in text]
    for written, other in chance.sample(known, min(len(known), chance.choice((1, 2, 2, 3)))):
        places = [found.start() for found in re.finditer(re.escape(written), text)]
        if places:
            place = chance.choice(places)
            text = text[:place] + other + text[place + len(written) :]
    return text


def _wrapped(text: str, chance: random.Random) -> str:
    script = "arabic" if has_arabic(text) else "latin"
    if chance.random() < 0.5:
        return f"{chance.choice(_BEFORE[script])} {text}"
    return f"{text} {chance.choice(_AFTER[script])}"


def _slipped(text: str, chance: random.Random) -> str:
    """A slip of the thumb in a longer word: a letter left out, doubled, or two exchanged."""
    words = text.split()
    long = [place for place, word in enumerate(words) if len(word) > 4 and word.isalnum()]
    if not long:
        return text
    place = chance.choice(long)
    word, at = words[place], chance.randrange(1, len(words[place]) - 1)
    slips = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )
    words[place] = chance.choice(slips)
    return " ".join(words)
