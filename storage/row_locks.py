"""A row that takes part in many acts at once: shared by those who act, held against whoever would change it."""

from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import seen
from storage.schema import Base

Row = TypeVar("Row", bound=Base)


async def shared(db: AsyncSession, table: type[Row], id: int) -> Row:
    """The row of this number, as it stays until this transaction ends."""
    query = select(table).filter_by(id=id).with_for_update(read=True)
    return (await db.scalars(query.execution_options(populate_existing=True))).one()


async def shared_once(db: AsyncSession, table: type[Row], id: int) -> Row:
    """The same, looked up once for all who are answered in this transaction."""
    key = (table, id)
    if key not in seen(db):
        seen(db)[key] = await shared(db, table, id)
    found: Row = seen(db)[key]
    return found


def changes(db: AsyncSession, row: Base, id: int) -> None:
    """The row is changed in this transaction: it is looked up again after that."""
    seen(db).pop((type(row), id), None)
