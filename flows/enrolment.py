"""Enrolment of staff: a one-time code, typed in chat."""

from flows.chat import Chat
from flows.registry import ROLE_NAMES, flow
from locales import _
from storage import staff


@flow("enrolment", command="staff", is_own=True)  # no title: no list of commands shows it
async def enrol(chat: Chat, words: str = "") -> None:
    """Become a member of staff; a wrong code is answered as any unknown command."""
    invited = await staff.invitation(chat.db, chat.commune.id, words, chat.now)
    if invited is None or not await staff.enrol(chat.db, chat.commune.id, chat.citizen.id, invited, chat.now):
        chat.then("@unknown")
        return
    chat.note("staff.enrol", invited.id, role=invited.role)
    chat.say(
        _("Welcome, {name}. Your role: {role}. /help shows your commands."),
        name=invited.name,
        role=chat.t(ROLE_NAMES[invited.role]),
    )
