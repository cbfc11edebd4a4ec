"""How far an announcement has got, in people; kept when those who were told are forgotten."""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.announcements import HAD_ENOUGH, HAS_STOPPED, UNREACHABLE, Announcement, Recipient
from storage.outbox import FAILED, HELD, INTERRUPTED, KEPT, WAITING, Outbound


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an announcement has got, in people."""

    recipients: int
    waiting: int
    sent: int
    arrived: int  # as far as the channel says so
    stopped: int  # since it began
    enough: int
    failed: dict[str, int] = field(default_factory=dict)  # by reason
    held: int = 0  # until they write: their channel takes nothing before
    doubtful: int = 0  # told again after an interruption: perhaps twice


async def forget(db: AsyncSession, before: datetime) -> int:
    """Forget who was told in those that ended before a day; how far they got is kept.  How many of them."""
    query = select(Announcement).where(Announcement.ended < before, Announcement.report.is_(None))
    rows = list(await db.scalars(query.limit(10).with_for_update(skip_locked=True)))
    for row in rows:
        row.report = asdict(await progress(db, row.id))
        await db.execute(delete(Recipient).where(Recipient.announcement_id == row.id))
    return len(rows)


async def progress(db: AsyncSession, id: int) -> Progress:
    """How far it has got."""
    if report := await db.scalar(select(Announcement.report).where(Announcement.id == id)):
        return Progress(**report)
    is_handed = Recipient.handed.is_not(None)
    query = select(Recipient.outcome, is_handed, func.count()).where(Recipient.announcement_id == id)
    people = {row[:2]: row[2] for row in await db.execute(query.group_by(Recipient.outcome, is_handed))}
    letters = select(Outbound.status, Outbound.arrived.is_not(None), Outbound.error, func.count())
    groups = letters.where(Outbound.announcement_id == id)
    groups = groups.group_by(Outbound.status, Outbound.arrived.is_not(None), Outbound.error)
    failed: dict[str, int] = {}
    counted = {"waiting": 0, "held": 0, "sent": 0, "arrived": 0, "doubtful": 0}
    for status, has_arrived, error, count in await db.execute(groups):
        if status == FAILED:
            reason = (error or "").partition(":")[0]
            failed[reason] = failed.get(reason, 0) + count
            continue
        counted[{WAITING: "waiting", HELD: "held"}.get(status, "sent")] += count
        counted["arrived"] += count if has_arrived or status == KEPT else 0
        counted["doubtful"] += count if error == INTERRUPTED else 0
    if gone := people.get((UNREACHABLE, False), 0):
        failed["unreachable"] = failed.get("unreachable", 0) + gone
    counted["waiting"] += people.get((None, False), 0)
    return Progress(
        recipients=sum(people.values()),
        stopped=people.get((HAS_STOPPED, False), 0),
        enough=people.get((HAD_ENOUGH, False), 0),
        failed=failed,
        **counted,
    )
