"""The queue of the staff: all that waits, the oldest first; who has it in hand is seen, and choosing leads to it."""

from collections.abc import Sequence
from typing import Any

from flows.chat import Chat, Stop
from flows.registry import MODERATORS, flow
from locales import _, n_
from locales.values import Written
from storage import queue
from storage.queue import Item, Summary

NOUNS = {
    "message": _("Message"),
    "petition": _("Petition"),
    "comment": _("Comment"),
}


@flow("queue", _("Queue"), command="queue", roles=MODERATORS, in_menu=45)
async def read(chat: Chat) -> None:
    """What waits for the staff; take one."""
    summary = await queue.summary(chat.db, chat.commune.id)
    if summary.oldest is None:
        raise Stop(_("Nothing waits. Thank you."))

    async def page(offset: int, limit: int) -> Sequence[Item]:
        return await queue.page(chat.db, chat.commune.id, chat.now, offset, limit)

    async def find(id: Any) -> Item | None:
        return await queue.find(chat.db, chat.commune.id, chat.now, str(id))

    chat.say(_("Waiting: {counts}.\nThe oldest: {age}."), counts=_counts(chat, summary), age=_age(chat, summary.oldest))
    item = await chat.browse(
        "item",
        _("The oldest first. Which one do you take?"),
        page,
        find,
        label=lambda item: _label(chat, item),
        gone=_("A colleague has decided on it meanwhile."),
        named=lambda _words: "",
    )
    chat.then(f"{item.noun}.moderate", about=item.about)


def _counts(chat: Chat, summary: Summary) -> Written:
    counts = (f"{chat.t(NOUNS[noun])} {count}" for noun, count in summary.counts.items())
    return Written(" · ".join(counts))


def _label(chat: Chat, item: Item) -> str:
    """What it is, what it is called, how old it is, and who has it."""
    parts = (chat.t(NOUNS[item.noun]), chat.local(item.title), _age(chat, item.since), item.holder or "")
    return " · ".join(part for part in parts if part)


def _age(chat: Chat, since: Any) -> str:
    hours = int((chat.now - since).total_seconds() // 3600)
    if hours < 1:
        return chat.t(_("less than an hour"))
    if hours < 48:
        return chat.t(n_("{count} hour", "{count} hours"), count=hours)
    return chat.t(n_("{count} day", "{count} days"), count=hours // 24)
