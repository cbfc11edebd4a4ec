"""What was signed, voted and said on paper, in the same registers as what was done in chat, and equal in weight."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from storage.communes import Home
from storage.schema import Localised
from storage.slips import budgets, comments, petitions
from storage.slips.slip import Fault, Report, Slip

Enter = Callable[..., Awaitable[Report]]

# A noun more is a line more in each: `enter(db, home, about, slips, now, keep)`, and what takes paper now.
NOUNS: dict[str, Enter] = {"petition": petitions.enter, "budget": budgets.enter, "consultation": comments.enter}
_TAKING = (petitions.taking, budgets.taking, comments.taking)

__all__ = ["NOUNS", "Enter", "Fault", "Register", "Report", "Slip", "taking"]


@dataclass(frozen=True, slots=True)
class Register:
    """Something in which people on paper can be entered."""

    noun: str
    about: int
    slug: str
    title: Localised

    @property
    def id(self) -> str:
        """What names it in a list."""
        return f"{self.noun}_{self.about}"


async def taking(db: AsyncSession, home: Home, now: datetime) -> list[Register]:
    """All that takes paper now."""
    every = union_all(*(of(home, now) for of in _TAKING)).subquery()
    query = select(every).order_by(every.c.noun.desc(), every.c.about)
    return [Register(*row) for row in await db.execute(query)]
