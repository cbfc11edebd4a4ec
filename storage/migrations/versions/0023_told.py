"""What each person was told last, so that its buttons can be typed."""

import sqlalchemy as sa
from alembic import op

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told",
        sa.Column("address_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("buttons", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_told_address_id")),
        sa.PrimaryKeyConstraint("address_id", name=op.f("pk_told")),
    )
