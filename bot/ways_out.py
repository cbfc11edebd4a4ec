"""The buttons beside a question's own: no question without a way out of it, and the way to what was surely meant."""

from bot import entrances
from bot.screen import BACK
from flows.chat import Chat
from flows.questions import Button, Reply
from locales import _
from storage.conversations import Conversation

ELSEWHERE = _("If you want something else, tap it below: your answers are kept.")


def ways_out(talk: Conversation, chat: Chat) -> tuple[Button, ...]:
    """Back, or the menu where there is nothing to go back to."""
    if talk.flow in ("menu", "welcome"):
        return ()
    return (Button(BACK, chat.t(_("Back"))),) if chat.path else (Button("@menu", chat.t(_("Menu"))),)


def elsewhere(talk: Conversation, chat: Chat, reply: Reply) -> tuple[Button, ...]:
    """Words that are no answer, and surely a wish: the way to it, which leaves the answers to be gone on with."""
    flow = entrances.elsewhere(reply.text, talk) if reply.text and reply.kind == "text" else None
    return (Button(f"@flow={flow.name}", chat.t(flow.title)),) if flow else ()
