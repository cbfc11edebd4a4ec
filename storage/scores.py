"""Scores of submissions: each of a panel gives their own, and sees no other before all are in or scoring is closed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint, delete, func, insert, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import calls, submissions
from storage.calls import BEST, Call
from storage.database import is_added
from storage.schema import Base, Id
from storage.staff import Staff
from storage.submissions import DRAFT, OpenedSubmission, Submission


class Panelist(Base):
    """Somebody of the staff who scores the submissions to a call."""

    __tablename__ = "call_panel"
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), primary_key=True)
    citizen_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class Score(Base):
    """What one member of the panel gives one submission."""

    __tablename__ = "score"
    __table_args__ = (UniqueConstraint("submission_id", "citizen_id"),)
    id: Mapped[Id]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    citizen_id: Mapped[int] = mapped_column(BigInteger)  # of the staff; no key: the score outlives the role
    marks: Mapped[dict[str, int]]  # criterion -> 0..5
    given: Mapped[datetime]


class NotNow(Exception):
    """The call is not at this step; the word says why: open, begun, panel, over, hidden, undecided, decided."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How far the scoring of a call is."""

    panel: tuple[int, ...]
    submissions: tuple[int, ...]
    given: frozenset[tuple[int, int]]  # submission, who
    drafts: int
    is_closed: bool

    @property
    def is_shown(self) -> bool:
        """Whether the scores of all can be seen: all are in, or a coordinator closed the scoring."""
        wanted = {(submission, who) for submission in self.submissions for who in self.panel}
        return self.is_closed or (bool(wanted) and wanted <= self.given)

    def waits_for(self, citizen_id: int) -> list[int]:
        """The submissions that this person has not scored."""
        return [each for each in self.submissions if (each, citizen_id) not in self.given]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A submission with its scores: who gave what, and the mean of their sums."""

    submission: OpenedSubmission
    by: dict[str, int] = field(default_factory=dict)  # name of the staff -> sum
    mean: float = 0.0

    @property
    def id(self) -> int:
        """What names it in a list."""
        return self.submission.id


async def stand(db: AsyncSession, call: Call) -> Stand:
    """How far the scoring is, in one look."""
    panel = select(literal("panel"), Panelist.citizen_id.label("id"), null().label("who")).filter_by(call_id=call.id)
    files = (
        select(Submission.state, Submission.id, Score.citizen_id)
        .outerjoin(Score, Score.submission_id == Submission.id)
        .where(Submission.call_id == call.id)
    )
    found: list[Any] = list((await db.execute(union_all(panel, files))).all())
    rows = sorted(found, key=lambda row: row[1])
    scored = [(id, who) for kind, id, who in rows if kind not in ("panel", DRAFT)]
    return Stand(
        panel=tuple(id for kind, id, _who in rows if kind == "panel"),
        submissions=tuple(dict.fromkeys(id for id, _who in scored)),
        given=frozenset((id, who) for id, who in scored if who is not None),
        drafts=sum(kind == DRAFT for kind, _id, _who in rows),
        is_closed=call.scored is not None,
    )


async def appoint(db: AsyncSession, call_id: int, panel: Sequence[int]) -> None:
    """Say who scores, before anybody has.  Raises NotNow."""
    call = await calls.locked(db, call_id)
    now = await stand(db, call)
    if now.given or now.is_closed:
        raise NotNow("begun")
    await db.execute(delete(Panelist).where(Panelist.call_id == call_id))
    if panel:
        await db.execute(insert(Panelist), [{"call_id": call_id, "citizen_id": each} for each in sorted(set(panel))])


async def give(
    db: AsyncSession, call_id: int, submission_id: int, citizen_id: int, marks: dict[str, int], now: datetime
) -> None:
    """Give a score, or another in its place while nobody sees those of others.  Raises NotNow."""
    # One after the other: the last score shows them all, and what is given blind stays blind.
    call = await calls.locked(db, call_id)
    if call.closes > now:
        raise NotNow("open")
    stands = await stand(db, call)
    if citizen_id not in stands.panel or submission_id not in stands.submissions:
        raise NotNow("panel")
    if stands.is_shown:
        raise NotNow("over")
    wanted = {each.id for each in call.judged_by}
    if marks.keys() != wanted or not all(0 <= mark <= BEST for mark in marks.values()):
        raise NotNow("panel")
    row: dict[str, Any] = {"submission_id": submission_id, "citizen_id": citizen_id, "marks": marks, "given": now}
    if not await is_added(db, Score, row):
        query = select(Score).filter_by(submission_id=submission_id, citizen_id=citizen_id).with_for_update()
        mine = (await db.scalars(query)).one()
        mine.marks, mine.given = marks, now


async def mine(db: AsyncSession, submission_id: int, citizen_id: int) -> dict[str, int] | None:
    """What this person gave."""
    query = select(Score.marks).filter_by(submission_id=submission_id, citizen_id=citizen_id)
    return (await db.scalars(query)).one_or_none()


async def close(db: AsyncSession, call_id: int, now: datetime) -> None:
    """Close the scoring, so that all see what was given.  Raises NotNow."""
    call = await calls.locked(db, call_id)
    if call.closes > now:
        raise NotNow("open")
    if call.scored:
        raise NotNow("over")
    call.scored = now
    await db.flush()


async def ranked(db: AsyncSession, call: Call) -> list[Ranked]:
    """The submissions with all their scores, the best first.  Raises NotNow while they are hidden."""
    if not (await stand(db, call)).is_shown:
        raise NotNow("hidden")
    of_call = Submission.call_id == call.id, Submission.state != DRAFT
    written = await submissions.opened(db, *of_call, limit=_MANY)
    newest = select(func.max(Staff.id)).where(Staff.citizen_id == Score.citizen_id).correlate(Score)
    query = (
        select(Score.submission_id, Score.marks, Staff.name)
        .join(Submission, Submission.id == Score.submission_id)
        .outerjoin(Staff, Staff.id == newest.scalar_subquery())
        .where(*of_call)
        .order_by(Score.id)
    )
    sums: dict[int, list[tuple[str, int]]] = {}
    for id, marks, name in await db.execute(query):
        sums.setdefault(id, []).append((name or "—", sum(marks.values())))
    return sorted((_ranked(each, sums.get(each.id, [])) for each in written), key=lambda each: -each.mean)


def _ranked(written: OpenedSubmission, sums: list[tuple[str, int]]) -> Ranked:
    mean = round(sum(each for _name, each in sums) / len(sums), 1) if sums else 0.0
    return Ranked(written, dict(sums), mean)


_MANY = 1_000
