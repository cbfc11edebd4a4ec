"""What a typed word means: closed lists, told apart by their letters and not by their spelling."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from locales.letters import digits, normalise

__all__ = ["answer", "digits", "meaning", "normalise"]

HOME = Path(__file__).parent
POLITE = "polite"  # svp, عافاك: said beside an answer, and no answer itself
ANSWERS = frozenset({"yes", "right", "understood", "no", "back", "cancel", "skip", "done"})
# A yes agrees.  "C'est bon" says that what was read back is right, « compris » that it is understood: none consents.
_AGREEING = ("yes", "right", "understood")
_GIVING_NOTHING = ("skip", "no", "done")
_MOST_WORDS = 6  # of an answer with its politeness


@cache
def _closed_lists() -> dict[str, str]:
    """Each known word or phrase, in any language, and what it means."""
    known: dict[str, str] = {}
    for path, number, meaning, phrase in _lines("words.tsv"):
        written = normalise(phrase)
        if not written:
            raise ValueError(f"{path}:{number}: {phrase!r} has no letters")
        if known.setdefault(written, meaning) != meaning:
            raise ValueError(f"{path}:{number}: {phrase!r} means {known[written]} already")
    return known


@cache
def _answers() -> dict[str, str]:
    """Beside the known words the phrases that were collected as answers; what could be two answers is none."""
    found: dict[str, set[str]] = {}
    for _path, _number, intent, phrase in _lines("phrases.tsv"):
        if intent in ANSWERS:
            found.setdefault(normalise(phrase), set()).add(intent)
    sure = {written: min(meant) for written, meant in found.items() if len(meant) == 1}
    return {**sure, **_closed_lists()}


def _lines(name: str) -> Iterator[tuple[Path, int, str, str]]:
    for path in sorted(HOME.glob(f"*/{name}")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line and not line.startswith("#"):
                meaning, _, phrase = line.partition("\t")
                yield path, number, meaning, phrase


def meaning(typed: str) -> str | None:
    """What a whole message means if it is one of the known words: `menu`, `yes`, `back`, ..."""
    said = _closed_lists().get(normalise(typed))
    return None if said == POLITE else said


def answer(typed: str) -> str | None:
    """What a whole message answers: a known word, or nothing but words and phrases of one same answer.

    «واخا صافي عافاك» is a yes; "oui mais non" is no answer.
    """
    if said := meaning(typed):
        return said
    words = normalise(typed).split()
    parts = _parts(tuple(words)) if len(words) <= _MOST_WORDS else None
    meant = set(parts or ()) - {POLITE}
    if meant and meant <= set(_AGREEING):
        return min(meant, key=_AGREEING.index)  # «واخا فهمت» is a yes
    return min(meant) if len(meant) == 1 and meant <= ANSWERS else None


def stands_for(known: str, value: str) -> bool:
    """Whether a known word presses the button of this value: a yes is right and understood too, and no other way.

    To skip, to say no and to be done is to give nothing, where nothing is an answer.
    """
    if value in (known, f"@{known}"):
        return True
    return (known == "yes" and value in _AGREEING) or (known in _GIVING_NOTHING and value == "none")


def _parts(words: tuple[str, ...]) -> list[str] | None:
    """The meanings of which a text is made, the longest phrases first; None where something else is in it."""
    if not words:
        return []
    for size in range(len(words), 0, -1):
        if (said := _answers().get(" ".join(words[:size]))) and (rest := _parts(words[size:])) is not None:
            return [said, *rest]
    return None
