"""Applications for a seat in a body: who applies, under which number, and what becomes of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint, case, delete, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import bodies, codes, counts, row_locks
from storage.bodies import MEN, WOMEN, YOUTH, Body
from storage.citizens import Declared
from storage.communes import Home
from storage.counts import Suspect, Tally
from storage.database import is_added, vault
from storage.occasions import Closed, CountedAlready, Occasion
from storage.schema import Base, Id, Marked, Rows

APPLIED, WITHDRAWN, OFFERED, ACCEPTED, DECLINED, EXPIRED, ALTERNATE = (
    "applied",
    "withdrawn",
    "offered",
    "accepted",
    "declined",
    "expired",
    "alternate",
)
SEATED = (OFFERED, ACCEPTED)  # who holds a seat, taken or kept for them


class Application(Base):
    """One person's application."""

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("body_id", "person"),  # one person, whatever the account
        UniqueConstraint("body_id", "citizen_id"),  # one account, whatever the number typed
        UniqueConstraint("body_id", "ticket"),
    )
    id: Mapped[Id]
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), index=True)
    person: Mapped[str]
    name: Mapped[bytes] = mapped_column(LargeBinary)
    cin_mask: Mapped[str]
    gender: Mapped[str]  # women, men, unsaid
    is_youth: Mapped[bool]
    guardian: Mapped[bytes | None] = mapped_column(LargeBinary)  # who agreed for somebody under 18; sealed
    motivation: Mapped[bytes] = mapped_column(LargeBinary)  # sealed
    quarter: Mapped[str | None]
    channel: Mapped[str]
    language: Mapped[str]
    assisted: Mapped[Marked]
    receipt: Mapped[str] = mapped_column(unique=True)
    day: Mapped[date]
    state: Mapped[str]
    changed: Mapped[datetime]
    is_chosen: Mapped[bool] = mapped_column(default=False)  # by the staff, who have told nobody yet
    ticket: Mapped[str | None]  # the number under which the list is published
    place: Mapped[int | None]  # in the order of the draw, or of the choice
    reply_by: Mapped[datetime | None] = mapped_column(index=True)

    @property
    def groups(self) -> frozenset[str]:
        """To which quotas it counts."""
        return frozenset(({self.gender} & {WOMEN, MEN}) | ({YOUTH} if self.is_youth else set()))


@dataclass(frozen=True, slots=True)
class Candidate:
    """What somebody says who applies."""

    who: Declared
    age: int
    gender: str
    quarter: str | None
    motivation: str
    guardian: str


class NotEligible(Exception):
    """The rules of the body leave this person out."""


async def apply(db: AsyncSession, body_id: int, occasion: Occasion, candidate: Candidate) -> str:
    """Apply, once; its receipt.  Raises Closed, NotEligible, CountedAlready."""
    # Shared with others who apply, exclusive with whoever freezes the list.
    body = await row_locks.shared(db, Body, body_id)
    if not body.is_open(occasion.now) or body.frozen:
        raise Closed
    check(body, candidate)
    seal = vault(db).seal
    row: dict[str, Any] = {
        "body_id": body.id,
        "citizen_id": occasion.citizen.id,
        "person": candidate.who.person,
        "name": seal(candidate.who.name),
        "cin_mask": candidate.who.mask,
        "gender": candidate.gender,
        "is_youth": candidate.age <= body.youth_until,
        "guardian": seal(candidate.guardian) if candidate.guardian else None,
        "motivation": seal(candidate.motivation),
        "quarter": candidate.quarter,
        "channel": occasion.channel,
        "language": occasion.language,
        "assisted": occasion.assisted,
        "receipt": codes.receipt(occasion.commune.receipt_prefix),
        "day": occasion.day,
        "state": APPLIED,
        "is_chosen": False,
        "changed": occasion.now,
    }
    withdrawn = delete(Application).filter_by(body_id=body.id, citizen_id=occasion.citizen.id, state=WITHDRAWN)
    await db.execute(withdrawn)
    if not await is_added(db, Application, row):
        raise CountedAlready
    return str(row["receipt"])


def check(body: Body, candidate: Candidate) -> None:
    """Raises NotEligible, naming the rule: age, quarter, guardian."""
    if not body.is_for(candidate.age):
        raise NotEligible("age")
    if body.quarter not in (None, candidate.quarter):
        raise NotEligible("quarter")
    if candidate.age < ADULT and not candidate.guardian:
        raise NotEligible("guardian")


ADULT = 18  # years


async def mine(db: AsyncSession, body_id: int, citizen_id: int) -> Application | None:
    """This account's own."""
    query = select(Application).filter_by(body_id=body_id, citizen_id=citizen_id)
    return (await db.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def withdraw(db: AsyncSession, body_id: int, citizen_id: int, now: datetime) -> bool:
    """Take it back, until the list is frozen; whether there was one to take back."""
    body = await bodies.locked(db, body_id)
    if body.frozen or body.decided:
        raise Closed
    own = update(Application).filter_by(body_id=body_id, citizen_id=citizen_id, state=APPLIED)
    done = await db.execute(own.values(state=WITHDRAWN, changed=now).returning(Application.id))
    return done.scalar_one_or_none() is not None


async def of_body(db: AsyncSession, body_id: int, *states: str) -> list[Application]:
    """Those in these states, in their order."""
    query = select(Application).where(Application.body_id == body_id, Application.state.in_(states))
    return list((await db.scalars(query.order_by(Application.place, Application.id))).all())


async def count(db: AsyncSession, body_id: int) -> int:
    """How many apply."""
    query = select(func.count()).select_from(Application).where(Application.body_id == body_id)
    return await db.scalar(query.where(Application.state != WITHDRAWN)) or 0


async def tally(db: AsyncSession, body: Body, _home: Home, _now: datetime) -> Tally:
    """Count who applies."""
    those = Application.body_id == body.id, Application.state != WITHDRAWN
    parts = await counts.parts(db, Application, *those)
    return Tally({"applied": counts.people(parts)}, parts)


async def watch(db: AsyncSession, body: Body, home: Home) -> list[Suspect]:
    """What is worth a look: many with one helper; applications keep no minute."""
    return await counts.helpers(db, Application, home.watch_account, Application.body_id == body.id)


def participations(citizen_id: int) -> Rows:
    """Where this person applied, as «فين وصلات؟» lists it (storage/participations.py)."""
    until = case((Application.state == OFFERED, Application.reply_by), else_=Body.closes)
    return (
        select(
            literal("application").label("noun"),
            Body.id.label("about"),
            Body.title.label("title"),
            Application.receipt.label("code"),
            Application.state.label("state"),
            Application.changed.label("since"),
            until.label("until"),
        )
        .join(Application, Application.body_id == Body.id)
        .where(Application.citizen_id == citizen_id)
    )


async def own_data(db: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """What this person said when applying."""
    query = select(Application, Body.title).join(Body, Body.id == Application.body_id)
    opened = vault(db).open
    return [
        {
            "body": title,
            "receipt": row.receipt,
            "day": str(row.day),
            "state": row.state,
            "name": opened(row.name),
            "id_number": row.cin_mask,
            "motivation": opened(row.motivation),
            "guardian": opened(row.guardian) if row.guardian else None,
        }
        for row, title in await db.execute(query.where(Application.citizen_id == citizen_id))
    ]


async def erase(db: AsyncSession, citizen_id: int, _now: datetime) -> None:
    """Forget that this person applied; a ticket that was published stays published, without anybody."""
    await db.execute(delete(Application).filter_by(citizen_id=citizen_id))
