"""The moment a day begins, in SQL: what keeps the day and no more can stand in line with what keeps the moment."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from storage.schema import Moment


class StartOf(FunctionElement[datetime]):
    """The moment this day begins."""

    type = Moment()
    inherit_cache = True


@compiles(StartOf, "postgresql")
def _on_postgresql(element: StartOf, compiler: Any, **of: Any) -> str:
    return f"({compiler.process(element.clauses, **of)})::timestamp AT TIME ZONE 'UTC'"


@compiles(StartOf, "sqlite")
def _on_sqlite(element: StartOf, compiler: Any, **of: Any) -> str:
    return f"({compiler.process(element.clauses, **of)} || ' 00:00:00.000000')"
