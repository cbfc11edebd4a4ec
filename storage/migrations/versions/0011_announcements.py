"""Announcements, whom they are for, and when each duty of the clock was last done."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Frozen here: the tables go on changing, this step does not.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune_id", BIG_ID, nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("texts", JSON, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("media_id", sa.Integer(), nullable=True),
        sa.Column("opens", JSON, nullable=False),
        sa.Column("audience", JSON, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("written", MOMENT, nullable=False),
        sa.Column("begun", MOMENT, nullable=True),
        sa.Column("ended", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_announcement_commune_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_index(op.f("ix_announcement_commune_id"), "announcement", ["commune_id"])
    op.create_index(op.f("ix_announcement_state"), "announcement", ["state"])
    op.create_table(
        "recipient",
        sa.Column("announcement_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("citizen_id", BIG_ID, nullable=False),
        sa.Column("address_id", BIG_ID, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("handed", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_recipient_address_id")),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcement.id"], name=op.f("fk_recipient_announcement_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_recipient_citizen_id")),
        sa.PrimaryKeyConstraint("announcement_id", "citizen_id", name=op.f("pk_recipient")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_recipient_handed", "recipient", ["citizen_id", "handed"])
    waits = sa.text("handed IS NULL AND outcome IS NULL")
    op.create_index(
        "ix_recipient_waiting",
        "recipient",
        ["announcement_id", "channel", "citizen_id"],
        postgresql_where=waits,
        sqlite_where=waits,
    )
    op.add_column("outbound", sa.Column("announcement_id", sa.BigInteger(), nullable=True))
    is_announced = sa.text("announcement_id IS NOT NULL")
    op.create_index(
        "ix_outbound_announcement",
        "outbound",
        ["announcement_id"],
        postgresql_where=is_announced,
        sqlite_where=is_announced,
    )
    op.create_table(
        "tick",
        sa.Column("duty", sa.String(), nullable=False),
        sa.Column("done", MOMENT, nullable=False),
        sa.Column("failed", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("duty", name=op.f("pk_tick")),
    )
    op.add_column("staff", sa.Column("wants_summary", sa.Boolean(), nullable=False, server_default=sa.false()))
