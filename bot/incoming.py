"""A message that came in, whatever the channel."""

from dataclasses import dataclass

from flows.questions import Reply
from storage.conversations import Sender

SHARES_PHONE = frozenset({"telegram"})  # where a button shares the number that the channel knows


@dataclass(frozen=True, slots=True)
class Incoming:
    """Who did what, known by the channel's own id, so that a redelivery changes nothing."""

    sender: Sender
    id: str
    reply: Reply
    on: str = ""  # the message whose button was pressed, as the channel calls it
