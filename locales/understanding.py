"""What a person wants, from what they wrote: closed lists first, then a small linear model that can say why."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from locales.features import features
from locales.weights import Weights, load
from locales.words import answer

WEIGHTS = Path(__file__).parent / "weights.bin"
OUT_OF_SCOPE = "out_of_scope"

# The intents that a known word (words.tsv) stands for, where they are called differently.
_MEANT = {
    "petition": "petition_sign",
    "vote": "budget_vote",
    "standing": "petition_status",
    "human": "human_contact",
    "workshop": "workshop_register",
    "consultation": "charter_comment",
    "language": "language_change",
    "stop": "unsubscribe",
    "news": "announcements_subscribe",
    "me": "my_data",
    "mydata": "my_data",
    "erase": "delete_my_data",
    "right": "yes",
    "understood": "yes",
    "petition_new": "petition_start",
}

Zone = Literal["sure", "unsure", "lost"]


@dataclass(frozen=True, slots=True)
class Understood:
    """What was likely meant, how likely, and what should be done about it."""

    intent: str
    score: float
    zone: Zone
    likely: tuple[tuple[str, float], ...]  # the three likeliest intents, without `out_of_scope`
    reasons: tuple[tuple[str, float], ...] = ()  # what decided, if it was asked for


@cache
def weights() -> Weights:
    """What was learnt; read once, when the first free text comes."""
    return load(WEIGHTS)


def understand(
    typed: str, among: Collection[str] = (), reasons: bool = False, learnt: Weights | None = None
) -> Understood:
    """The likeliest intent of a text; with `among` only these come into question."""
    said = intent_of(answer(typed) or "")
    learnt = learnt or weights()
    known = learnt.intents
    if said and (not among or said in among):
        return Understood(said, 1.0, "sure", ((said, 1.0),), (("known word", 1.0),) if reasons else ())
    seen = features(typed)
    chances = known.chances(seen)
    if among:
        whole = sum(chances[name] for name in among)
        chances = {name: chances[name] / whole for name in among}
    ranked = sorted(chances.items(), key=lambda each: (-each[1], each[0]))
    likely = tuple((name, round(chance, 4)) for name, chance in ranked if name != OUT_OF_SCOPE)[:3]
    why = known.reasons(seen, ranked[0][0]) if reasons else ()
    return Understood(ranked[0][0], round(ranked[0][1], 4), _zone(learnt, ranked[0], likely), likely, tuple(why))


def intent_of(said: str) -> str:
    """The intent that a known word stands for."""
    return "language_change" if said.startswith("language=") else _MEANT.get(said, said)


def _zone(learnt: Weights, first: tuple[str, float], likely: tuple[tuple[str, float], ...]) -> Zone:
    if first[0] != OUT_OF_SCOPE and first[1] >= learnt.sure:
        return "sure"
    return "unsure" if likely and likely[0][1] >= learnt.unsure else "lost"
