"""Audiences: whom an announcement is for, counted before it is sent and found when it begins."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, exists, func, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import participations
from storage.announcements import GOING, HAD_ENOUGH, PLANNED, Announcement, Recipient
from storage.applications import ACCEPTED, Application
from storage.citizens import Address, CitizenRow
from storage.communes import Home
from storage.conversations import ConversationRow
from storage.follows import Follow
from storage.profiles import Profile, wants
from storage.staff import Staff

WEEK = timedelta(days=7)
MEMBERS = "members"  # of a body; who applied took part in it
NEWS = "news"  # the topic of what has no other
CHANNELS = ("telegram", "whatsapp", "web")
PER_SECOND = {"telegram": 30, "whatsapp": 80}  # messages that an account may send; the web has no limit
WINDOWS = {"whatsapp": timedelta(hours=24)}  # after somebody's last message: later only an approved text may go


@dataclass(frozen=True, slots=True)
class Reach:
    """How many an announcement would reach now, and why not the others."""

    now: dict[str, int]  # by channel
    outside: int  # their channel takes only an approved text now
    stopped: int
    unreachable: int
    enough: int  # had as many this week as anybody gets

    @property
    def people(self) -> int:
        """How many are told."""
        return sum(self.now.values()) + self.outside


def _those(commune_id: int, audience: dict[str, Any]) -> list[ColumnElement[bool]]:
    """Which citizens are meant: all that is named must hold."""
    found: list[ColumnElement[bool]] = [CitizenRow.commune_id == commune_id, CitizenRow.language.is_not(None)]
    if language := audience.get("language"):
        found.append(CitizenRow.language == language)
    if role := audience.get("role"):
        found.append(exists().where(Staff.citizen_id == CitizenRow.id, Staff.removed.is_(None), Staff.role == role))
    if quarter := audience.get("quarter"):
        found.append(exists().where(Profile.citizen_id == CitizenRow.id, Profile.quarter == quarter))
    if took_part := audience.get("took_part"):
        noun, _, about = str(took_part).partition("_")
        found.append(_is_member(int(about)) if noun == MEMBERS else _has_to_do(noun, int(about)))
    return found


def _is_member(body_id: int) -> ColumnElement[bool]:
    """Who has taken a seat of a body."""
    seat = Application.body_id == body_id, Application.state == ACCEPTED
    return exists().where(Application.citizen_id == CitizenRow.id, *seat)


def _has_to_do(noun: str, about: int) -> ColumnElement[bool]:
    """Who follows it, or takes part; in a body one does by applying."""
    return or_(_follows(noun, about), *_takes_part({"body": "application"}.get(noun, noun), about))


def _follows(noun: str, about: int) -> ColumnElement[bool]:
    return exists().where(Follow.citizen_id == CitizenRow.id, Follow.noun == noun, Follow.about == about)


def _takes_part(noun: str, about: int) -> list[ColumnElement[bool]]:
    """In any noun that knows who took part; ballots do not."""
    own = [of(CitizenRow.id) for of in participations.NOUNS]  # type: ignore[arg-type]  # a column for a number
    return [
        exists(rows.where(columns.noun == noun, columns.about == about).correlate(CitizenRow))
        for rows, columns in ((each, each.selected_columns) for each in own)
    ]


def _places(commune_id: int, audience: dict[str, Any]) -> Select[Any]:
    """Each citizen once, at the address used last; no address: nobody can be reached."""
    here = (Address.citizen_id == CitizenRow.id) & Address.unreachable_since.is_(None)
    newest = func.row_number().over(partition_by=CitizenRow.id, order_by=ConversationRow.updated.desc())
    ranked = (
        select(
            CitizenRow.id.label("citizen_id"),
            case((~wants(audience.get("topic", NEWS)), True)).label("stopped"),
            Address.id.label("address_id"),
            Address.channel.label("channel"),
            ConversationRow.updated.label("updated"),
            newest.label("rank"),
        )
        .outerjoin(Address, here)
        .outerjoin(ConversationRow, ConversationRow.address_id == Address.id)
        .where(*_those(commune_id, audience))
        .subquery()
    )
    found = select(ranked).where(ranked.c.rank == 1)
    channel = audience.get("channel")
    return found.where(ranked.c.channel == channel) if channel else found


def _full(home: Home, now: datetime) -> Subquery:
    """Who had as many this week as anybody gets: found once, not for each."""
    lately = select(Recipient.citizen_id).where(Recipient.handed > now - WEEK).group_by(Recipient.citizen_id)
    return lately.having(func.count() >= home.announcements_a_week).subquery()


async def reach(db: AsyncSession, home: Home, audience: dict[str, Any], now: datetime) -> Reach:
    """Count whom it would reach."""
    place = _places(home.id, audience).subquery()
    is_stopped, is_nowhere = place.c.stopped.is_not(None), place.c.address_id.is_(None)
    outside = or_(*((place.c.channel == name) & (place.c.updated < now - window) for name, window in WINDOWS.items()))
    full = _full(home, now)
    why = case(
        (is_stopped, "stopped"),
        (is_nowhere, "unreachable"),
        (full.c.citizen_id.is_not(None), "enough"),
        (outside, "outside"),
        else_=place.c.channel,
    ).label("why")
    each = select(why).select_from(place).outerjoin(full, full.c.citizen_id == place.c.citizen_id).subquery()
    counted = {name: count for name, count in await db.execute(select(each.c.why, func.count()).group_by(each.c.why))}
    others = {name: counted.pop(name, 0) for name in ("outside", "stopped", "unreachable", "enough")}
    return Reach(now=counted, **others)


async def begin(db: AsyncSession, id: int, home: Home, now: datetime) -> int:
    """Find whom an announcement is for, all at once, and let it go; how many.  Nothing if another has begun it."""
    table: Any = Announcement.__table__
    is_planned = update(table).where(table.c.id == id, table.c.state == PLANNED)
    audience = await db.scalar(is_planned.values(state=GOING, begun=now).returning(table.c.audience))
    if audience is None:
        return 0
    place = _places(home.id, audience).subquery()
    full = _full(home, now)
    enough = case((full.c.citizen_id.is_not(None), HAD_ENOUGH))
    those = select(literal(id), place.c.citizen_id, place.c.address_id, place.c.channel, enough)
    those = those.outerjoin(full, full.c.citizen_id == place.c.citizen_id)
    those = those.where(place.c.address_id.is_not(None), place.c.stopped.is_(None))
    columns = ["announcement_id", "citizen_id", "address_id", "channel", "outcome"]
    done: Any = await db.execute(insert(Recipient).from_select(columns, those))
    return int(done.rowcount)
