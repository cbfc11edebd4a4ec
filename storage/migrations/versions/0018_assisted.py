"""People who take part on somebody else's phone, and their mark on what they do."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Frozen here: the tables go on changing, this step does not.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MARKED = ("support", "comment", "registration", "application", "survey_response", "contribution")


def upgrade() -> None:
    op.create_table(
        "help",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("citizen_id", BIG_ID, nullable=False),
        sa.Column("helped_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_help_citizen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help")),
        sa.UniqueConstraint("citizen_id", "helped_id", name=op.f("uq_help_citizen_id_helped_id")),
    )
    with op.batch_alter_table("help", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_help_citizen_id"), ["citizen_id"], unique=False)
    op.create_table(
        "assisted_ballots",
        sa.Column("budget_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["budget_id"], ["budget.id"], name=op.f("fk_assisted_ballots_budget_id")),
        sa.PrimaryKeyConstraint("budget_id", name=op.f("pk_assisted_ballots")),
    )
    with op.batch_alter_table("citizen", schema=None) as batch_op:
        batch_op.add_column(sa.Column("helped_by", sa.BigInteger(), nullable=True))
        batch_op.create_index(batch_op.f("ix_citizen_helped_by"), ["helped_by"], unique=False)
    acts = sa.text("acting_for IS NOT NULL")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("acting_for", sa.BigInteger(), nullable=True))
        batch_op.create_index(
            "ix_conversation_acting_for", ["acting_for"], unique=False, postgresql_where=acts, sqlite_where=acts
        )
    for table in MARKED:
        op.add_column(table, sa.Column("assisted", sa.Boolean(), server_default=sa.false(), nullable=False))
