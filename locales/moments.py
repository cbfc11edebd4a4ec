"""A day and an hour as people type them: 15/12/2026 18:00, 15 décembre 18h, 15 دجنبر."""

import re
import unicodedata
from datetime import datetime, time
from functools import cache

from babel.dates import get_month_names

from locales.values import CASABLANCA
from locales.words import normalise

_TYPED = re.compile(
    r"^(?P<day>\d{1,2})\s*(?:er)?[\s/.-]+(?P<month>\d{1,2}|[^\W\d]+)(?:[\s/.-]+(?P<year>\d{4}))?"
    r"(?:\D+(?P<hour>\d{1,2})(?:\s*[h:]\s*(?P<minute>\d{2}))?\s*h?)?$"
)
_DARIJA = {"يونيه": 6, "غشت": 8, "دجنبر": 12, "شتنبر": 9, "نونبر": 11}


def read(typed: str, now: datetime, last: bool) -> datetime | None:
    """The moment that was typed, in Morocco; a day without an hour begins it, or with `last` ends it.

    Without a year it is the next such day.  What is no day of the calendar is none.
    """
    try:
        return _read(typed, now, last) or datetime.fromisoformat(typed.strip()).astimezone(CASABLANCA)
    except ValueError:
        return None


def _read(typed: str, now: datetime, last: bool) -> datetime | None:
    found = _TYPED.match(_bare(typed))
    if not found:
        return None
    said = found.groupdict()
    month = int(said["month"]) if said["month"].isdecimal() else _months().get(said["month"], 0)
    end = time(23, 59, 59) if last else time(0)
    hour = time(int(said["hour"]), int(said["minute"] or 0)) if said["hour"] else end
    today = now.astimezone(CASABLANCA)
    year = int(said["year"] or today.year)
    moment = datetime(year, month, int(said["day"]), hour.hour, hour.minute, hour.second, tzinfo=CASABLANCA)
    is_past = said["year"] is None and moment < now
    return moment.replace(year=year + 1) if is_past else moment


def _bare(typed: str) -> str:
    """As `normalise` has it, but with the signs that stand between figures."""
    signs = unicodedata.normalize("NFC", typed)
    return " ".join("".join(sign if sign in "/.:-" else normalise(sign) or " " for sign in signs).split())


@cache
def _months() -> dict[str, int]:
    known = {normalise(name): month for name, month in _DARIJA.items()}
    for locale in ("fr_MA", "ar_MA", "ar"):
        for width in ("wide", "abbreviated"):
            for month, name in get_month_names(width, locale=locale).items():
                known[normalise(name)] = month
    return known
