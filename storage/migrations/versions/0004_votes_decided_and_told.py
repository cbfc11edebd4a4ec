"""Votes decided and told: drafts, published results, decisions of the council, and who asked to hear of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Frozen here: the tables go on changing, this step does not.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "follow",
        sa.Column("noun", sa.String(), nullable=False),
        sa.Column("about", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("citizen_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_follow_citizen_id")),
        sa.PrimaryKeyConstraint("noun", "about", "citizen_id", name=op.f("pk_follow")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("follow", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_citizen_id"), ["citizen_id"], unique=False)
    for column in (
        sa.Column("is_draft", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("published", MOMENT, nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decision_note", JSON, nullable=True),
        sa.Column("decided", MOMENT, nullable=True),
    ):
        op.add_column("budget", column)
