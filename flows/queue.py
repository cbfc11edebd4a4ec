"""The queue of the staff: all that waits, the oldest first; who has it in hand is seen, and choosing leads to it."""

from collections.abc import Sequence
from typing import Any

from flows import waiting
from flows.chat import Chat, Stop
from flows.registry import MODERATORS, flow
from locales import _
from storage import queue
from storage.queue import Item


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

    waiting.say(chat, summary)
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


def _label(chat: Chat, item: Item) -> str:
    """What it is, what it is called, how old it is, and who has it."""
    parts = (chat.t(waiting.NOUNS[item.noun]), chat.local(item.title), waiting.age(chat, item.since), item.holder or "")
    return " · ".join(part for part in parts if part)
