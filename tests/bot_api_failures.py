"""The ways in which a call may fail though it keeps the rules: what `BotApi.fail` takes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RetryAfter:
    """429: the chat may be written to again after these seconds."""

    seconds: float


@dataclass(frozen=True)
class Blocked:
    """403: the person has blocked the bot."""


@dataclass(frozen=True)
class ServerError:
    """5xx: Telegram itself is in trouble; nothing was carried out."""

    code: int = 502


@dataclass(frozen=True)
class BadRequest:
    """400 with a description of the test's choice."""

    description: str


@dataclass(frozen=True)
class Hang:
    """The answer takes so long; the call is carried out at last, even if the caller has hung up by then."""

    seconds: float


@dataclass(frozen=True)
class Drop:
    """The connection ends without an answer, before or after the call was carried out."""

    carried_out: bool = False


Failure = RetryAfter | Blocked | ServerError | BadRequest | Hang | Drop


class Dropped(Exception):
    """The connection is to be closed without an answer."""
