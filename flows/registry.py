"""Which flows there are, and how one enters them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

Run = Callable[..., Awaitable[None]]

STAFF = frozenset({"agent", "coordinator", "programme", "admin"})
COORDINATORS = STAFF - {"agent"}


@dataclass(frozen=True, slots=True)
class Flow:
    """A conversation and its entrances."""

    name: str  # stored with each conversation: never rename
    run: Run
    title: str  # what the menu and the list of commands say
    command: str = ""  # /command, with words after it
    word: str = ""  # the meaning in words.tsv that leads here
    link: str = ""  # the letter of its deep links: p_12
    takes: str = ""  # the argument that a deep link fills
    roles: frozenset[str] = frozenset()  # empty: everybody
    in_menu: int = 0  # the place in the menu; 0: not there
    is_ballot: bool = False  # what it says would tell who voted for what: forgotten when the vote closes

    def opens_for(self, role: str | None) -> bool:
        """Whether a person with this role may enter."""
        return not self.roles or role in self.roles


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said without having been asked now; it asks nothing itself."""

    run: Run  # run(chat, about, occasion); says nothing where it is moot by now
    is_asked: bool  # the citizen asked for it: said even to those who want no messages


FLOWS: dict[str, Flow] = {}
NOTICES: dict[str, Notice] = {}


def flow(name: str, title: str = "", **entrances: Any) -> Callable[[Run], Run]:
    """Register a conversation under a name."""

    def register(run: Run) -> Run:
        if name in FLOWS:
            raise ValueError(f"two flows are called {name!r}")
        FLOWS[name] = Flow(name, run, title, **entrances)
        return run

    return register


def notice(kind: str, is_asked: bool = True) -> Callable[[Run], Run]:
    """Register how notices of a kind are put into words (see storage/notices.py)."""

    def register(run: Run) -> Run:
        if kind in NOTICES:
            raise ValueError(f"two notices are called {kind!r}")
        NOTICES[kind] = Notice(run, is_asked)
        return run

    return register
