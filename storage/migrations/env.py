"""Runs migrations on the connection it is given."""

from alembic import context

import storage.tables  # noqa: F401  # every table is known
from storage.schema import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
