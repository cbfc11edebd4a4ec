"""Begin something new: which kinds there are, as each noun registers them."""

from flows.chat import Chat
from flows.registry import FLOWS, MODERATORS, flow
from locales import _


@flow("new", _("Begin something new"), command="new", roles=MODERATORS)
async def new(chat: Chat) -> None:
    """Choose a kind; its own flow asks the rest, shows it as people will see it, and publishes it."""
    kinds = {each.name: each for each in FLOWS.values() if each.creates and each.opens_for(chat.citizen.role)}
    chosen = await chat.choose("kind", _("What do you begin?"), list(kinds), lambda name: chat.t(kinds[name].creates))
    chat.then(chosen)
