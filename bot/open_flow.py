"""The flow that is open in a conversation: whether it may be, begun anew, left so that it can be gone on with."""

from typing import Any

from flows.registry import FLOWS
from storage.conversations import Conversation

_WORTH_KEEPING = 2  # answers


def may_be(talk: Conversation, flow: str) -> bool:
    """A flow may have gone with a deploy, and a role may end, in the middle of it."""
    return flow in FLOWS and FLOWS[flow].opens_for(talk.citizen.role)


def begin(talk: Conversation, flow: str | None, args: dict[str, Any] | None = None) -> None:
    """Open it without an answer; nothing: none is open."""
    talk.memory.update(args=args or {}, answers={}, drafts={}, presets=[], path=[], asked=None, offered=[], takes=())
    talk.flow, talk.turn = flow, talk.turn + 1


def park(talk: Conversation) -> None:
    """What was begun and is left can be gone on with, from the menu."""
    memory, flow = talk.memory, FLOWS.get(talk.flow or "")
    if flow and (flow.in_menu or (flow.title and not flow.roles)) and len(memory["answers"]) >= _WORTH_KEEPING:
        kept = {key: memory[key] for key in ("args", "answers", "drafts", "presets")}
        memory["parked"] = {"flow": flow.name, **kept}
