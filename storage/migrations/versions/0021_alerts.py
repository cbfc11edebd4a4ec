"""Who of the staff wants to hear of what has just come into the queue."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("wants_alerts", sa.Boolean(), nullable=True))
