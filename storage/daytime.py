"""The hours of the day in which people are told what must be answered soon: at night nothing runs out."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.communes import Home

CASABLANCA = ZoneInfo("Africa/Casablanca")


def next_waking(home: Home, moment: datetime) -> datetime:
    """This moment, or the next morning where it is night."""
    today = moment.astimezone(CASABLANCA).date()
    if moment < _at(today, home.quiet_until):
        return _at(today, home.quiet_until)
    if moment < _at(today, home.quiet_from):
        return moment
    return _at(today + timedelta(days=1), home.quiet_until)


def waking_hours_later(home: Home, moment: datetime, hours: float) -> datetime:
    """So many hours later, where the hours of the night do not count."""
    start, left = next_waking(home, moment), timedelta(hours=hours)
    while (room := _at(start.astimezone(CASABLANCA).date(), home.quiet_from) - start) < left:
        left -= room
        start = next_waking(home, start + room)
    return start + left


def at_the_hour_of(former: datetime, moment: datetime) -> datetime:
    """This moment; where it is a day alone, at the hour that the clock said before."""
    here = moment.astimezone(CASABLANCA)
    hour = former.astimezone(CASABLANCA)
    return _at(here.date(), f"{hour:%H:%M}") if (here.hour, here.minute) == (0, 0) else moment


def _at(day: date, hour: str) -> datetime:
    # In UTC: two moments of one zone are subtracted by what the clock on the wall says, which Ramadan changes.
    return datetime.combine(day, time.fromisoformat(hour), CASABLANCA).astimezone(ZoneInfo("UTC"))
