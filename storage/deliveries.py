"""What became of letters is marked on them: all of a status in one statement."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, String, bindparam, case, column, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.citizens import Address, CitizenRow
from storage.database import wire
from storage.letters import Outcome
from storage.outbox import FAILED, HANDED, HELD, INTERRUPTED, SENT, WAITING, Outbound
from storage.schema import Moment


async def mark(db: AsyncSession, outcomes: Iterable[Outcome], now: datetime) -> None:
    """Keep what became of letters.  What was delivered is wiped: the person has it."""
    outcomes = list(outcomes)
    connection = await wire(db)
    is_sqlite = connection.dialect.name == "sqlite"
    for status, statement in (_MARKS_ONE if is_sqlite else _MARKS_ALL).items():
        rows = [_marked(outcome, now) for outcome in outcomes if outcome.status == status]
        if rows:
            await connection.execute(statement, rows if is_sqlite else _columns(rows))
    gone = [{"at_id": outcome.id, "as_done": now} for outcome in outcomes if outcome.is_unreachable]
    if gone:
        await connection.execute(_UNREACHABLE, gone)
    blocked = [{"at_id": outcome.id, "as_done": now} for outcome in outcomes if outcome.is_blocked]
    if blocked:
        await connection.execute(_WANTS_NOTHING, blocked)


_MARKED: dict[str, Any] = {
    "at_id": BigInteger,
    "as_external": String,
    "as_error": String,
    "as_due": Moment,
    "as_done": Moment,
    "as_template": String,
}


def _marked(outcome: Outcome, now: datetime) -> dict[str, Any]:
    return {
        "at_id": outcome.id,
        "as_external": outcome.external_id,
        "as_error": outcome.error,
        "as_due": outcome.due,
        "as_done": now,
        "as_template": outcome.template,
    }


def _columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {f"{name}_all": [row[name] for row in rows] for name in _MARKED}


def _marks(of: Callable[[str], Any]) -> dict[str, Any]:
    """A statement for each status; `of` is where what became of a letter is found."""
    one = update(Outbound).where(Outbound.id == of("at_id"))
    template = func.coalesce(of("as_template"), Outbound.template)  # it went, whatever followed
    ends: dict[str, Any] = {"external_id": of("as_external"), "template": template, "done": of("as_done")}
    # That it may have been sent before is not forgotten.
    why = case((Outbound.error == INTERRUPTED, INTERRUPTED), else_=of("as_error"))
    return {
        SENT: one.values(status=SENT, message=None, **ends),
        HANDED: one.values(status=HANDED, **ends),
        FAILED: one.values(status=FAILED, message=None, error=of("as_error"), done=of("as_done")),
        HELD: one.values(
            status=HELD,
            error=of("as_error"),
            due=of("as_due"),
            external_id=func.coalesce(of("as_external"), Outbound.external_id),
            template=template,
            done=case((of("as_template").is_not(None), of("as_done")), else_=Outbound.done),
        ),
        WAITING: one.values(attempts=Outbound.attempts + 1, error=why, due=of("as_due")),
    }


_arrays = (bindparam(f"{name}_all", type_=ARRAY(type_)) for name, type_ in _MARKED.items())
_all = (
    func.unnest(*_arrays)
    .table_valued(*(column(name, type_) for name, type_ in _MARKED.items()), name="marked")
    .render_derived()
)
_MARKS_ALL = _marks(lambda name: _all.c[name])  # PostgreSQL: all of a status at once
_MARKS_ONE = _marks(lambda name: bindparam(name, type_=_MARKED[name]()))
_done = bindparam("as_done", type_=Moment())
_to = select(Outbound.address_id).where(Outbound.id == bindparam("at_id")).scalar_subquery()
_UNREACHABLE = (
    update(Address).where(Address.id == _to).where(Address.unreachable_since.is_(None)).values(unreachable_since=_done)
)
_whose = select(Address.citizen_id).where(Address.id == _to).scalar_subquery()
_WANTS_NOTHING = update(CitizenRow).where(CitizenRow.id == _whose, CitizenRow.stopped.is_(None)).values(stopped=_done)
