"""Word of what has just come into the queue: on or off, and what it says."""

from flows import waiting
from flows.chat import Chat
from flows.registry import MODERATORS, flow, notice
from locales import _
from storage import alerts, queue


@flow("alerts", _("News of the queue"), command="alerts", roles=MODERATORS)
async def choose(chat: Chat) -> None:
    """Hear of what comes in, or no more."""
    has_it = await alerts.is_wanted(chat.db, chat.citizen.id)
    chat.say(_("When something new waits we can tell you: once an hour at most, and not at night."))
    question = _("You hear of it now. Go on?") if has_it else _("Do you want to hear of it?")
    wants = await chat.confirm("wants", question)
    await alerts.want(chat.db, chat.citizen.id, wants)
    chat.note("staff.alerts", None, wanted=wants)
    chat.say(
        _("You will hear of what comes in.") if wants else _("You will not hear of it. The menu shows what waits.")
    )


@notice(alerts.KIND)
async def came(chat: Chat, _about: int, _occasion: str) -> None:
    """What waits now, if it is wanted still and something does."""
    found = await queue.summary(chat.db, chat.commune.id)
    if found.oldest is None or not await alerts.is_wanted(chat.db, chat.citizen.id):
        return
    chat.say(_("Something new has come in."))
    waiting.say(chat, found)
    chat.offer("/queue", _("See what waits"))
