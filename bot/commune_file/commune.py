"""The commune itself in its file: names, quarters, what it decides for itself."""

from typing import Annotated

from pydantic import Field, field_validator

import flows  # noqa: F401 - their deeds are registered
from bot.commune_file import fields
from flows.registry import DEEDS

_HOUR = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


class Quarter(fields.Part):
    """A neighbourhood."""

    id: fields.Slug
    name: fields.Briefs


Variable = Annotated[
    str,
    fields.right("the name of an environment variable, such as FKIH_TELEGRAM_TOKEN", pattern=r"^[A-Z][A-Z0-9_]{2,63}$"),
]


Days = Annotated[int, fields.right("a whole number of days, 1 to 730", ge=1, le=730)]
Weekday = Annotated[int, Field(ge=1, le=7)]
Holiday = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
MonthOfYear = Annotated[int, fields.right("a month, 1 to 12", ge=1, le=12)]


class Accounts(fields.Part):
    """Where the bot and the number of a further commune are found: names of environment variables, no secrets."""

    telegram_token: Variable | None = None
    whatsapp_token: Variable | None = None
    whatsapp_phone_id: Variable | None = None
    whatsapp_business_id: Variable | None = None
    whatsapp_app_secret: Variable | None = None
    whatsapp_verify_token: Variable | None = None


Months = Annotated[int, Field(ge=1, le=120, description="a whole number of months, 1 to 120")]


class Keep(fields.Part):
    """Months by process, where they differ from keep_months."""

    petitions: Months | None = None
    messages: Months | None = None
    identity: Months | None = None
    profiles: Months | None = None
    notices: Months | None = None
    workshops: Months | None = None


class Commune(fields.Part):
    """What the commune decides for itself."""

    id: fields.Slug
    name: fields.Lines
    receipt_prefix: str = fields.right("two to four capital letters, such as BM", pattern=r"^[A-Z]{2,4}$")
    keep_cin: fields.Yes = False
    turnout_only: fields.Yes = True
    keep_months: int = Field(12, ge=1, le=120, description="a whole number of months, 1 to 120")
    keep: Keep | None = None
    contact: fields.Line
    phone: str = Field("", pattern=r"^(\+?[0-9 ]{4,20})?$", description='a number in quotes, such as "+212500000000"')
    cndp: fields.Line
    hold_hours: int = Field(
        2, ge=1, le=72, description="hours of the day that a freed seat is kept for the next in line"
    )
    reminder_hours: list[int] = Field([48, 3], description="a list of hours before a workshop, such as [48, 3]")
    petition_threshold: int = Field(200, ge=1, le=100_000, description="how many citizens must sign, such as 200")
    petition_days: list[Days] = Field([30, 60, 90], min_length=1, max_length=7, description="a list of days")
    petition_can: fields.Longs | None = Field(None, description="what the council may decide: fr, and ar or ary")
    petition_cannot: fields.Longs | None = Field(None, description="what it may not decide: fr, and ar or ary")
    ideas_each: int = Field(3, ge=1, le=100, description="how many ideas a person may propose in a call")
    ideas_can: fields.Longs | None = Field(None, description="what may be proposed: fr, and ar or ary")
    ideas_cannot: fields.Longs | None = Field(None, description="what may not be proposed: fr, and ar or ary")
    refusal_months: int = Field(3, ge=1, le=12, description="months within which a refusal is notified, 1 to 12")
    sessions: list[MonthOfYear] = Field([2, 5, 10], min_length=1, max_length=12, description="a list of months")
    two_people: list[str] = Field([], description="a list of what a second person must approve: petition.move")
    web_address: str = Field("", pattern=r"^(https?://\S+)?$", description="where the web chat is: https://...")
    telegram_name: str = Field("", pattern=r"^(\w{5,32})?$", description="the name of the bot, without the @")
    whatsapp_number: str = Field("", pattern=r"^(\d{8,15})?$", description='figures in quotes: "212600000000"')
    service_days: list[Weekday] = Field([1, 2, 3, 4, 5], max_length=7, description="a list of days, 1 (Monday) to 7")
    service_opens: str = Field("08:30", pattern=_HOUR, description='an hour in quotes, such as "08:30"')
    service_closes: str = Field("16:30", pattern=_HOUR, description='an hour in quotes, such as "16:30"')
    days_off: list[Holiday] = Field([], max_length=100, description='holidays, such as ["2027-03-10"]')
    answer_days: int = Field(2, ge=1, le=60, description="working days within which a message is answered")
    helps_a_day: int = Field(5, ge=0, le=50, description="people whom one account may help in a day")
    watch_minute: int = Field(20, ge=2, description="so many in one minute are shown to coordinators")
    watch_account: int = Field(5, ge=2, description="so many from one account, or through one helper")
    watch_ballot: int = Field(50, ge=2, description="so many ballots of a day and channel that say the same")
    quiet_from: str = Field("22:00", pattern=_HOUR, description='an hour in quotes, such as "22:00"')
    quiet_until: str = Field("08:00", pattern=_HOUR, description='an hour in quotes, such as "08:00"')
    announcements_a_week: int = Field(3, ge=1, le=50, description="how many at most a person gets in seven days")
    announced_alone: int = Field(1000, ge=0, description="recipients up to which one member of staff decides alone")
    announcement_price: float = Field(0.0, ge=0, description="dirhams for one announcement by WhatsApp's approved text")
    accounts: Accounts | None = Field(None, description="telegram_token, whatsapp_token ...: environment variables")

    @field_validator("two_people")
    @classmethod
    def _known(cls, two_people: list[str]) -> list[str]:
        if unknown := [each for each in two_people if each not in DEEDS]:
            raise ValueError(f"has {unknown[0]!r}; write some of {', '.join(sorted(DEEDS))}")
        return two_people
