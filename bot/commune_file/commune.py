"""The commune itself in its file: names, quarters, what it decides for itself."""

from typing import Annotated

from pydantic import Field

from bot.commune_file.fields import Briefs, Line, Lines, Part, Slug, Yes, right

_HOUR = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


class Quarter(Part):
    """A neighbourhood."""

    id: Slug
    name: Briefs


Variable = Annotated[
    str, right("the name of an environment variable, such as FKIH_TELEGRAM_TOKEN", pattern=r"^[A-Z][A-Z0-9_]{2,63}$")
]


class Accounts(Part):
    """Where the bot and the number of a further commune are found: names of environment variables, no secrets."""

    telegram_token: Variable | None = None
    whatsapp_token: Variable | None = None
    whatsapp_phone_id: Variable | None = None
    whatsapp_business_id: Variable | None = None
    whatsapp_app_secret: Variable | None = None
    whatsapp_verify_token: Variable | None = None


Months = Annotated[int, Field(ge=1, le=120, description="a whole number of months, 1 to 120")]


class Keep(Part):
    """Months by process, where they differ from keep_months."""

    petitions: Months | None = None
    messages: Months | None = None
    identity: Months | None = None
    profiles: Months | None = None
    notices: Months | None = None


class Commune(Part):
    """What the commune decides for itself."""

    id: Slug
    name: Lines
    receipt_prefix: str = right("two to four capital letters, such as BM", pattern=r"^[A-Z]{2,4}$")
    keep_cin: Yes = False
    turnout_only: Yes = True
    keep_months: int = Field(12, ge=1, le=120, description="a whole number of months, 1 to 120")
    keep: Keep | None = None
    contact: Line
    phone: str = Field("", pattern=r"^(\+?[0-9 ]{4,20})?$", description='a number in quotes, such as "+212500000000"')
    cndp: Line
    hold_hours: int = Field(
        2, ge=1, le=72, description="hours of the day that a freed seat is kept for the next in line"
    )
    reminder_hours: list[int] = Field([48, 3], description="a list of hours before a workshop, such as [48, 3]")
    workshop_months: int = Field(12, ge=1, le=120, description="months that the lists of a workshop are kept after it")
    chat_link: str = Field(
        "",
        pattern=r"^(https://[^\s<>\"]{3,150}=)?$",
        description="what the tickets lead to, such as https://t.me/NameOfTheBot?start=",
    )
    watch_minute: int = Field(20, ge=2, description="so many in one minute are shown to coordinators")
    watch_account: int = Field(5, ge=2, description="so many from one account, or through one helper")
    watch_ballot: int = Field(50, ge=2, description="so many ballots of a day and channel that say the same")
    quiet_from: str = Field("22:00", pattern=_HOUR, description='an hour in quotes, such as "22:00"')
    quiet_until: str = Field("08:00", pattern=_HOUR, description='an hour in quotes, such as "08:00"')
    announcements_a_week: int = Field(3, ge=1, le=50, description="how many at most a person gets in seven days")
    announced_alone: int = Field(1000, ge=0, description="recipients up to which one member of staff decides alone")
    accounts: Accounts | None = Field(None, description="telegram_token, whatsapp_token ...: environment variables")
