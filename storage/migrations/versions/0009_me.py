"""What people say about themselves, what they want to hear about, and that they were erased."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Frozen here: the tables go on changing, this step does not.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "profile",
        sa.Column("citizen_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("quarter", sa.String(), nullable=True),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_profile_citizen_id")),
        sa.PrimaryKeyConstraint("citizen_id", name=op.f("pk_profile")),
    )
    op.create_table(
        "muted_topic",
        sa.Column("citizen_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_muted_topic_citizen_id")),
        sa.PrimaryKeyConstraint("citizen_id", "topic", name=op.f("pk_muted_topic")),
    )
    with op.batch_alter_table("citizen", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased", MOMENT, nullable=True))
