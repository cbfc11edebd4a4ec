"""Measures the understanding: how often right, how often a stranger is let in, how fast, how big."""

import random
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from locales.understanding import OUT_OF_SCOPE, WEIGHTS, Understood
from training.phrases import Phrase

STATE = ("yes", "no", "back", "cancel", "skip")  # the answers that a question with buttons can have


@dataclass(frozen=True)
class Case:
    """A phrase, how it was understood, and how it was where only the answers of a question come into question."""

    phrase: Phrase
    understood: Understood
    in_state: Understood | None


Reads = Callable[..., Understood]


def cases(phrases: Sequence[Phrase], reads: Reads) -> list[Case]:
    """Read them all."""
    return [
        Case(each, reads(each.text), reads(each.text, among=STATE) if each.intent in STATE else None)
        for each in phrases
    ]


def folds(phrases: Sequence[Phrase], count: int) -> list[list[Phrase]]:
    """The phrases in parts; each phrase is in one, and its other spellings are made after the parting."""
    shuffled = list(phrases)
    random.Random(2027).shuffle(shuffled)  # noqa: S311  # a parting that is always the same, no secret
    return [shuffled[start::count] for start in range(count)]


def report(found: Sequence[Case]) -> list[str]:
    """What the figures are, a line each."""
    content = [case for case in found if case.phrase.intent not in (*STATE, OUT_OF_SCOPE)]
    closed = [case for case in found if case.in_state]
    strangers = [case for case in found if case.phrase.intent == OUT_OF_SCOPE]
    lines = [f"{len(found)} phrases: {len(content)} content, {len(closed)} answers, {len(strangers)} out of scope"]
    if content:
        lines += _of_content(content)
    if closed:
        right = [case.in_state is not None and case.in_state.intent == case.phrase.intent for case in closed]
        lines.append(f"answers in their state, top-1      {_share(right)}")
    if strangers:
        lines.append(
            f"out of scope, accepted as sure     {_share(case.understood.zone == 'sure' for case in strangers)}"
        )
        lines.append(
            f"out of scope, offered as buttons   {_share(case.understood.zone == 'unsure' for case in strangers)}"
        )
    return lines


def _of_content(content: Sequence[Case]) -> list[str]:
    lines = [f"content, top-1                     {_share(_is_right(case) for case in content)}"]
    for language in sorted({case.phrase.language for case in content}):
        own = [_is_right(case) for case in content if case.phrase.language == language]
        lines.append(f"  of these {language:<9}               {_share(own)}")
    lines.append(f"content, among the three likeliest {_share(_is_among(case) for case in content)}")
    wrong = [case.understood.zone == "sure" and not _is_right(case) for case in content]
    lines.append(f"content, accepted and wrong        {_share(wrong)}")
    for zone in ("sure", "unsure", "lost"):
        lines.append(f"content, {zone:<25} {_share(case.understood.zone == zone for case in content)}")
    return lines


def by_intent(found: Sequence[Case]) -> list[str]:
    """How often each intent is right, the worst first."""
    names = {case.phrase.intent for case in found}
    shares = {name: [_is_right(case) for case in found if case.phrase.intent == name] for name in names}
    ranked = sorted(shares.items(), key=lambda each: (sum(each[1]) / len(each[1]), each[0]))
    return [f"{name:<25} {_share(right)}" for name, right in ranked]


def speed(phrases: Sequence[Phrase], reads: Reads) -> str:
    """How long one message takes, in time of the processor: other programs do not count."""
    took = list[float]()
    for each in phrases:
        began = time.process_time()
        reads(each.text)
        took.append((time.process_time() - began) * 1000)
    cut, size = statistics.quantiles(took, n=20)[-1], WEIGHTS.stat().st_size / 1e6
    return f"a message: median {statistics.median(took):.2f} ms, 95 % under {cut:.2f} ms; weights {size:.2f} MB"


def _is_right(case: Case) -> bool:
    return case.understood.intent == case.phrase.intent


def _is_among(case: Case) -> bool:
    return case.phrase.intent in [name for name, _chance in case.understood.likely]


def _share(right: Iterable[bool]) -> str:
    counted = list(right)
    return f"{sum(counted) / len(counted):6.1%}  ({sum(counted)} of {len(counted)})" if counted else "-"
