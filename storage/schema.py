"""The base of all tables, and the column types that SQLite and PostgreSQL share."""

from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, MetaData, Select, TypeDecorator, false
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

Rows = Select[*tuple[Any, ...]]  # a query, whatever its columns
Localised = dict[str, str]  # {"ar": ..., "ary": ..., "fr": ...}

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows only where the type is INTEGER
Json = JSON().with_variant(JSONB, "postgresql")


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive moment is a mistake."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware again."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


Id = Annotated[int, mapped_column(BigId, primary_key=True)]
Marked = Annotated[bool, mapped_column(default=False, server_default=false())]  # set by few


class Base(DeclarativeBase):
    """All tables of Sawt."""

    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads it from the class
        datetime: Moment,
        dict[str, Any]: Json,
        dict[str, str]: Json,
        list[str]: Json,
        dict[str, int]: Json,
        list[Any]: Json,
    }
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
