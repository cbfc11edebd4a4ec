"""How many ballots of a vote were cast with help: a figure beside them, since a mark on few ballots would name them."""

from sqlalchemy import ForeignKey, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.counts import Parts, people
from storage.schema import Base


class AssistedBallots(Base):
    """Of one vote."""

    __tablename__ = "assisted_ballots"
    budget_id: Mapped[int] = mapped_column(ForeignKey("budget.id"), primary_key=True, autoincrement=False)
    count: Mapped[int]


async def add(db: AsyncSession, budget_id: int) -> None:
    """One more."""
    dialect = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
    first = dialect.insert(AssistedBallots).values(budget_id=budget_id, count=1)
    more = {"count": AssistedBallots.count + 1}
    await db.execute(first.on_conflict_do_update(index_elements=["budget_id"], set_=more))


async def divide(db: AsyncSession, budget_id: int, parts: Parts) -> Parts:
    """The parts of a vote's turnout, with those who were helped."""
    helped = await db.scalar(select(AssistedBallots.count).filter_by(budget_id=budget_id)) or 0
    return {**parts, "assisted": {"no": people(parts) - helped, "yes": helped}} if helped else parts
