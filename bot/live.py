"""What goes on is followed: the progress of an announcement changes in place while somebody looks at it."""

from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from bot.play import Play
from bot.render import render
from bot.runner import LIMITS, PULLED
from bot.screen import Screen
from flows.questions import Button, Prompt
from locales import texts
from storage import announcements, looking, outbox
from storage.database import Database, Db, vault
from storage.looking import Looking
from storage.outbox import KEPT, WAITING, Batch, Sealed

FLOW = "announcement"
_LOOKS = timedelta(minutes=30)  # for so long after they last wrote
# What each address was shown last; forgotten with the process, and shown once more then.
_shown: WeakKeyDictionary[Database, dict[int, str]] = WeakKeyDictionary()


async def follow(database: Database, now: datetime) -> int:
    """Show anew what has changed, to those who look at it; to how many."""
    async with database.reading() as db:
        if not await announcements.is_any_moving(db, now):
            return 0
        found = await looking.at(db, FLOW, now - _LOOKS)
    return sum([await _show_anew(database, each, now) for each in found if LIMITS[each.talk.sender.channel].edits])


async def _show_anew(database: Database, each: Looking, now: datetime) -> int:
    async with database.reading() as db:
        batch = await _drawn(db, each, now, _shown.setdefault(database, {}))
    if batch is None:
        return 0
    async with database.writing() as db:
        sealed = [vault(db).seal(message) for message in batch.messages]
        await outbox.add(db, [Sealed(each.talk.address_id, sealed, batch)])
    return 1


async def _drawn(db: Db, each: Looking, now: datetime, before: dict[int, str]) -> Batch | None:
    """The open question as it would be asked now, if it says something else than before."""
    talk = each.talk
    play, offered = Play(db, talk, now), talk.memory.get("offered", [])
    _chat, asked = await play.run()
    if asked is None or before.get(talk.address_id) == asked.prompt.text:
        return None
    before[talk.address_id] = asked.prompt.text
    said = texts(play.language).lines(asked.prompt.text)
    shown = Prompt(said, tuple(Button(*pair) for pair in offered))
    screen = Screen()
    screen.show([shown], talk.turn, play.language, each.shown_as)
    parts = render(screen.messages[0], LIMITS[talk.sender.channel])
    status = KEPT if talk.sender.channel in PULLED else WAITING
    return Batch(parts, status, f"live {talk.address_id}", now)
