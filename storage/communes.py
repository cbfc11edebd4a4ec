"""Communes: their names, quarters and settings.  Everything else belongs to one."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base, Id, Localised


class Commune(Base):
    """A commune as it is kept."""

    __tablename__ = "commune"
    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[Localised]
    settings: Mapped[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Quarter:
    """A neighbourhood; `slug` is what is stored with a participation."""

    slug: str
    name: Localised


@dataclass(frozen=True, slots=True)
class Home:
    """A commune as flows see it: what each commune decides for itself, never a constant in code."""

    id: int
    slug: str
    name: Localised
    receipt_prefix: str = "SW"
    keep_cin: bool = False  # needs an authorisation of the CNDP
    turnout_only: bool = True  # while a vote is open, staff see no results either
    keep_months: int = 12
    keep: dict[str, int] = field(default_factory=dict, hash=False)  # months by process, where they differ
    contact: str = ""
    phone: str = ""
    cndp: str = ""
    quarters: tuple[Quarter, ...] = field(default=())
    petition_threshold: int = 200  # signatures of citizens: organic law 113-14, art. 123
    petition_days: tuple[int, ...] = (30, 60, 90)  # how long support may be gathered: staff choose one
    petition_can: Localised = field(default_factory=dict)  # what the council may decide, with examples
    petition_cannot: Localised = field(default_factory=dict)  # what it may not
    ideas_each: int = 3  # ideas of one person in a call
    ideas_can: Localised = field(default_factory=dict)  # what may be proposed, with examples
    ideas_cannot: Localised = field(default_factory=dict)  # what may not
    refusal_months: int = 3  # within which a refusal is reasoned and notified
    sessions: tuple[int, ...] = (2, 5, 10)  # the months of the ordinary sessions
    hold_hours: int = 2  # how long a freed seat is kept for the next in line
    reminder_hours: tuple[int, ...] = (48, 3)  # before a workshop
    service_days: tuple[int, ...] = (1, 2, 3, 4, 5)  # Monday is 1
    service_opens: str = "08:30"
    service_closes: str = "16:30"
    two_people: tuple[str, ...] = ()  # deeds of the staff that a second person must approve
    days_off: tuple[str, ...] = ()  # holidays of the service, such as 2027-03-10
    accounts: dict[str, str] = field(default_factory=dict)  # telegram_token: the environment variable that holds it
    answer_days: int = 2  # working days within which a message is answered
    helps_a_day: int = 5  # people who take part on one account with help, at most
    watch_minute: int = 20  # so many in one minute are shown to coordinators
    watch_account: int = 5  # so many from one account, or through one helper
    watch_ballot: int = 50  # so many ballots of a day and channel that say the same
    quiet_from: str = "22:00"  # when nobody is told what can wait
    quiet_until: str = "08:00"
    announcements_a_week: int = 3  # at most, for each person
    announcement_price: float = 0.0  # dirhams that WhatsApp asks for one beyond a day of silence; 0: not said
    announced_alone: int = 1000  # recipients up to which one member of staff decides alone

    web_address: str = ""  # where the web chat is reached: https://participation.exemple.ma
    telegram_name: str = ""  # of the bot, without the @
    whatsapp_number: str = ""  # in figures, with the country's

    def links(self, entrance: str) -> dict[str, str]:
        """Links that open an entrance (`p_3`), of each channel whose address the commune has given."""
        found = {
            "web": f"{self.web_address.rstrip('/')}/?start={entrance}" if self.web_address else "",
            "telegram": f"https://t.me/{self.telegram_name}?start={entrance}" if self.telegram_name else "",
            "whatsapp": f"https://wa.me/{self.whatsapp_number}?text=/start%20{entrance}"
            if self.whatsapp_number
            else "",
        }
        return {channel: link for channel, link in found.items() if link}

    def link(self, entrance: str) -> str:
        """The first of them, for a square that a telephone reads; nothing where no address is given."""
        return next(iter(self.links(entrance).values()), "")

    def months(self, process: str) -> int:
        """How long what a process knows of persons is kept."""
        return self.keep.get(process, self.keep_months)

    @classmethod
    def of(cls, id: int, slug: str, name: Localised, settings: dict[str, Any]) -> "Home":
        """From a row of `commune`."""
        known = {**settings}
        quarters = tuple(Quarter(quarter["id"], quarter["name"]) for quarter in known.pop("quarters", []))
        lists = {key: tuple(value) for key, value in known.items() if isinstance(value, list)}
        return cls(id, slug, name, quarters=quarters, **{**known, **lists})


@lru_cache(maxsize=1000)
def kept(id: int, slug: str, name: str, settings: str) -> Home:
    """From a row whose JSON comes as text: the same text is the same commune, and is not read again."""
    return Home.of(id, slug, orjson.loads(name), orjson.loads(settings))


async def home(db: AsyncSession, slug: str | None = None) -> Home | None:
    """The commune of that name, or the first one there is."""
    query = select(Commune).order_by(Commune.id).limit(1)
    row = await db.scalar(query.filter_by(slug=slug) if slug else query)
    return Home.of(row.id, row.slug, row.name, row.settings) if row else None


async def every(db: AsyncSession) -> list[Home]:
    """All communes of this installation."""
    rows = await db.scalars(select(Commune).order_by(Commune.id))
    return [Home.of(row.id, row.slug, row.name, row.settings) for row in rows]


async def get(db: AsyncSession, id: int) -> Home:
    """The commune of this number."""
    row = await db.get_one(Commune, id)
    return Home.of(row.id, row.slug, row.name, row.settings)
