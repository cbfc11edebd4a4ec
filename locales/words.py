"""What a typed word means: closed lists, told apart by their letters and not by their spelling."""

from functools import cache
from pathlib import Path

from locales.letters import digits, normalise

__all__ = ["digits", "meaning", "normalise"]


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
