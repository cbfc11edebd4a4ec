"""What people say about themselves if they wish: their quarter, who they are, what they want to hear about.

Who they are is sealed: it is health data in part, and only counts are made of it.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, LargeBinary, delete, exists, false, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.citizens import CitizenRow
from storage.database import COMPANY, insert_or_skip, later, seen, vault
from storage.schema import Base

UNSAID = "unsaid"  # prefers not to say, which is an answer
ANSWERS = {
    "gender": ("woman", "man", UNSAID),
    "age": ("under_18", "18_24", "25_34", "35_59", "60_over", UNSAID),
    "disability": ("yes", "no", UNSAID),
}
COUNTED = ("gender", "age")  # of the answers, in tallies


class Profile(Base):
    """What one person said."""

    __tablename__ = "profile"
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), primary_key=True, autoincrement=False)
    quarter: Mapped[str | None]
    answers: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed; nothing: not asked yet, or taken back
    is_offered: Mapped[bool] = mapped_column(default=False)  # once; when, would tell of a vote


class MutedTopic(Base):
    """A topic that a person wants to hear nothing about."""

    __tablename__ = "muted_topic"
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), primary_key=True, autoincrement=False)
    topic: Mapped[str] = mapped_column(primary_key=True)


async def of(db: AsyncSession, citizen_id: int) -> tuple[str | None, Mapping[str, str]]:
    """The quarter of this person, and what they said about themselves."""
    query = select(Profile.quarter, Profile.answers).where(Profile.citizen_id == citizen_id)
    row = (await db.execute(query)).one_or_none()
    return (row.quarter, vault(db).open(row.answers) if row.answers else {}) if row else (None, {})


Counters = dict[str, Counter[str]]


async def counted(
    db: AsyncSession, citizen: Any, by_quarter: bool, *those: ColumnElement[bool]
) -> asyncio.Task[tuple[Counters, Counters]]:
    """How many rows of a table with citizens, and how many people, stand behind each answer, and the quarter if wanted.

    Opened here, and only counts leave.  To open a hundred thousand takes half a second: the database can be asked for
    something else meanwhile.
    """
    has_said = or_(Profile.answers.is_not(None), Profile.quarter.is_not(None) if by_quarter else false())
    behind = select(Profile.quarter, Profile.answers, func.count()).where(citizen == Profile.citizen_id, has_said)
    grouped = behind.where(*those).group_by(Profile.citizen_id, Profile.quarter, Profile.answers)
    rows = (await db.execute(grouped)).all()
    names = (*COUNTED, *(("quarter",) if by_quarter else ()))
    return asyncio.create_task(asyncio.to_thread(_opened, vault(db).open, rows, names))


def _opened(opened: Callable[[bytes], Any], rows: Iterable[Any], names: Iterable[str]) -> tuple[Counters, Counters]:
    of_rows: Counters = {name: Counter() for name in names}
    of_people: Counters = {name: Counter() for name in names}
    for quarter, sealed, count in rows:
        answers = {**(said(opened(sealed)) if sealed else {}), "quarter": quarter or ""}
        for name in names:
            if name in answers:
                of_rows[name][answers[name]] += count
                of_people[name][answers[name]] += 1
    return of_rows, of_people


def said(answers: Mapping[str, str]) -> dict[str, str]:
    """What counts of the answers; empty where somebody would rather not say."""
    values = {name: answers.get(name, UNSAID) for name in COUNTED}
    return {name: "" if value == UNSAID else value for name, value in values.items()}


async def lives_in(db: AsyncSession, citizen_id: int, quarter: str | None) -> None:
    """Remember the quarter of this person, or forget it."""
    await _change(db, citizen_id, quarter=quarter)


async def tell(db: AsyncSession, citizen_id: int, answers: Mapping[str, str] | None) -> None:
    """Keep what this person says about themselves, or forget it."""
    await _change(db, citizen_id, answers=vault(db).seal(dict(answers)) if answers else None)


async def is_first_offer(db: AsyncSession, citizen_id: int) -> bool:
    """Note that it is proposed to this person to fill it in; whether it never was before.

    Whoever is answered is locked (storage/arrivals.py): nobody proposes it to them meanwhile.
    """
    together = set(seen(db).get(COMPANY, ())) | {citizen_id}
    looked_up, was_offered = seen(db).get(_OFFERED, (set(), set()))
    if unknown := together - looked_up:
        before = select(Profile.citizen_id).where(Profile.citizen_id.in_(sorted(unknown)))
        before = before.where(Profile.is_offered | Profile.answers.is_not(None))
        was_offered = was_offered | set(await db.scalars(before))
    seen(db)[_OFFERED] = looked_up | together, was_offered | {citizen_id}
    if citizen_id in was_offered:
        return False
    later(db, _offer(db.get_bind().dialect.name), {"citizen_id": citizen_id, "is_offered": True})
    return True


_OFFERED = ("offered",)  # in `seen`: who was looked up, and to whom it was proposed


@cache
def _offer(dialect: str) -> Any:
    offer = (sqlite if dialect == "sqlite" else postgresql).insert(Profile.__table__)
    return offer.on_conflict_do_update(index_elements=["citizen_id"], set_={"is_offered": True})


async def _change(db: AsyncSession, citizen_id: int, **values: Any) -> None:
    await db.execute(insert_or_skip(db, Profile).values(citizen_id=citizen_id, is_offered=False))
    await db.execute(update(Profile).where(Profile.citizen_id == citizen_id).values(values))


async def muted(db: AsyncSession, citizen_id: int) -> set[str]:
    """The topics that this person wants to hear nothing about."""
    return set(await db.scalars(select(MutedTopic.topic).where(MutedTopic.citizen_id == citizen_id)))


async def mute(db: AsyncSession, citizen_id: int, topic: str) -> None:
    """Say nothing more about a topic."""
    await db.execute(insert_or_skip(db, MutedTopic).values(citizen_id=citizen_id, topic=topic))


async def unmute(db: AsyncSession, citizen_id: int, topic: str) -> None:
    """Speak of it again."""
    await db.execute(delete(MutedTopic).filter_by(citizen_id=citizen_id, topic=topic))


def wants(topic: str) -> ColumnElement[bool]:
    """Of `citizen`: those who want to hear of a topic without having asked, for announcements."""
    is_muted = exists().where(MutedTopic.citizen_id == CitizenRow.id, MutedTopic.topic == topic)
    return CitizenRow.stopped.is_(None) & ~is_muted


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """What this person said, and does not want to hear about."""
    quarter, answers = await of(db, citizen_id)
    silent = sorted(await muted(db, citizen_id))
    said = {"quarter": quarter, **answers, "wants_nothing_about": silent}
    return [{key: value for key, value in said.items() if value}] if any(said.values()) else []


async def erase(db: AsyncSession, citizen_id: int, _now: datetime) -> None:
    """Erase what this person said; that it was proposed is noted anew."""
    await db.execute(delete(MutedTopic).where(MutedTopic.citizen_id == citizen_id))
    await db.execute(delete(Profile).where(Profile.citizen_id == citizen_id))
