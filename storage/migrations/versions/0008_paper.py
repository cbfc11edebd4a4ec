"""Paper: a signature by hand stands in the register without an account."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Frozen here: the tables go on changing, this step does not.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("support", schema=None) as batch_op:
        batch_op.alter_column("citizen_id", existing_type=BIG_ID, nullable=True)
        batch_op.add_column(sa.Column("signed", sa.DateTime(timezone=True), nullable=True))
