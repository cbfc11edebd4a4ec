"""Who began to take part and did not finish is reminded before it closes."""

from functools import partial

from flows.chat import Chat
from flows.registry import FLOWS, notice
from locales import _
from locales.values import Day, Hour
from storage import participations, tallies
from storage.participations import BALLOT

_NAMES = {"budget": BALLOT, "consultation": "comment"}  # what people find it under among what they did


async def unfinished(noun: str, chat: Chat, about: int, _occasion: str) -> None:
    """Nothing, if it is finished meanwhile, or closed."""
    every = {each.id: each for each in await tallies.every(chat.db, chat.commune.id)}
    process = every.get(f"{noun}_{about}")
    if process is None or process.closes is None or process.closes <= chat.now:
        return
    own = f"{_NAMES.get(noun, noun)}_{about}"
    if await participations.find(chat.db, chat.citizen, chat.commune, chat.now, own):
        return
    link = next(each.link for each in FLOWS.values() if each.takes == noun and each.in_menu)
    chat.say(
        _("You began “{title}” and did not finish. It closes on {day} at {hour}."),
        title=chat.local(process.title),
        day=Day(process.closes),
        hour=Hour(process.closes),
    )
    chat.offer(f"{link}_{about}", _("Take part"))


for each in tallies.NOUNS:
    notice(f"unfinished.{each}", is_asked=False)(partial(unfinished, each))
