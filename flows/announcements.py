"""Announcements on their way: how far each has got; start, pause, go on, stop."""

from typing import Any

from flows import announcement_words
from flows.chat import Chat, Stop
from flows.choices import Live
from flows.registry import COORDINATORS, deed, flow
from locales import _
from locales.values import Day, Hour, Written
from storage import announcement_progress, announcements, audiences
from storage.announcement_progress import Progress
from storage.announcements import DONE, GOING, PAUSED, PLANNED, STOPPED, Announcement

STATES = {
    PAUSED: _("paused"),
    PLANNED: _("waits for its time"),
    GOING: _("on its way"),
    STOPPED: _("stopped"),
    DONE: _("done"),
}
REASONS = {
    "unreachable": _("cannot be reached"),
    "refused": _("refused by the channel"),
    "gave up": _("tried for days"),
}
_MOVES = {
    PAUSED: {"start": _("Start"), "stop": _("Stop for good")},
    PLANNED: {"pause": _("Pause"), "stop": _("Stop for good")},
    GOING: {"pause": _("Pause"), "stop": _("Stop for good")},
}
_DOES = {
    "start": ("announcement.start", _("Start the announcement: {words}")),
    "pause": ("announcement.pause", _("Pause the announcement: {words}")),
    "stop": ("announcement.stop", _("Stop the announcement: {words}")),
}


@flow("announcement", _("Announcements"), command="announcements", roles=COORDINATORS, link="an", takes="announcement")
async def follow(chat: Chat, announcement: int | None = None) -> None:
    """See how far an announcement has got, in one message, and move it."""

    async def page(offset: int, limit: int) -> list[Announcement]:
        return await announcements.page(chat.db, chat.commune.id, offset, limit)

    async def find(id: Any) -> Announcement | None:
        return await announcements.get(chat.db, chat.commune.id, int(id))

    if not await page(0, 1):
        raise Stop(_("Nothing was announced yet. Write /announce."))
    chosen = await chat.browse(
        "announcement", _("Which announcement?"), page, find, lambda each: _label(chat, each), preset=announcement
    )
    progress = await announcement_progress.progress(chat.db, chosen.id)
    moves = {name: chat.t(text) for name, text in _MOVES.get(chosen.state, {}).items()}
    said = await _said(chat, chosen, progress)
    move = await chat.ask("move", Live(said, moves, chat.t(_("Refresh"))))
    name, summary = _DOES[move]
    reach = await audiences.reach(chat.db, chat.commune, chosen.audience, chat.now) if move == "start" else None
    is_large = reach is not None and not chosen.begun and reach.people > chat.commune.announced_alone
    await chat.do(name, chosen.id, summary, {}, is_large, words=chat.local(chosen.texts)[:100])


def _label(chat: Chat, each: Announcement) -> str:
    words = " ".join(chat.local(each.texts).split())
    return f"{chat.t(STATES[each.state])} · {words[:40]}"


async def _said(chat: Chat, each: Announcement, progress: Progress) -> str:
    lines = [
        chat.t("<b>{words}</b>", words=" ".join(chat.local(each.texts).split())[:100]),
        await announcement_words.audience(chat, each.audience),
        chat.t(_("State: {state}."), state=Written(chat.t(STATES[each.state]))),
    ]
    if each.state in (PAUSED, PLANNED) and each.due > chat.now:
        lines.append(chat.t(_("It begins on {day} at {hour}."), day=Day(each.due), hour=Hour(each.due)))
    if each.begun:
        lines.append(
            chat.t(_("Sent: {sent} of {count}."), sent=progress.sent, count=progress.recipients - progress.enough)
        )
    for text, count in (
        (_("Waiting: {count}."), progress.waiting),
        (_("Kept until the person writes: {count}."), progress.held),
        (_("Arrived, as far as we know: {count}."), progress.arrived),
        (_("Stopped hearing from us since: {count}."), progress.stopped),
        (_("Had enough of them this week: {count}."), progress.enough),
        (_("Perhaps told twice, after an interruption: {count}."), progress.doubtful),
    ):
        if count:
            lines.append(chat.t(text, count=count))
    for reason, count in sorted(progress.failed.items()):
        why = Written(chat.t(REASONS.get(reason, reason)))
        lines.append(chat.t(_("Not delivered, {reason}: {count}."), reason=why, count=count))
    return "\n".join(lines)


async def _move(chat: Chat, about: int, state: str, *before: str) -> None:
    if not await announcements.move(chat.db, about, state, chat.now, *before):
        raise Stop(_("This was decided meanwhile."))
    chat.then("announcement", announcement=about)


@deed("announcement.start")
async def do_start(chat: Chat, about: int) -> None:
    """Let it go, now or when its time comes."""
    chat.say(_("Started."))
    await _move(chat, about, GOING, PAUSED)


@deed("announcement.pause")
async def do_pause(chat: Chat, about: int) -> None:
    """Send no more of it for now."""
    chat.say(_("Paused. What is under way at this moment still arrives."))
    await _move(chat, about, PAUSED, GOING, PLANNED)


@deed("announcement.stop")
async def do_stop(chat: Chat, about: int) -> None:
    """Send no more of it."""
    chat.say(_("Stopped for good. Whoever got it keeps it."))
    await _move(chat, about, STOPPED, PAUSED, GOING, PLANNED)
