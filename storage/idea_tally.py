"""The tally of a call for ideas: how many were proposed, how they divide, and what is supported most."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import counts
from storage.communes import Home
from storage.counts import Option, Suspect, Tally
from storage.database import vault
from storage.idea_calls import Call
from storage.ideas import PUBLIC, Idea, IdeaSupport, supporters

_MOST = 30  # ideas that a tally names


async def tally(db: AsyncSession, call: Call, _home: Home, _now: datetime) -> Tally:
    """Count it; the words of no idea but the public ones are named."""
    of_call = Idea.budget_id == call.id
    parts, people = await counts.divided(db, Idea, of_call, author=Idea.citizen_id)
    every_support = func.coalesce(func.sum(supporters()), 0)
    columns = func.count(func.distinct(Idea.citizen_id)), every_support
    authors, supports = (await db.execute(select(*columns).where(of_call))).one()
    totals = {"ideas": counts.people(parts), "authors": int(authors), "supports": int(supports)}
    query = select(Idea, supporters().label("count")).where(of_call, Idea.state.in_(PUBLIC))
    rows = await db.execute(query.order_by(supporters().desc(), Idea.id).limit(_MOST))
    opened = vault(db).open
    choices = (Option(row.receipt, {row.language: opened(row.said)["title"]}, count) for row, count in rows)
    return Tally(totals, parts, choices=tuple(choices), people=people)


async def watch(db: AsyncSession, call: Call, home: Home) -> list[Suspect]:
    """What is worth a look: many in one minute or through one helper, many ideas from one account."""
    of_call = Idea.budget_id == call.id
    given = IdeaSupport.idea_id.in_(select(Idea.id).where(of_call))
    return [
        *await counts.bursts(db, Idea.written, home.watch_minute, of_call),
        *await counts.bursts(db, IdeaSupport.given, home.watch_minute, given),
        *await counts.helpers(db, Idea, home.watch_account, of_call),
        *await counts.helpers(db, IdeaSupport, home.watch_account, given),
        *await counts.repeated(db, "account", Idea.citizen_id, home.watch_account, of_call),
    ]
