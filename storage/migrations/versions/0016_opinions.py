"""Opinions of the equality body, and what residents send to feed them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "opinion",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune_id", BIG_ID, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("short", JSON, nullable=False),
        sa.Column("author", JSON, nullable=False),
        sa.Column("about", JSON, nullable=False),
        sa.Column("advice", JSON, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("closes", MOMENT, nullable=True),
        sa.Column("moved", MOMENT, nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_opinion_commune_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sa.UniqueConstraint("commune_id", "slug", name=op.f("uq_opinion_commune_id_slug")),
    )
    op.create_table(
        "contribution",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("opinion_id", BIG_ID, nullable=False),
        sa.Column("citizen_id", BIG_ID, nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("sent", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["opinion_id"], ["opinion.id"], name=op.f("fk_contribution_opinion_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_contribution_citizen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint("opinion_id", "citizen_id", name=op.f("uq_contribution_opinion_id_citizen_id")),
        sa.UniqueConstraint("receipt", name=op.f("uq_contribution_receipt")),
    )
    op.create_index(op.f("ix_contribution_citizen_id"), "contribution", ["citizen_id"])
