"""Taking part: who, where, when; and why it may be refused."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from storage.citizens import Citizen
from storage.communes import Home

PAPER = "paper"  # the channel under which counts what was entered from paper


class Closed(Exception):
    """It is not open, or no longer."""


class CountedAlready(Exception):
    """This person takes part already, from another account."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """A citizen takes part in something: what every participation notes for the tallies."""

    citizen: Citizen
    commune: Home
    channel: str
    language: str
    now: datetime
    quarter: str | None = None

    @property
    def assisted(self) -> bool:
        """Whether the citizen takes part on somebody else's phone."""
        return self.citizen.is_helped

    @property
    def day(self) -> date:
        """The day it is in Morocco."""
        return casablanca_day(self.now)


def casablanca_day(moment: datetime) -> date:
    """The day it is then in Morocco."""
    return moment.astimezone(ZoneInfo("Africa/Casablanca")).date()
