"""Learns the weights: the same ones from the same phrases."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from locales.features import GROUPS, bucket, features, letters
from locales.weights import ZERO, Table, Weights
from training.phrases import Phrase, fingerprint, variants

BUCKETS, LANGUAGE_BUCKETS = 1 << 15, 1 << 13
_VARIANTS = 2  # other spellings of each phrase
_STRICTNESS = 20.0  # scikit-learn's C: how closely the phrases are followed
_SURE, _UNSURE = 0.72, 0.15  # chosen by `make evaluate`: few strangers let in, few sent to the wrong place

Seen = Mapping[str, Sequence[str]]


def learn(phrases: Sequence[Phrase]) -> Weights:
    """Weights from phrases and their other spellings."""
    spelt = [other for phrase in phrases for other in (phrase, *variants(phrase, _VARIANTS))]
    intents = _table([features(each.text) for each in spelt], [each.intent for each in spelt], BUCKETS, GROUPS)
    told = [each for each in phrases if each.language != "mix"]
    languages = _table(
        [seen_of_language(each.text) for each in told],
        [each.language for each in told],
        LANGUAGE_BUCKETS,
        {"letters": 1.0},
    )
    return Weights(intents, languages, _SURE, _UNSURE, fingerprint())


def seen_of_language(text: str) -> Seen:
    """What tells a language."""
    return {"letters": letters(text)}


def _table(seen: Sequence[Seen], names: Sequence[str], buckets: int, groups: Mapping[str, float]) -> Table:
    learnt = LogisticRegression(C=_STRICTNESS, max_iter=200).fit(_matrix(seen, buckets, groups), names)
    widest = float(np.abs(learnt.coef_).max())
    scale = widest / (ZERO - 1)
    rows = np.rint(learnt.coef_.T / scale).astype(np.int16) + ZERO
    bias = tuple(round(float(each), 4) for each in learnt.intercept_)
    return Table(tuple(learnt.classes_.tolist()), bias, scale, buckets, dict(groups), rows.astype(np.uint8).tobytes())


def _matrix(seen: Sequence[Seen], buckets: int, groups: Mapping[str, float]) -> csr_matrix:
    ends, places, values = [0], list[int](), list[float]()
    for each in seen:
        row = _row(each, lambda group, feature: bucket(group, feature, buckets), groups)
        places += row
        values += row.values()
        ends.append(len(places))
    return csr_matrix((values, places, ends), shape=(len(seen), buckets))


def _row(seen: Seen, place: Callable[[str, str], int], groups: Mapping[str, float]) -> dict[int, float]:
    row: defaultdict[int, float] = defaultdict(float)
    for group, found in seen.items():
        for feature in found:
            row[place(group, feature)] += groups[group] / math.sqrt(len(found))
    return row
