"""When somebody of the service is there, and by when it answers; hours are those of the clock on the wall."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from storage.communes import Home

CASABLANCA = ZoneInfo("Africa/Casablanca")  # an hour back for the month of Ramadan: the hours stay, UTC moves
_FAR = 60  # days: a service that works on none of them has no hours


def is_open(home: Home, now: datetime) -> bool:
    """Whether somebody is there now."""
    today = now.astimezone(CASABLANCA).date()
    return _works(home, today) and _at(today, home.service_opens) <= now < _at(today, home.service_closes)


def next_opening(home: Home, now: datetime) -> datetime | None:
    """When somebody is there next; nothing where the service keeps no hours."""
    openings = (_at(day, home.service_opens) for day in _days(home, now))
    return next((opening for opening in openings if opening > now), None)


def closing(home: Home, now: datetime) -> datetime:
    """When today's hours end."""
    return _at(now.astimezone(CASABLANCA).date(), home.service_closes)


def answer_by(home: Home, written: datetime) -> datetime:
    """The end of the last working day within which a message is answered; the day it was written does not count."""
    tomorrow = written.astimezone(CASABLANCA) + timedelta(days=1)
    days = list(islice(_days(home, tomorrow), home.answer_days))
    return _at(days[-1] if days else tomorrow.date() + timedelta(days=home.answer_days), home.service_closes)


def _days(home: Home, start: datetime) -> Iterator[date]:
    """Working days, from that of `start` on."""
    first = start.astimezone(CASABLANCA).date()
    return (day for day in (first + timedelta(days=n) for n in range(_FAR)) if _works(home, day))


def _works(home: Home, day: date) -> bool:
    return day.isoweekday() in home.service_days and day.isoformat() not in home.days_off


def _at(day: date, hour: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour), CASABLANCA)


def is_quiet(home: Home, now: datetime) -> bool:
    """Whether people are left in peace now."""
    start, end, clock = home.quiet_from, home.quiet_until, f"{now.astimezone(CASABLANCA):%H:%M}"
    return start <= clock < end if start <= end else clock >= start or clock < end


def after_quiet(home: Home, now: datetime) -> datetime:
    """Now, or the end of the quiet hours."""
    if not is_quiet(home, now):
        return now
    today = now.astimezone(CASABLANCA).date()
    ends = (_at(today + timedelta(days=n), home.quiet_until) for n in range(2))
    return next(end for end in ends if end > now)
