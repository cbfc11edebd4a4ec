"""What words are about: a lexicon that joins the spellings of three languages in two scripts."""

import re
from functools import cache
from pathlib import Path

from locales.letters import normalise
from locales.skeleton import of_word

_ARTICLE = re.compile("^(?:وال|فال|بال|كال|لل|ال|ل|ف|ب|و|l(?=[^aeiou]))(?=...)")
_SHORTEST = 4  # consonants: a skeleton of fewer says too little


@cache
def _lexicon() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Whole words, beginnings of words, and skeletons that belong to one concept alone."""
    whole, begun, bones = dict[str, str](), dict[str, str](), dict[str, set[str]]()
    for line in (Path(__file__).parent / "concepts.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        concept, _, words = line.partition("\t")
        for word in words.split():
            written = normalise(word)
            (begun if word.endswith("*") else whole).setdefault(written, concept)
            bones.setdefault(of_word(written.replace(" ", "")), set()).add(concept)
    sure = {bone: min(named) for bone, named in bones.items() if len(named) == 1 and len(bone) >= _SHORTEST}
    return whole, begun, sure


def concepts(written: list[str]) -> list[str]:
    """The concepts in normalised words, in their order; two words may be one («طلب المشاريع»)."""
    found = list[str]()
    for place, word in enumerate(written):
        pair = f"{word} {written[place + 1]}" if place + 1 < len(written) else ""
        concept = _lexicon()[0].get(pair) or _of_word(word)
        if concept and concept not in found:
            found.append(concept)
    return found


def _of_word(word: str) -> str | None:
    whole, begun, bones = _lexicon()
    for form in (word, _ARTICLE.sub("", word)):
        if concept := whole.get(form):
            return concept
        for length in range(len(form), 2, -1):
            if concept := begun.get(form[:length]):
                return concept
    return bones.get(of_word(word))
