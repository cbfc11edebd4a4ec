"""Calendar files (iCalendar, RFC 5545): a date that a telephone takes over."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any


async def ics(event: Mapping[str, Any]) -> bytes:
    """The file of one event.

    Its moments are in UTC: what a zone says about the month of Ramadan differs from one telephone to the next.
    """
    from icalendar import Alarm, Calendar, Event  # noqa: PLC0415 - only where a file is made

    calendar, entry, alarm = Calendar(), Event(), Alarm()
    calendar.add("prodid", "-//Sawt//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    entry.add("uid", f"{event['uid']}@sawt")
    entry.add("sequence", event["version"])  # the same date, changed: it takes the place of the former
    entry.add("dtstamp", _moment(event["written"]))
    entry.add("dtstart", _moment(event["begins"]))
    entry.add("dtend", _moment(event["ends"]))
    entry.add("summary", event["title"])
    entry.add("location", event["place"])
    entry.add("description", "\n".join(filter(None, (event["commune"], event["map"]))))
    alarm.add("action", "DISPLAY")
    alarm.add("description", event["title"])
    alarm.add("trigger", -timedelta(hours=3))
    entry.add_component(alarm)
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)
