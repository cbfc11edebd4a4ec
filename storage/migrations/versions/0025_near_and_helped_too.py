"""The quarter that a petition concerns; files for a call that somebody was helped with."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("petition", sa.Column("quarter", sa.String(), nullable=True))
    op.add_column("submission", sa.Column("assisted", sa.Boolean(), server_default=sa.false(), nullable=False))
