"""What may become of a letter, beside being delivered: a sender raises it, the post keeps it."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.journal import log
from storage.fates import FOR_EVER
from storage.letters import Handed, Letter, Outcome
from storage.outbox import FAILED, HANDED, HELD, SENT, WAITING

_LONGEST_PAUSE = 300.0  # seconds between two attempts


class Unreachable(Exception):
    """This address takes nothing: blocked, deleted, never begun."""


class Blocked(Unreachable):
    """The person wants nothing from us: should they come back, they have not asked for news by that."""


class Refused(Exception):
    """The provider will never take this letter as it is: a mistake of ours."""


class TryLater(Exception):
    """The provider asks for a pause, or did not answer; `seconds` if it said how long.

    `is_for_all`: whether the account must pause, or this person be left alone; None where it is not said.
    """

    def __init__(self, why: str, seconds: float | None = None, is_for_all: bool | None = False):
        super().__init__(why)
        self.seconds, self.is_for_all = seconds, is_for_all


class Withheld(Exception):
    """This person takes nothing now; it goes when they write, or is tried again after `seconds`."""

    def __init__(self, why: str, seconds: float | None = None):
        super().__init__(why)
        self.seconds = seconds


def delivered(letter: Letter, sent: str | Handed, now: datetime) -> Outcome:
    """What becomes of a letter that was taken."""
    if isinstance(sent, str):
        return Outcome(letter.id, SENT, external_id=sent)
    if sent.template is None:
        return Outcome(letter.id, HANDED, external_id=sent.external_id)
    # The template says that there is something to read: the letter itself goes when the person writes.
    return Outcome(letter.id, HELD, external_id=sent.external_id, template=sent.template, due=now + FOR_EVER)


def outcome_of(id: int, error: Exception, now: datetime) -> Outcome:
    """What becomes of a letter that could not be delivered."""
    why = str(error)[:180]
    match error:
        case Unreachable():
            is_blocked = isinstance(error, Blocked)
            return Outcome(id, FAILED, error=f"unreachable: {why}", is_unreachable=True, is_blocked=is_blocked)
        case Withheld(seconds=seconds):
            return Outcome(id, HELD, error=why, due=now + (timedelta(seconds=seconds) if seconds else FOR_EVER))
        case TryLater(seconds=seconds):
            return Outcome(id, WAITING, error=why, due=now + timedelta(seconds=seconds or 1))
    return Outcome(id, FAILED, error=f"refused: {why}")


def undelivered(letter: Letter, error: Exception, now: datetime) -> Outcome:
    """What becomes of a letter that was not taken; it is in the log."""
    if isinstance(error, Refused):
        log.error("letter_refused", letter=letter.id, trace=letter.trace, why=str(error)[:200])
    elif isinstance(error, Withheld):
        log.info("letter_held", letter=letter.id, trace=letter.trace, why=str(error)[:200])
    return outcome_of(letter.id, error, now)


def pause_after(error: Exception, attempts: int) -> float:
    """Seconds: as long as the provider says, else twice as long each time: 1, 2, 4 ... 300."""
    if isinstance(error, TryLater) and error.seconds is not None:
        return error.seconds
    return min(2.0 ** min(attempts - 1, 10), _LONGEST_PAUSE)


def stumbled(letter: Letter, error: Exception, pause: float, now: datetime) -> Outcome:
    """What becomes of a letter that must be tried again."""
    return Outcome(letter.id, WAITING, error=type(error).__name__, due=now + timedelta(seconds=pause))


async def until_due(letter: Letter) -> None:
    """Wait for what a pause had left when its process ended."""
    if letter.due and (left := (letter.due - datetime.now(UTC)).total_seconds()) > 0:
        await asyncio.sleep(left)
