"""The crier: takes whom an announcement is for, a few at a time, and hands their letters to the post.

Only few letters of an announcement are in the outbox at any time, so answers never queue behind it.  What was handed
in by a process that has ended may have been under way: it is sent again, and written down as perhaps told twice.
"""

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import announcements
from bot.journal import log
from storage import letters
from storage.letters import Letter

if TYPE_CHECKING:
    from bot.post import Post

_LOOK_EVERY = 1.0  # seconds
_SLICE = 0.3  # seconds' worth of letters in hand
_LEAST, _MOST = 12, 600  # letters in hand


async def announce(post: "Post") -> None:
    """Announce for as long as this process holds the post."""
    in_hand = min(max(_LEAST, int(post.tempo.per_second * _SLICE)), _MOST)
    is_first, is_going = True, False
    while True:
        try:
            if is_first:
                await _go_on(post)
                is_first = False
            room = in_hand - post.announced
            if room > in_hand / 3:
                letters = await take(post, room, is_going)
                is_going = bool(letters)
                for letter in letters:
                    post.take(letter)
            await asyncio.sleep(_SLICE / 6 if is_going else _LOOK_EVERY)
        except Exception as error:  # whatever it was, whom it is for is still in the tables
            log.error("crier_interrupted", channel=post.channel, error=error)
            await asyncio.sleep(_LOOK_EVERY)


async def _go_on(post: "Post") -> None:
    """Send what another process had in hand when it ended."""
    account = (post.commune_id, post.channel)
    async with post.database.writing() as db:
        left = await letters.waiting(db, [account], 0, 10_000, announced=True)
        await letters.interrupt(db, left)
    if left:
        log.warning("announcement_interrupted", channel=post.channel, letters=len(left))
    for letter in left:
        post.take(letter)


async def take(post: "Post", limit: int, is_going: bool) -> list[Letter]:
    """The next letters of an announcement, in the outbox already."""
    place = (post.database, post.commune_id, post.channel)
    return await announcements.hand_over(*place, limit, datetime.now(UTC), is_going)
