"""Values inserted in texts: one formatter, which escapes markup and isolates direction."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from locales.bidi import isolate, isolate_code

CASABLANCA = ZoneInfo("Africa/Casablanca")


def escape(text: str) -> str:
    """Text as it may stand in a message, whose only markup is <b> and <code>."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@dataclass(frozen=True, slots=True)
class Code:
    """A receipt, a CIN mask, a phone number: shown left to right."""

    text: str
    copyable: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or the day that a moment is in Morocco; perhaps with its name."""

    moment: datetime | date
    weekday: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """The month of a day, for sessions of the council."""

    day: date


@dataclass(frozen=True, slots=True)
class Hour:
    """A moment, shown as its hour in Morocco."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """Text that is already formatted and escaped."""

    text: str


Value = str | int | float | Code | Day | Month | Hour | Written


@lru_cache(maxsize=1000)  # Babel takes longer over a date than the rest of a message
def _day(day: date, weekday: bool, locale: str) -> str:
    shown = format_date(day, "EEEE d MMMM y" if weekday else "d MMMM y", locale=locale)
    # French says "1er décembre", which no pattern of Babel writes.
    return re.sub(r"\b1 ", "1er ", shown, count=1) if day.day == 1 and locale.startswith("fr") else shown


def _dated(value: Day | Month, locale: str) -> str:
    if isinstance(value, Month):
        return format_date(value.day, "MMMM y", locale=locale)
    moment = value.moment
    day = moment.astimezone(CASABLANCA).date() if isinstance(moment, datetime) else moment
    return _day(day, value.weekday, locale)


@lru_cache(maxsize=1000)
def _number(value: float, locale: str) -> str:
    return format_decimal(value, locale=locale)


def show(value: Value, locale: str) -> str:
    """A value as it stands in a text; `locale` is one that Babel knows, such as ar_MA."""
    match value:
        case Written(text):
            return text
        case Code(text, copyable):
            # The isolates stay outside the span, so that they are not copied with the code.
            return isolate_code(f"<code>{escape(text)}</code>" if copyable else escape(text))
        case Day() | Month():
            # In words ("30 أبريل 2024") a date follows its own script; `LLLL` would fall back to another.
            return isolate(_dated(value, locale))
        case Hour(moment):
            return isolate_code(f"{moment.astimezone(CASABLANCA):%H:%M}")
        case int() | float():
            is_short = isinstance(value, int) and value < 1000
            return str(value) if is_short else isolate_code(_number(value, locale))
    return isolate(escape(value))
