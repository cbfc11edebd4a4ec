"""Rows that come as arrays, a column each, so that a statement is the same for any number of them: PostgreSQL."""

from typing import Any

from sqlalchemy import ARRAY, Text, bindparam, func


def each(name: str, type_: Any = Text, prefix: str = "") -> Any:
    """The values of the array that is given as `{prefix}{name}_all`, a row each, called `name`."""
    return func.unnest(bindparam(f"{prefix}{name}_all", type_=ARRAY(type_))).label(name)
