"""Which of many titles say nearly the same as a new one, whatever the order of their words and their spelling."""

from collections.abc import Mapping

from rapidfuzz import fuzz, process

from locales.words import normalise

_LIKE = 75  # of 100
_MOST = 3


def alike(title: str, titles: Mapping[int, str]) -> list[int]:
    """The likest of them, the likest first; few, so that somebody reads them."""
    written = {id: normalise(each) for id, each in titles.items()}
    found = process.extract(normalise(title), written, scorer=fuzz.token_set_ratio, score_cutoff=_LIKE, limit=_MOST)
    return [id for _said, _score, id in found]
