"""A day and an hour as people type them: 15/12/2026 18:00, le 12/2, 15 دجنبر, "ghedda m3a l10", «السبت الجاي»."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from locales.letters import digits, normalise
from locales.numbers import known, said
from locales.values import CASABLANCA

_ISO = re.compile(r"^\s*\d{4}-\d\d-\d\d")
_DATE = re.compile(r"^(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?$")
_CLOCK = re.compile(r"^l?(\d{1,2})(?:[h:](\d{2})?|h)$")
_FIGURE = re.compile(r"^(?:l|le|ال|ل|ف|f)?(\d{1,4})(?:er)?$")
_END = time(23, 59, 59)
_TWO_WORDS = ("day", "past", "in", "part", "near")  # kinds with words of two or three: après demain, قل ربع


@dataclass
class _Found:
    """What the words have told so far."""

    day: date | None = None
    weekday: date | None = None  # which a date may follow: samedi 12 décembre
    is_marked: bool = False  # le, nhar: a figure alone is a day of the month
    number: int | None = None  # of a day of the month, until its month comes
    month: int | None = None
    year: int | None = None
    hour: int | None = None
    minute: int = 0
    shift: int = 0  # hours: of the evening
    awaits: str = ""  # what the next figure is: an hour, a number of days


def read(typed: str, now: datetime, last: bool = False) -> datetime | None:
    """The moment that was typed, in Morocco; a day without an hour begins it, or with `last` ends it.

    Without a year it is the next such day.  What is no day of the calendar, or holds other words, is none.
    """
    try:
        return _iso(typed, last) if _ISO.match(typed) else _read(_words(typed), now.astimezone(CASABLANCA), last)
    except ValueError:
        return None


def _iso(typed: str, last: bool) -> datetime:
    moment = datetime.fromisoformat(typed.strip())
    if len(typed.strip()) == len("2026-12-15"):
        moment = datetime.combine(moment, _END if last else time(0))
    return moment.astimezone(CASABLANCA) if moment.tzinfo else moment.replace(tzinfo=CASABLANCA)


def _words(typed: str) -> list[str]:
    """As `normalise` has them, but with the signs that stand between figures; words of two are joined."""
    text = digits(unicodedata.normalize("NFKC", typed).casefold())
    text = re.sub(r"\s*([/:])\s*", r"\1", text)
    text = re.sub(r"(?<=\d)\s*h\b\s*(?=\d\d\b)|(?<=\d)\s+h\b", "h", text)
    words = [word if _is_figures(word) else normalise(word) for word in text.split()]
    words = [part for word in words for part in ([word] if _is_figures(word) else word.split())]
    return _joined(words)


def _is_figures(word: str) -> bool:
    return bool(_DATE.match(word) or _CLOCK.match(word))


def _joined(words: list[str]) -> list[str]:
    place, found = 0, list[str]()
    while place < len(words):
        for size in (3, 2):
            phrase = " ".join(words[place : place + size])
            if " " in phrase and any(phrase in said(kind) for kind in _TWO_WORDS):
                break
        else:
            size, phrase = 1, words[place]
        found.append(phrase)
        place += size
    return found


def _read(words: list[str], now: datetime, last: bool) -> datetime | None:
    found = _Found()
    for word in words:
        if not (_is_figure(word, found, now) or _is_word(word, found, now)):
            return None
    when = _day(found, now)
    if when is None:
        return None
    if found.hour is None:
        return _next(found, datetime.combine(when, _END if last else time(0), CASABLANCA), now)
    hour = found.hour + (found.shift if found.hour < 12 else 0)
    moment = datetime.combine(when, time(hour), CASABLANCA) + timedelta(minutes=found.minute)
    return _next(found, moment, now)


def _is_figure(word: str, found: _Found, now: datetime) -> bool:
    """A date, an hour, a day of the month or a year."""
    if date_ := _DATE.match(word):
        found.number, found.month = int(date_[1]), int(date_[2])
        found.year = int(date_[3]) if date_[3] else None
        return True
    if clock := _CLOCK.match(word):
        found.hour, found.minute = int(clock[1]), int(clock[2] or 0)
        return True
    figure = _FIGURE.match(word)
    spoken = known(word, "number")
    if figure is None and (spoken is None or not (found.awaits or found.day or found.weekday)):
        return False
    number = int(figure[1]) if figure else int(spoken or 0)
    return _take(number, found, now)


def _take(number: int, found: _Found, now: datetime) -> bool:
    if found.awaits == "days":
        found.day = now.date() + timedelta(days=number)
    elif found.awaits == "hour" or found.day or (found.month and found.year):
        found.hour, found.awaits = number, ""
    elif found.number is not None and found.month is None and 1 <= number <= 12:
        found.month = number
    elif found.number is None:
        found.number = number
    elif found.year is None and number > 31:
        found.year = number
    else:
        found.hour = number
    return True


def _is_word(word: str, found: _Found, now: datetime) -> bool:
    today = now.date()
    if (ahead := known(word, "day")) is not None:
        found.day = today + timedelta(days=ahead)
    elif (name := known(word, "weekday")) is not None:
        found.weekday = today + timedelta(days=(name - today.weekday() - 1) % 7 + 1)
    elif (month := known(word, "month")) is not None and found.number is not None:
        found.month = month
    elif (minutes := known(word, "past")) is not None or (minutes := _past(word)) is not None:
        found.minute = minutes
    elif (noon := known(word, "noon")) is not None:
        found.hour = noon
    elif (shift := known(word, "part")) is not None:
        found.shift = shift
    elif known(word, "in") is not None:
        found.awaits = "days"
    elif known(word, "hour") is not None:
        found.awaits = "hour"
    elif (weeks := known(word, "weeks")) is not None and found.awaits == "days" and found.day:
        found.day, found.awaits = today + (found.day - today) * weeks, ""
    elif known(word, "days") is not None and found.awaits == "days":
        found.awaits = ""
    else:
        found.is_marked = found.is_marked or word in said("nothing")
        return word in said("nothing") or any(known(word, kind) is not None for kind in ("near", "and"))
    return True


def _past(word: str) -> int | None:
    """«ونص»: what «و» joins to the hour."""
    return known(word[1:], "past") if word.startswith("و") else None


def _day(found: _Found, now: datetime) -> date | None:
    if found.day:
        return found.day
    if found.number is None:
        return found.weekday
    if not (found.month or found.weekday or found.is_marked):
        return None
    if found.month:
        return date(found.year or now.year, found.month, found.number)
    here = date(now.year, now.month, found.number)
    if here >= now.date():
        return here
    return date(now.year + now.month // 12, now.month % 12 + 1, found.number)


def _next(found: _Found, moment: datetime, now: datetime) -> datetime:
    """Without a year it is a day to come."""
    is_past = found.month is not None and found.year is None and moment < now
    return moment.replace(year=moment.year + 1) if is_past else moment
