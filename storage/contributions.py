"""What residents send to feed a draft opinion: one contribution a person, changed as long as it is a draft."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint, delete, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import codes, counts
from storage.communes import Home
from storage.counts import Suspect, Tally
from storage.database import vault
from storage.occasions import Closed, Occasion
from storage.opinions import Opinion
from storage.schema import Base, Id, Marked, Rows


class Contribution(Base):
    """One person's words."""

    __tablename__ = "contribution"
    __table_args__ = (UniqueConstraint("opinion_id", "citizen_id"),)
    id: Mapped[Id]
    opinion_id: Mapped[int] = mapped_column(ForeignKey("opinion.id"))
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), index=True)
    words: Mapped[bytes] = mapped_column(LargeBinary)  # sealed
    receipt: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    language: Mapped[str]
    assisted: Mapped[Marked]
    sent: Mapped[datetime]
    day: Mapped[date]  # when it was sent first, in Morocco


@dataclass(frozen=True, slots=True)
class Sent:
    """A contribution, opened; nobody's name goes with it."""

    id: int
    words: str
    sent: datetime


async def send(db: AsyncSession, opinion_id: int, occasion: Occasion, words: str) -> str:
    """Send words, or others in their place; the receipt.  Raises Closed."""
    # Held until the end: two messages of one person at once are one after the other, and so is whoever moves it on.
    held = select(Opinion).where(Opinion.id == opinion_id).with_for_update().execution_options(populate_existing=True)
    opinion = (await db.scalars(held)).one()
    if not opinion.takes_words(occasion.now):
        raise Closed
    own = await mine(db, opinion_id, occasion.citizen.id)
    sealed = vault(db).seal(words)
    if own:
        own.words, own.sent = sealed, occasion.now
        await db.flush()
        return own.receipt
    row = Contribution(
        opinion_id=opinion_id,
        citizen_id=occasion.citizen.id,
        words=sealed,
        receipt=codes.receipt(occasion.commune.receipt_prefix),
        channel=occasion.channel,
        language=occasion.language,
        assisted=occasion.assisted,
        sent=occasion.now,
        day=occasion.day,
    )
    db.add(row)
    await db.flush()
    return row.receipt


async def mine(db: AsyncSession, opinion_id: int, citizen_id: int) -> Contribution | None:
    """This person's own."""
    query = select(Contribution).filter_by(opinion_id=opinion_id, citizen_id=citizen_id)
    return (await db.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def count(db: AsyncSession, opinion_id: int) -> int:
    """How many there are."""
    return await db.scalar(select(func.count()).select_from(Contribution).filter_by(opinion_id=opinion_id)) or 0


async def page(db: AsyncSession, opinion_id: int, offset: int, limit: int) -> list[Sent]:
    """Contributions to an opinion, the oldest first."""
    query = select(Contribution).filter_by(opinion_id=opinion_id).order_by(Contribution.id)
    return [_opened(db, row) for row in await db.scalars(query.offset(offset).limit(limit))]


async def find(db: AsyncSession, opinion_id: int, id: int) -> Sent | None:
    """One of them."""
    row = (await db.scalars(select(Contribution).filter_by(opinion_id=opinion_id, id=id))).one_or_none()
    return _opened(db, row) if row else None


def _opened(db: AsyncSession, row: Contribution) -> Sent:
    return Sent(row.id, vault(db).open(row.words), row.sent)


async def tally(db: AsyncSession, opinion: Opinion, _home: Home, _now: datetime) -> Tally:
    """Count who fed it."""
    parts = await counts.parts(db, Contribution, Contribution.opinion_id == opinion.id)
    return Tally({"contributions": counts.people(parts)}, parts)


async def watch(db: AsyncSession, opinion: Opinion, home: Home) -> list[Suspect]:
    """What is worth a look: many in one minute, many with one helper."""
    of = Contribution.opinion_id == opinion.id
    found = await counts.bursts(db, Contribution.sent, home.watch_minute, of)
    return [*found, *await counts.helpers(db, Contribution, home.watch_account, of)]


def participations(citizen_id: int) -> Rows:
    """What this person sent, as «فين وصلات؟» lists it (storage/participations.py)."""
    return (
        select(
            literal("contribution").label("noun"),
            Opinion.id.label("about"),
            Opinion.title.label("title"),
            Contribution.receipt.label("code"),
            Opinion.state.label("state"),
            Contribution.sent.label("since"),
            Opinion.closes.label("until"),
        )
        .join(Contribution, Contribution.opinion_id == Opinion.id)
        .where(Contribution.citizen_id == citizen_id)
    )


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """What this person sent."""
    query = select(Contribution, Opinion.title).join(Opinion, Opinion.id == Contribution.opinion_id)
    return [
        {
            "opinion": title,
            "receipt": row.receipt,
            "written": row.sent.isoformat(),
            "words": vault(db).open(row.words),
        }
        for row, title in await db.execute(query.where(Contribution.citizen_id == citizen_id))
    ]


async def erase(db: AsyncSession, citizen_id: int, _now: datetime) -> None:
    """Erase what this person sent."""
    await db.execute(delete(Contribution).filter_by(citizen_id=citizen_id))
