"""The hours of the day, in which people are told what must be answered soon: at night nothing runs out."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage import service_hours as service
from storage.communes import Home

CASABLANCA = ZoneInfo("Africa/Casablanca")
_ALWAYS = timedelta(days=3650)


def next_waking(home: Home, moment: datetime) -> datetime:
    """This moment, or the end of the quiet hours."""
    return service.after_quiet(home, moment).astimezone(UTC)


def waking_hours_later(home: Home, moment: datetime, hours: float) -> datetime:
    """So many hours later, where the quiet hours do not count."""
    start, left = next_waking(home, moment), timedelta(hours=hours)
    while (room := _until_quiet(home, start)) < left:
        left -= room
        start = next_waking(home, start + room)
    return start + left


def _until_quiet(home: Home, start: datetime) -> timedelta:
    if home.quiet_from == home.quiet_until:
        return _ALWAYS
    today = start.astimezone(CASABLANCA).date()
    begins = (_at(today + timedelta(days=n), home.quiet_from) for n in range(2))
    return next(each for each in begins if each > start) - start


def at_the_hour_of(former: datetime, moment: datetime) -> datetime:
    """This moment; where it is a day alone, at the hour that the clock said before."""
    here = moment.astimezone(CASABLANCA)
    hour = former.astimezone(CASABLANCA)
    return _at(here.date(), f"{hour:%H:%M}") if (here.hour, here.minute) == (0, 0) else moment


def _at(day: date, hour: str) -> datetime:
    # In UTC: two moments of one zone are subtracted by what the clock on the wall says, which Ramadan changes.
    return datetime.combine(day, time.fromisoformat(hour), CASABLANCA).astimezone(UTC)
