"""Two accounts become one: what both did is one person's, and nothing of it counts twice.

Every table that names a citizen follows by itself, whichever noun it is of: its unique keys say what one person may
have once.  Where both have it the account that stays keeps its own, and the other's is taken out; who that is is told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, TextClause, UniqueConstraint, and_, delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage import ballot_keys
from storage.ballots import Ballot, Choice
from storage.budgets import Budget
from storage.citizens import Citizen
from storage.responses import Mark, Response
from storage.schema import Base
from storage.seats import ACTIVE, Registration
from storage.staff import Staff
from storage.submissions import DRAFT, Submission
from storage.surveys import Survey
from storage.threads import CLOSED, OPEN, Message, Thread

# Not moved: the audit only grows, an address says itself whose it is, and codes to link are used up.
_STAYS = ("audit", "address", "link_code", "link_try", "citizen")
_OF_PEOPLE = (
    "support",
    "registration",
    "comment",
    "application",
    "submission",
    "survey_response",
    "ballot",
)  # what people did; the rest is ours


@dataclass(frozen=True, slots=True)
class Twice:
    """What both accounts had done: the noun, and the receipt that stays."""

    noun: str
    receipt: str


async def merge(db: AsyncSession, stays: Citizen, goes: Citizen, now: datetime) -> list[Twice]:
    """Give all that one account did to the other; what both had done.  Both are locked by the caller."""
    await db.flush()
    twice = await _votes(db, stays, goes) + await _answers(db, stays, goes)
    await _one_exchange(db, stays.id, goes.id)
    await _one_role(db, stays.id, goes.id, now)
    await _best_seats(db, stays.id, goes.id)
    await _best_submissions(db, stays.id, goes.id)
    for table in Base.metadata.sorted_tables:
        if "citizen_id" in table.c and table.name not in _STAYS:
            twice += await _follow(db, table, stays.id, goes.id)
    db.expire_all()
    return twice


async def _follow(db: AsyncSession, table: Table, stays: int, goes: int) -> list[Twice]:
    """Move the rows of a table; those that a unique key refuses are taken out."""
    connection = await db.connection()
    other, twice = table.alias("other"), list[Twice]()
    for columns, holds in _keys(table):
        same = and_(other.c.citizen_id == stays, *(table.c[name] == other.c[name] for name in columns))
        both = select(*table.primary_key, other).select_from(table.join(other, same))
        both = both.where(table.c.citizen_id == goes, *holds(table), *holds(other))
        for row in (await connection.execute(both)).all():
            if table.name in _OF_PEOPLE:
                twice.append(Twice(table.name, str(row[-len(other.c) :][list(other.c.keys()).index("receipt")])))
            names = [column.name for column in table.primary_key]
            await _take_out(db, table, dict(zip(names, row, strict=False)))
    await connection.execute(update(table).where(table.c.citizen_id == goes).values(citizen_id=stays))
    return twice


def _keys(table: Table) -> Iterator[tuple[list[str], Any]]:
    """What one person may have once in a table: the other columns of each such key, and where it holds."""
    uniques: list[Any] = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    for key in [*uniques, table.primary_key, *(index for index in table.indexes if index.unique)]:
        names = [column.name for column in key.columns]
        if "citizen_id" not in names:
            continue
        where = str(key.dialect_options["postgresql"]["where"]) if key in table.indexes else ""
        yield [name for name in names if name != "citizen_id"], _holds(where)


def _holds(where: str) -> Any:
    def conditions(table: Any) -> list[TextClause]:
        if not where or where == "None":
            return []
        column, _, rest = where.partition(" ")
        return [text(f"{table.name}.{column} {rest}")]  # of a table or of its alias

    return conditions


async def _take_out(db: AsyncSession, table: Table, key: dict[str, Any]) -> None:
    """Delete a row, after what hangs on it."""
    connection = await db.connection()
    for child in Base.metadata.sorted_tables:
        for constraint in child.foreign_key_constraints:
            if constraint.referred_table is not table:
                continue
            pairs = [(element.parent, key[element.column.name]) for element in constraint.elements]
            found = select(*child.primary_key).where(*(column == value for column, value in pairs))
            for row in (await connection.execute(found)).all():
                await _take_out(db, child, dict(zip([c.name for c in child.primary_key], row, strict=True)))
    await connection.execute(delete(table).where(*(table.c[name] == value for name, value in key.items())))


# What is known by a mark of the account, under a key of the vote or the survey


async def _votes(db: AsyncSession, stays: Citizen, goes: Citizen) -> list[Twice]:
    votes = await db.scalars(select(Budget).filter_by(commune_id=stays.commune_id).where(Budget.vote_key.is_not(None)))
    twice: list[Twice] = []
    for vote in votes.all():
        marks = ballot_keys.account(db, vote.vote_key, goes), ballot_keys.account(db, vote.vote_key, stays)
        twice += await _re_mark(db, Ballot, Choice, {"budget_id": vote.id}, "voter", *marks)
    return twice


async def _answers(db: AsyncSession, stays: Citizen, goes: Citizen) -> list[Twice]:
    those = select(Survey).filter_by(commune_id=stays.commune_id).where(Survey.answer_key.is_not(None))
    twice: list[Twice] = []
    for survey in (await db.scalars(those)).all():
        marks = ballot_keys.account(db, survey.answer_key, goes), ballot_keys.account(db, survey.answer_key, stays)
        twice += await _re_mark(db, Response, Mark, {"survey_id": survey.id}, "respondent", *marks)
    return twice


async def _re_mark(
    db: AsyncSession, whole: Any, part: Any, scope: dict[str, int], name: str, before: str, after: str
) -> list[Twice]:
    """Write another mark on a ballot, with its choices; where there is one already the earlier account's counts."""
    connection, paper, lines = await db.connection(), whole.__table__, part.__table__
    own = [paper.c[key] == value for key, value in scope.items()]
    kept = await connection.scalar(select(paper.c.receipt).where(*own, paper.c[name] == after))
    inside = [lines.c[key] == value for key, value in scope.items()] + [lines.c[name] == before]
    rows = [dict(row) for row in (await connection.execute(select(lines).where(*inside))).mappings()]
    await connection.execute(delete(lines).where(*inside))
    if kept is not None:
        gone = await connection.execute(delete(paper).where(*own, paper.c[name] == before))
        return [Twice(paper.name, "")] if gone.rowcount else []
    await connection.execute(update(paper).where(*own, paper.c[name] == before).values({name: after}))
    if rows:
        await connection.execute(insert(lines), [{**row, name: after} for row in rows])
    return []


# What one person has one of


async def _one_exchange(db: AsyncSession, stays: int, goes: int) -> None:
    """Of two open exchanges with the service one stays, with the messages of both."""
    query = select(Thread).where(Thread.citizen_id.in_((stays, goes)), Thread.state != CLOSED).with_for_update()
    threads = {thread.citizen_id: thread for thread in (await db.scalars(query.order_by(Thread.id))).all()}
    if len(threads) < 2:
        return
    kept, gone = threads[stays], threads[goes]
    await db.execute(update(Message).where(Message.thread_id == gone.id).values(thread_id=kept.id))
    if OPEN in (kept.state, gone.state):
        kept.state, kept.closes = OPEN, None
    kept.answer_by, kept.asked = min(kept.answer_by, gone.answer_by), min(kept.asked, gone.asked)
    kept.latest, kept.keep_until = max(kept.latest, gone.latest), max(kept.keep_until, gone.keep_until)
    await db.flush()
    await db.delete(gone)
    await db.flush()


async def _one_role(db: AsyncSession, stays: int, goes: int, now: datetime) -> None:
    current = select(Staff.citizen_id).where(Staff.citizen_id.in_((stays, goes)), Staff.removed.is_(None))
    if len((await db.scalars(current)).all()) == 2:
        await db.execute(update(Staff).where(Staff.citizen_id == goes, Staff.removed.is_(None)).values(removed=now))


async def _best_seats(db: AsyncSession, stays: int, goes: int) -> None:
    """A seat is worth more than a cancelled one, and a seat more than a place in line."""
    query = select(Registration).where(Registration.citizen_id.in_((stays, goes)))
    seats: dict[int, dict[int, Registration]] = {}
    for seat in (await db.scalars(query.with_for_update())).all():
        seats.setdefault(seat.workshop_id, {})[seat.citizen_id] = seat
    for pair in seats.values():
        if len(pair) == 2 and _worth(pair[goes]) > _worth(pair[stays]):
            await _take_out(db, Base.metadata.tables["registration"], {"id": pair[stays].id})


async def _best_submissions(db: AsyncSession, stays: int, goes: int) -> None:
    """What was submitted is worth more than a draft."""
    mine, other = aliased(Submission), aliased(Submission)
    query = select(mine.id).join(other, (other.call_id == mine.call_id) & (other.citizen_id == goes))
    drafts = query.where(mine.citizen_id == stays, mine.state == DRAFT, other.state != DRAFT)
    for id in (await db.scalars(drafts)).all():
        await _take_out(db, Base.metadata.tables["submission"], {"id": id})


def _worth(seat: Registration) -> int:
    return 0 if seat.state not in ACTIVE else 1 if seat.state == "waiting" else 2
