"""More ways to take part: what is not in the menu itself."""

from flows.chat import Chat
from flows.registry import FLOWS, flow
from locales import _


@flow("more", _("More ways to take part"), command="more", word="more", in_menu=22)
async def more(chat: Chat) -> None:
    """Surveys, bodies, calls and the like."""
    ways = sorted((each for each in FLOWS.values() if each.in_more), key=lambda each: each.in_more)
    labels = {each.name: chat.t(each.title) for each in ways}
    chosen = await chat.choose("to", _("In which way would you like to take part?"), list(labels), labels.__getitem__)
    chat.then(chosen)
