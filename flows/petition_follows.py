"""Following a petition: each step is told to who wants it, in their language, until they say no."""

from flows import petition_words
from flows.chat import Chat, Stop
from flows.registry import flow, notice
from locales import _
from locales.values import Written
from storage import follows, petition_moves
from storage.petitions import NOUN


@flow("petition.follow", link="pf", takes="petition")
async def follow(chat: Chat, petition: int) -> None:
    """Hear of each step: a tap is enough."""
    found = await petition_words.public(chat, petition)
    if not petition_moves.MOVES[found.status]:
        raise Stop(_("This petition is over: nothing more will happen to it."))
    await follows.follow(chat.db, NOUN, found.id, chat.citizen.id)
    chat.say(_("We will tell you here of each step of “{title}”."), title=chat.local(found.title))
    chat.offer(f"pu_{found.id}", _("Tell me no more"))


@flow("petition.unfollow", link="pu", takes="petition")
async def unfollow(chat: Chat, petition: int) -> None:
    """Hear no more of it."""
    found = await petition_words.public(chat, petition)
    await follows.unfollow(chat.db, NOUN, found.id, chat.citizen.id)
    chat.say(_("We tell you no more of “{title}”. Your support stays as it is."), title=chat.local(found.title))
    chat.offer(f"pf_{found.id}", _("Tell me each step"))


@notice("petition.moved")
async def moved(chat: Chat, about: int, occasion: str) -> None:
    """What the commune or the council did."""
    found = await petition_moves.get(chat.db, int(occasion))
    if found is None:
        return
    petition, step = found
    state = Written(chat.t(petition_words.STATES[step.state]))
    chat.say(_("<b>{title}</b>\nNew: {state}."), title=chat.local(petition.title), state=state)
    petition_words.explained(chat, step)
    if petition.promoter_id == chat.citizen.id:
        chat.offer(f"pm_{about}", _("See how far it is"))
    else:
        chat.offer(f"p_{about}", _("See the petition"))
        chat.offer(f"pu_{about}", _("Tell me no more"))
