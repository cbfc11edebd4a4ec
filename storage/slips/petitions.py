"""Lists signed by hand, entered in the register of a petition: one row a person, who may have declared before."""

from datetime import datetime
from typing import Any

from sqlalchemy import literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import citizens, codes, id_cards
from storage.communes import Home
from storage.database import insert_or_skip, vault
from storage.occasions import PAPER, Closed, casablanca_day
from storage.petitions import Petition, Support
from storage.schema import Rows
from storage.slips.slip import COUNTED, NAME, Report, Slip, in_parts, quarter, told_apart

OPEN_TO_PAPER = ("collecting", "ready")  # lists gathered before the last day are entered until the deposit


def taking(home: Home, _now: datetime) -> Rows:
    """Petitions whose lists can be entered, as `Register` has them."""
    columns = (
        literal("petition").label("noun"),
        Petition.id.label("about"),
        Petition.slug,
        Petition.short.label("title"),
    )
    return select(*columns).where(Petition.commune_id == home.id, Petition.status.in_(OPEN_TO_PAPER))


async def enter(
    db: AsyncSession, home: Home, about: int, slips: list[Slip], now: datetime, keep: bool = True
) -> Report:
    """Enter them, or with `keep` false only say what would be; each person signs once.  Raises Closed.

    Who had declared support here is counted as signed too, in the same row.
    """
    await _hold(db, home, about)
    report = Report()
    people = {citizens.recognised_in(db, home.id, cin): (cin, slip) for cin, slip in told_apart(slips, report).items()}
    known = await _known(db, about, list(people))
    signs, joins = dict[str, dict[str, Any]](), list[int]()
    for person, (cin, slip) in people.items():
        if not any(letter.isalpha() for letter in slip.name):
            report.refuse(slip, NAME)
        elif person not in known:
            signs[person] = _row(db, home, about, now, person, cin, slip)
        elif known[person].signed:
            report.refuse(slip, COUNTED)
        else:
            joins.append(known[person].id)
    report.entered = len(signs) + len(joins)
    if keep and report.entered:
        for part in in_parts(list(signs.values())):
            await db.execute(insert_or_skip(db, Support).values(list(part)))
        for ids in in_parts(joins):
            await db.execute(update(Support).where(Support.id.in_(ids)).values(signed=now))
    return report.sorted()


async def _hold(db: AsyncSession, home: Home, about: int) -> None:
    """The petition, held against all who take part in it at the same moment."""
    query = select(Petition).where(Petition.id == about, Petition.commune_id == home.id).with_for_update()
    petition = (await db.scalars(query.execution_options(populate_existing=True))).one_or_none()
    if petition is None or petition.status not in OPEN_TO_PAPER:
        raise Closed


async def _known(db: AsyncSession, about: int, people: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in in_parts(people):
        query = select(Support.person, Support.id, Support.signed)
        for row in await db.execute(query.where(Support.petition_id == about, Support.person.in_(part))):
            found[row.person] = row
    return found


def _row(db: AsyncSession, home: Home, about: int, now: datetime, person: str, cin: str, slip: Slip) -> dict[str, Any]:
    return {
        "petition_id": about,
        "citizen_id": None,
        "person": person,
        "name": vault(db).seal(" ".join(slip.name.split())[:80]),
        "cin": vault(db).seal(cin) if home.keep_cin else None,
        "cin_mask": id_cards.masked(cin),
        "quarter": quarter(home, slip.quarter),
        "channel": PAPER,
        "language": "",  # paper has none
        "receipt": codes.receipt(home.receipt_prefix),
        "declared": now,
        "day": casablanca_day(now),
        "signed": now,
    }
