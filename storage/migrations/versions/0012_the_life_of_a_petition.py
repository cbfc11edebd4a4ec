"""The life of a petition: drafts, steps, what staff checked."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Frozen here: the tables go on changing, this step does not.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "petition_move",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("petition_id", BIG_ID, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("note", JSON, nullable=False),
        sa.Column("session", sa.Date(), nullable=True),
        sa.Column("receipt", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_petition_move_petition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_move")),
    )
    with op.batch_alter_table("petition_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_petition_move_petition_id"), ["petition_id"], unique=False)
    op.create_table(
        "petition_draft",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune_id", BIG_ID, nullable=False),
        sa.Column("citizen_id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", JSON, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("begun", MOMENT, nullable=False),
        sa.Column("submitted", MOMENT, nullable=True),
        sa.Column("petition_id", BIG_ID, nullable=True),
        sa.Column("keep_until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_petition_draft_citizen_id")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_petition_draft_commune_id")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_petition_draft_petition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_draft")),
        sa.UniqueConstraint("code", name=op.f("uq_petition_draft_code")),
    )
    with op.batch_alter_table("petition_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_petition_draft_citizen_id"), ["citizen_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_petition_draft_keep_until"), ["keep_until"], unique=False)
        batch_op.create_index(
            "ix_petition_draft_waiting",
            ["commune_id", "submitted"],
            unique=False,
            postgresql_where=sa.text("state = 'submitted'"),
            sqlite_where=sa.text("state = 'submitted'"),
        )
    with op.batch_alter_table("petition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("promoter_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("association", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("deposited", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("session", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_petition_promoter_id"), ["promoter_id"], unique=False)
    with op.batch_alter_table("support", schema=None) as batch_op:
        batch_op.add_column(sa.Column("checked", MOMENT, nullable=True))
        batch_op.create_index(
            "ix_support_checked",
            ["petition_id"],
            unique=False,
            postgresql_where=sa.text("checked IS NOT NULL"),
            sqlite_where=sa.text("checked IS NOT NULL"),
        )
