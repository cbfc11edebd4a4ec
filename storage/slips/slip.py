"""A slip: what somebody signed, voted or said on paper, one line of a list; and what is wrong with one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage import id_cards
from storage.communes import Home

AT_ONCE = 500  # rows in a statement

# Why a slip is refused; flows/slips.py puts each into words.
CIN, NAME, TWICE, COUNTED = "cin", "name", "twice", "counted"
PROJECT, RULES, ARTICLE, STANCE = "project", "rules", "article", "stance"


@dataclass(frozen=True, slots=True)
class Slip:
    """A line as it was read; `cin` in clear only until it is entered."""

    line: int
    cin: str = ""
    name: str = ""
    quarter: str = ""
    choices: tuple[str, ...] = ()
    article: str = ""
    stance: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that is not entered, and why; never whose it is."""

    line: int
    why: str


@dataclass(slots=True)
class Report:
    """How many slips are entered, how many of these people were counted already, and which lines are not."""

    entered: int = 0
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, slip: Slip, why: str) -> None:
        """Leave a line out."""
        self.faults.append(Fault(slip.line, why))

    def sorted(self) -> "Report":
        """The faults in the order of the lines."""
        self.faults.sort(key=lambda fault: fault.line)
        return self


def told_apart(slips: Iterable[Slip], report: Report) -> dict[str, Slip]:
    """The slips by the number of the card; a number that is none, or stands on an earlier line, is refused."""
    found: dict[str, Slip] = {}
    for slip in slips:
        cin = id_cards.read(slip.cin)
        if cin is None:
            report.refuse(slip, CIN)
        elif cin in found:
            report.refuse(slip, TWICE)
        else:
            found[cin] = slip
    return found


def quarter(home: Home, said: str) -> str | None:
    """A quarter of the commune by any of its names."""
    wanted = said.strip().casefold()
    for each in home.quarters:
        if wanted in (each.slug, *(name.casefold() for name in each.name.values())):
            return each.slug
    return None


def in_parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """As many rows at a time as a statement takes."""
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))
