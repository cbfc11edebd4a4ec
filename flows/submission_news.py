"""What who submits to a call is told later: the deadline while nothing is submitted, the result with its reasons."""

from flows import call_words
from flows.chat import Chat
from flows.registry import notice
from locales import _
from locales.values import Day, Hour
from storage import submissions
from storage.submissions import DRAFT, SELECTED


@notice("submission.reminder")
async def remind(chat: Chat, about: int, _occasion: str) -> None:
    """Some days before the deadline, who has not submitted is told what is missing."""
    own = await submissions.own(chat.db, chat.citizen.id, about)
    if own is None or own.state != DRAFT or not own.call.is_open(chat.now):
        return
    chat.say(
        _("{title}: your file is not submitted yet. The deadline is {day}, {hour}."),
        title=chat.local(own.call.title),
        day=Day(own.call.closes),
        hour=Hour(own.call.closes),
    )
    call_words.say_missing(chat, own)
    chat.offer(f"ks_{own.id}", _("Go on"))


@notice("submission.decided")
async def decided(chat: Chat, about: int, state: str) -> None:
    """The result with its reasons."""
    own = await submissions.own(chat.db, chat.citizen.id, about)
    if own is None or own.state != state:
        return
    chat.say(
        _("{title}: the file of {association} is selected.")
        if state == SELECTED
        else _("{title}: the file of {association} is not selected."),
        title=chat.local(own.call.title),
        association=own.name,
    )
    chat.say(_("The commune says: {words}"), words=chat.local(own.reasons))
    chat.offer(f"kr_{own.call.id}", _("The result"))
    chat.offer(f"ks_{own.id}", _("My file"))
