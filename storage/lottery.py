"""The draw of a body's members: anyone can run it again from the published list and seed, and must get the same.

Each ticket is given the SHA-256 of "seed:ticket" (UTF-8, hexadecimal); in the order of these, from the smallest,
people are seated.  Quotas are kept as one goes: somebody is passed over where the seats left would no longer reach for
them.  Whoever is not seated is an alternate, in the same order.  The list is frozen, and its fingerprint published,
before the seed is known; the seed is drawn in public (docs/draw.md).
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson


@dataclass(frozen=True, slots=True)
class Ticket:
    """One application as it is published: a number, and to which quotas it counts; no name."""

    number: str
    groups: frozenset[str]  # women, men, youth


@dataclass(frozen=True, slots=True)
class Drawn:
    """Who is seated and who is an alternate, in order; `least` is what of each quota could be kept."""

    seated: list[str]
    alternates: list[str]
    least: dict[str, int]


def draw(tickets: Sequence[Ticket], seats: int, quotas: dict[str, int], seed: str) -> Drawn:
    """Draw; `quotas` say how many seats at least go to each group."""
    order = sorted(tickets, key=lambda ticket: (_place(seed, ticket.number), ticket.number))
    least = attainable(order, seats, quotas)
    seated: list[Ticket] = []
    for index, ticket in enumerate(order):
        if len(seated) < seats and _reaches([*seated, ticket], order[index + 1 :], seats, least):
            seated.append(ticket)
    chosen = {ticket.number for ticket in seated}
    return Drawn(
        [ticket.number for ticket in seated],
        [ticket.number for ticket in order if ticket.number not in chosen],
        least,
    )


def next_called(seated: Sequence[Ticket], waiting: Sequence[Ticket], seats: int, least: dict[str, int]) -> str | None:
    """Who of the alternates, in their order, gets a seat that was left; else the first, where no quota can be kept."""
    for index, ticket in enumerate(waiting):
        if _reaches([*seated, ticket], [*waiting[:index], *waiting[index + 1 :]], seats, least):
            return ticket.number
    return waiting[0].number if waiting else None


def _place(seed: str, number: str) -> str:
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def attainable(tickets: Sequence[Ticket], seats: int, quotas: dict[str, int]) -> dict[str, int]:
    """The quotas, each lowered as far as too few people applied for it; in the order in which they are written."""
    least: dict[str, int] = {}
    for group, wanted in quotas.items():
        least[group] = next(
            (count for count in range(wanted, 0, -1) if _reaches([], tickets, seats, {**least, group: count})), 0
        )
    return least


def _reaches(seated: Sequence[Ticket], others: Sequence[Ticket], seats: int, least: dict[str, int]) -> bool:
    """Whether some choice among the others fills what the quotas still want."""
    have = Counter(group for ticket in seated for group in ticket.groups)
    wanted = tuple(max(0, number - have[group]) for group, number in least.items())
    kinds = Counter(tuple(group in ticket.groups for group in least) for ticket in others)
    return _fits(wanted, seats - len(seated), sorted(kinds.items(), reverse=True))


def _fits(wanted: tuple[int, ...], room: int, kinds: list[tuple[tuple[bool, ...], int]]) -> bool:
    """Whether `room` people of these kinds (which groups they are of, how many there are) meet what is wanted."""
    if not any(wanted):
        return True
    if not kinds or max(wanted) > room:
        return False
    (groups, count), rest = kinds[0], kinds[1:]
    useful = max((number for number, is_of in zip(wanted, groups, strict=True) if is_of), default=0)
    for taken in range(min(count, room, useful), -1, -1):
        left = tuple(max(0, number - taken * is_of) for number, is_of in zip(wanted, groups, strict=True))
        if _fits(left, room - taken, rest):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Published:
    """What is published of a draw, so that anyone can check it."""

    tickets: list[Ticket]
    seats: int
    quotas: dict[str, int]
    seed: str = ""
    drawn: Drawn | None = None

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the list and its rules, published before the seed is known."""
        return hashlib.sha256(orjson.dumps(self._rules(), option=orjson.OPT_SORT_KEYS)).hexdigest()

    def _rules(self) -> dict[str, object]:
        return {"tickets": as_rows(self.tickets), "seats": self.seats, "quotas": self.quotas}

    def as_json(self) -> bytes:
        """The file that is published."""
        found = {**self._rules(), "fingerprint": self.fingerprint, "seed": self.seed}
        if self.drawn:
            found |= {"seated": self.drawn.seated, "alternates": self.drawn.alternates, "kept": self.drawn.least}
        return orjson.dumps(found, option=orjson.OPT_INDENT_2)


def as_rows(tickets: Iterable[Ticket]) -> list[list[str]]:
    """Tickets as they are published: the number, then its groups."""
    return sorted([ticket.number, *sorted(ticket.groups)] for ticket in tickets)


def of_rows(rows: Iterable[Sequence[str]]) -> list[Ticket]:
    """Published tickets."""
    return [Ticket(number, frozenset(groups)) for number, *groups in rows]


def read(published: bytes) -> Published:
    """A published file; ValueError where it is none."""
    try:
        found = orjson.loads(published)
        tickets = of_rows(found["tickets"])
        drawn = Drawn(found["seated"], found["alternates"], found["kept"]) if "seated" in found else None
        return Published(tickets, int(found["seats"]), dict(found["quotas"]), str(found["seed"]), drawn)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"this is no published draw: {error}") from error


def is_right(published: Published) -> bool:
    """Whether the draw gives what was published, when it is run again."""
    again = draw(published.tickets, published.seats, published.quotas, published.seed)
    return published.drawn == again
