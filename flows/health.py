"""How this installation is, for admins: what is stuck and what failed comes first."""

from datetime import timedelta

from flows.chat import Chat
from flows.registry import ADMINS, flow
from locales import _, n_
from locales.values import Code, Day, Hour, Written
from reports.tallies import CELLS
from storage import health

_LATE = timedelta(minutes=5)  # a letter that waits longer is stuck
_STILL = timedelta(hours=3)  # a duty of the clock that was not done for so long stands still
_REASONS = {
    "unreachable": _("cannot be reached"),
    "refused": _("refused by the channel"),
    "gave up": _("tried for days"),
}


@flow("health", _("How Sawt is"), command="health", roles=ADMINS)
async def show(chat: Chat) -> None:
    """Look at everything that may be wrong."""
    troubles = [*await _stuck(chat), *await _failed(chat)]
    if troubles:
        chat.say("{troubles}", troubles=Written("\n".join(troubles)))
    else:
        chat.say(_("Nothing is stuck, nothing has failed since yesterday."))
    for queue in await health.queues(chat.db, chat.commune.id):
        chat.say(_("{channel}: {count} on their way."), channel=chat.t(CELLS[queue.channel]), count=queue.waiting)
    if waiting := await health.to_be_told(chat.db, chat.commune.id):
        chat.say(_("Announcements still have {count} people to tell."), count=waiting)
    chat.offer("/health", _("Refresh"))


async def _stuck(chat: Chat) -> list[str]:
    lines = []
    for queue in await health.queues(chat.db, chat.commune.id):
        if queue.oldest < chat.now - _LATE:
            said = _("⚠ {channel}: {count} messages are stuck, the oldest since {day}, {hour}.")
            day, hour = Day(queue.oldest), Hour(queue.oldest)
            channel = chat.t(CELLS[queue.channel])
            lines.append(chat.t(said, channel=channel, count=queue.waiting, day=day, hour=hour))
    if late := await health.overdue(chat.db, chat.now):
        lines.append(chat.t(n_("⚠ {count} notice is overdue.", "⚠ {count} notices are overdue."), count=late))
    lags = await health.lags(chat.db, chat.now)
    if not lags:
        lines.append(chat.t(_("⚠ The clock has never run: start a process with the role clock.")))
    for duty, lag in lags.items():
        if lag > _STILL:
            hours = int(lag.total_seconds() // 3600)
            lines.append(chat.t(_("⚠ The clock stands still: {duty}, for {count} h."), duty=Code(duty), count=hours))
    return lines


async def _failed(chat: Chat) -> list[str]:
    lines = []
    for duty, when in (await health.failed_duties(chat.db)).items():
        lines.append(
            chat.t(
                _("⚠ {duty} failed on {day} at {hour}: see the log."), duty=Code(duty), day=Day(when), hour=Hour(when)
            )
        )
    for failure in await health.failures(chat.db, chat.commune.id, chat.now):
        channel, reason = chat.t(CELLS[failure.channel]), Written(chat.t(_REASONS.get(failure.reason, failure.reason)))
        said = _("{channel}: {count} not delivered since yesterday, {reason}.")
        lines.append(chat.t(said, channel=channel, count=failure.count, reason=reason))
    return lines
