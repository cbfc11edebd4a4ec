"""The quarter that a workshop is in; ideas that somebody was helped with."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workshop", sa.Column("quarter", sa.String(), nullable=True))
    for table in ("idea", "idea_support"):
        op.add_column(table, sa.Column("assisted", sa.Boolean(), server_default=sa.false(), nullable=False))
