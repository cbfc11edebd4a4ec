"""Which flows there are, and how one enters them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from locales import _

Run = Callable[..., Awaitable[None]]

# Who may: an agent moderates and answers, a coordinator also decides, an admin also says who is staff;
# the programme counts across communes and touches nothing.
MODERATORS = frozenset({"agent", "coordinator", "admin"})
COORDINATORS = frozenset({"coordinator", "admin"})
COUNTERS = frozenset({"coordinator", "admin", "programme"})
ADMINS = frozenset({"admin"})

ROLE_NAMES = {
    "agent": _("agent"),
    "coordinator": _("coordinator"),
    "programme": _("programme"),
    "admin": _("admin"),
}


@dataclass(frozen=True, slots=True)
class Flow:
    """A conversation and its entrances."""

    name: str  # stored with each conversation: never rename
    run: Run
    title: str  # what the menu and the list of commands say
    command: str = ""  # /command, with words after it
    word: str = ""  # the meaning in words.tsv that leads here
    is_obeyed: bool = False  # its word leads here whatever question is open
    intents: tuple[str, ...] = ()  # what is wished in free text that leads here (locales/<code>/phrases.tsv)
    link: str = ""  # the letter of its deep links: p_12
    takes: str = ""  # the argument that a deep link fills
    is_coded: bool = False  # its deep links name a receipt and no number: ci_7F3K92XQ
    roles: frozenset[str] = frozenset()  # empty: everybody
    in_menu: int = 0  # the place in the menu; 0: not there
    creates: str = ""  # what /new calls that which is begun here
    in_more: int = 0  # the place among the other ways to take part (flows/more.py); 0: not there
    is_own: bool = False  # of the account itself: not while somebody else is helped on it
    is_ballot: bool = False  # what it says would tell who voted for what: forgotten when the vote closes

    def opens_for(self, role: str | None) -> bool:
        """Whether a person with this role may enter."""
        return not self.roles or role in self.roles


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said without having been asked now; it asks nothing itself."""

    run: Run  # run(chat, about, occasion); says nothing where it is moot by now
    is_asked: bool  # the citizen asked for it: said even to those who want no messages


@dataclass(frozen=True, slots=True)
class Deed:
    """What a member of staff does to something, as the audit knows it."""

    name: str  # petition.move: stored with each row of the audit; never rename
    run: Run  # run(chat, about, **args): writes, and says what was done
    roles: frozenset[str]  # who may do it, and approve it where two people must
    notes: tuple[str, ...]  # which of its args the audit keeps: codes and figures, never words about a person


FLOWS: dict[str, Flow] = {}
DEEDS: dict[str, Deed] = {}
NOTICES: dict[str, Notice] = {}


def led_by(intent: str, role: str | None) -> Flow | None:
    """The flow that an intent leads to, if there is one for this person."""
    return next((flow for flow in FLOWS.values() if intent in flow.intents and flow.opens_for(role)), None)


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


def deed(name: str, roles: frozenset[str] = COORDINATORS, notes: tuple[str, ...] = ()) -> Callable[[Run], Run]:
    """Register what staff do under a name; flows do it with `chat.do`."""

    def register(run: Run) -> Run:
        if name in DEEDS:
            raise ValueError(f"two deeds are called {name!r}")
        DEEDS[name] = Deed(name, run, roles, notes)
        return run

    return register
