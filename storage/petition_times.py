"""The times that the law sets a petition: by when a refusal is due, and the ordinary sessions of the council.

Both are settings of the commune (storage/communes.py).  Days are days in Morocco, whatever its clock says that month.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.communes import Home
from storage.occasions import casablanca_day

CASABLANCA = ZoneInfo("Africa/Casablanca")
_LAST = time(23, 59, 59)


def last_moment(day: date) -> datetime:
    """The end of a day in Morocco: what closes on a day is open on the whole of it."""
    return datetime.combine(day, _LAST, CASABLANCA)


def in_days(now: datetime, days: int) -> datetime:
    """The end of the day that comes so many days after today."""
    return last_moment(casablanca_day(now) + timedelta(days=days))


def refusal_due(home: Home, deposited: datetime) -> datetime:
    """By when a refusal has to be reasoned and notified."""
    return last_moment(_months_on(casablanca_day(deposited), home.refusal_months))


def sessions(home: Home, now: datetime, count: int = 3) -> list[date]:
    """The next ordinary sessions, that of this month among them: each as the first day of its month."""
    return ordinary(home.sessions, now, count)


def ordinary(months: Collection[int], now: datetime, count: int) -> list[date]:
    """The same for these months of the year."""
    this = casablanca_day(now).replace(day=1)
    coming = (_months_on(this, number) for number in range(12 * count))
    return [month for month in coming if month.month in months][:count]


def _months_on(day: date, count: int) -> date:
    """The same day so many months later, or the last of that month where it has none such."""
    years, month = divmod(day.month - 1 + count, 12)
    first = date(day.year + years, month + 1, 1)
    length = ((first + timedelta(days=31)).replace(day=1) - first).days
    return first.replace(day=min(day.day, length))
