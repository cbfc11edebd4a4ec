"""Moments as a commune's file writes them: a date, a moment with its zone, or so long from now."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.yaml_lines import shown
from locales.values import CASABLANCA

MOMENT = "a date, 2026-05-20, a moment with its zone, 2026-05-20T20:00+01:00, or now + 21 days (or hours)"
_RELATIVE = re.compile(r"now(?: *([+-]) *([0-9]{1,4}) *(day|hour)s?)?(?: at ((?:[01][0-9]|2[0-3]):[0-5][0-9]))?")
_YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class When:
    """A moment, and whether it was written relative to now."""

    at: datetime
    is_relative: bool = False


def moment(said: object, now: datetime, hour: time) -> When:
    """What a date means, a plain one at that hour in Morocco; ValueError says what would be right."""
    text = said.strip() if isinstance(said, str) else ""
    if found := _RELATIVE.fullmatch(text):
        step = timedelta(**{f"{found[3] or 'day'}s": int(f"{found[1] or '+'}{found[2] or 0}")})
        at = now.replace(microsecond=0) + step
        if found[4]:
            at = datetime.combine(at.astimezone(CASABLANCA).date(), time.fromisoformat(found[4]), CASABLANCA)
        return When(at, is_relative=True)
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            at = datetime.combine(date.fromisoformat(text), hour, CASABLANCA)
        else:
            at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"is {shown(said)}; write {MOMENT}") from None
    if at.tzinfo is None or at.year not in _YEARS:
        raise ValueError(f"is {shown(said)}, without a zone or far from our time; write {MOMENT}")
    return When(at)
