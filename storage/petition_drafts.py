"""Drafts of petitions: written over weeks by who starts one, sealed until staff take it on for everybody to read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import codes
from storage.citizens import Citizen
from storage.communes import Home
from storage.database import vault
from storage.occasions import Occasion
from storage.petitions import DRAFT, SUBMITTED, Petition
from storage.schema import Base, Id, Localised

PARTS = ("title", "request", "reasons", "aims", "mandataire")  # all are needed before it is sent
MOST = 3  # drafts of one person at a time
TAKEN = "taken"  # it is a petition now
_MONTH = timedelta(days=30.5)
_WAITS = text("state = 'submitted'")


class Draft(Base):
    """A petition that is not one yet."""

    __tablename__ = "petition_draft"
    __table_args__ = (
        Index("ix_petition_draft_waiting", "commune_id", "submitted", postgresql_where=_WAITS, sqlite_where=_WAITS),
    )
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    label: Mapped[Localised]  # its code: how lists name it, since its words are sealed
    kind: Mapped[str]  # citizens, association
    language: Mapped[str]
    words: Mapped[bytes] = mapped_column(LargeBinary)  # sealed: part -> words
    state: Mapped[str]
    reasons: Mapped[list[str]]  # why it came back
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: what staff wrote with them
    rounds: Mapped[int] = mapped_column(default=0)  # how often it was sent
    begun: Mapped[datetime]
    submitted: Mapped[datetime | None]
    petition_id: Mapped[int | None] = mapped_column(ForeignKey("petition.id"))
    keep_until: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class OpenedDraft:
    """A draft, opened."""

    id: int
    code: str
    kind: str
    state: str
    language: str
    title: Localised
    words: dict[str, str]
    reasons: tuple[str, ...]
    answer: str
    rounds: int
    citizen_id: int
    petition_id: int | None

    @property
    def missing(self) -> list[str]:
        """The parts that are still to be written."""
        return [part for part in PARTS if not self.words.get(part)]


class TooManyDrafts(Exception):
    """This person has as many in hand as anybody may."""


class NotNow(Exception):
    """It is not in the state that this needs: sent, taken on, or gone."""


async def begin(db: AsyncSession, occasion: Occasion, kind: str, words: dict[str, str]) -> int:
    """Begin one; its number.  Raises TooManyDrafts."""
    in_hand = Draft.citizen_id == occasion.citizen.id, Draft.state != TAKEN
    if (await db.scalar(select(func.count()).where(*in_hand)) or 0) >= MOST:
        raise TooManyDrafts
    code = codes.receipt(occasion.commune.receipt_prefix)
    row = Draft(
        commune_id=occasion.commune.id,
        citizen_id=occasion.citizen.id,
        code=code,
        label={"fr": code, "ar": code},
        kind=kind,
        language=occasion.language,
        words=vault(db).seal(words),
        state=DRAFT,
        reasons=[],
        begun=occasion.now,
        keep_until=keep_until(occasion.commune, occasion.now),
    )
    db.add(row)
    await db.flush()
    return row.id


def keep_until(home: Home, now: datetime) -> datetime:
    """Until when a draft is kept that was touched now."""
    return now + home.months("petitions") * _MONTH


async def own(db: AsyncSession, citizen: Citizen, id: int) -> OpenedDraft | None:
    """A draft of one's own."""
    found = await _named(db, Draft.id == id, Draft.citizen_id == citizen.id, offset=0, limit=1)
    return found[0] if found else None


async def all_own(db: AsyncSession, citizen: Citizen, offset: int, limit: int) -> list[OpenedDraft]:
    """Those of a person, the newest first."""
    return await _named(db, Draft.citizen_id == citizen.id, offset=offset, limit=limit)


async def _named(db: AsyncSession, *those: Any, offset: int, limit: int) -> list[OpenedDraft]:
    """Drafts with their titles, or those of the petitions that they have become."""
    query = select(Draft, Petition.short).outerjoin(Petition, Petition.id == Draft.petition_id).where(*those)
    rows = await db.execute(query.order_by(Draft.id.desc()).offset(offset).limit(limit))
    return [opened(db, row, title) for row, title in rows]


async def write(db: AsyncSession, occasion: Occasion, id: int, part: str, said: str) -> None:
    """Write one part, or write it anew.  Raises NotNow."""
    row = await _mine(db, occasion, id)
    row.words = vault(db).seal({**vault(db).open(row.words), part: said})


async def submit(db: AsyncSession, occasion: Occasion, id: int) -> None:
    """Send it to the service.  Raises NotNow."""
    row = await _mine(db, occasion, id)
    if opened(db, row).missing:
        raise NotNow
    row.state, row.submitted, row.rounds = SUBMITTED, occasion.now, row.rounds + 1


async def drop(db: AsyncSession, occasion: Occasion, id: int) -> None:
    """Throw it away.  Raises NotNow."""
    await db.delete(await _mine(db, occasion, id))


async def _mine(db: AsyncSession, occasion: Occasion, id: int) -> Draft:
    """One's own draft, locked, while it can be changed; each touch keeps it longer."""
    row = await locked(db, Draft.id == id, Draft.citizen_id == occasion.citizen.id)
    if row is None or row.state != DRAFT:
        raise NotNow
    row.keep_until = keep_until(occasion.commune, occasion.now)
    return row


async def locked(db: AsyncSession, *those: Any) -> Draft | None:
    """The one draft of which this holds, held until the transaction ends."""
    query = select(Draft).where(*those).with_for_update().execution_options(populate_existing=True)
    return (await db.scalars(query)).one_or_none()


def opened(db: AsyncSession, row: Draft, title: Localised | None = None) -> OpenedDraft:
    """A draft as it is read."""
    words = vault(db).open(row.words)
    return OpenedDraft(
        id=row.id,
        code=row.code,
        kind=row.kind,
        state=row.state,
        language=row.language,
        title=title or {row.language: words.get("title", row.code)},
        words=words,
        reasons=tuple(row.reasons),
        answer=vault(db).open(row.answer) if row.answer else "",
        rounds=row.rounds,
        citizen_id=row.citizen_id,
        petition_id=row.petition_id,
    )


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """The petitions that this person started, and what was answered."""
    rows = await db.scalars(select(Draft).where(Draft.citizen_id == citizen_id).order_by(Draft.id))
    return [
        {
            "receipt": row.code,
            "state": row.state,
            "begun": row.begun.isoformat(),
            **vault(db).open(row.words),
            "answer_of_service": vault(db).open(row.answer) if row.answer else None,
            "given_back_for": row.reasons,
        }
        for row in rows
    ]


async def erase(db: AsyncSession, citizen_id: int, _now: datetime) -> None:
    """Erase the drafts of this person; what has become a petition is public and stays, cut from them."""
    theirs = update(Petition).where(Petition.promoter_id == citizen_id).values(promoter_id=None)
    await db.execute(theirs.execution_options(synchronize_session=False))
    await db.execute(delete(Draft).where(Draft.citizen_id == citizen_id))


async def forget(db: AsyncSession, now: datetime, limit: int = 1000) -> int:
    """Forget drafts that nobody has touched for long; how many."""
    old = select(Draft.id).where(Draft.keep_until < now).limit(limit)
    return len((await db.execute(delete(Draft).where(Draft.id.in_(old)).returning(Draft.id))).all())
