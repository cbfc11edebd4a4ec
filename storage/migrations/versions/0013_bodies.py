"""Councils and committees, and applications for their seats."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "body",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune_id", BIG_ID, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("short", JSON, nullable=False),
        sa.Column("about", JSON, nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("quotas", JSON, nullable=False),
        sa.Column("min_age", sa.Integer(), nullable=False),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column("youth_until", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(), nullable=True),
        sa.Column("selection", sa.String(), nullable=False),
        sa.Column("reply_days", sa.Integer(), nullable=False),
        sa.Column("opens", MOMENT, nullable=False),
        sa.Column("closes", MOMENT, nullable=False),
        sa.Column("frozen", MOMENT, nullable=True),
        sa.Column("tickets", JSON, nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=True),
        sa.Column("seed", sa.String(), nullable=True),
        sa.Column("decided", MOMENT, nullable=True),
        sa.Column("kept", JSON, nullable=True),
        sa.CheckConstraint("closes > opens", name=op.f("ck_body_closes_last")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_body_commune_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sa.UniqueConstraint("commune_id", "slug", name=op.f("uq_body_commune_id_slug")),
    )
    op.create_table(
        "application",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("body_id", BIG_ID, nullable=False),
        sa.Column("citizen_id", BIG_ID, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("cin_mask", sa.String(), nullable=False),
        sa.Column("gender", sa.String(), nullable=False),
        sa.Column("is_youth", sa.Boolean(), nullable=False),
        sa.Column("guardian", sa.LargeBinary(), nullable=True),
        sa.Column("motivation", sa.LargeBinary(), nullable=False),
        sa.Column("quarter", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("changed", MOMENT, nullable=False),
        sa.Column("is_chosen", sa.Boolean(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("reply_by", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_application_body_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_application_citizen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("body_id", "person", name=op.f("uq_application_body_id_person")),
        sa.UniqueConstraint("body_id", "citizen_id", name=op.f("uq_application_body_id_citizen_id")),
        sa.UniqueConstraint("body_id", "ticket", name=op.f("uq_application_body_id_ticket")),
        sa.UniqueConstraint("receipt", name=op.f("uq_application_receipt")),
    )
    op.create_index(op.f("ix_application_citizen_id"), "application", ["citizen_id"])
    op.create_index(op.f("ix_application_reply_by"), "application", ["reply_by"])
