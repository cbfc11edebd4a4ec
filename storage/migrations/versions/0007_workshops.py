"""Workshops: what is announced, seats and places in line."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Frozen here: the tables go on changing, this step does not.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "workshop",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune_id", BIG_ID, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("short", JSON, nullable=False),
        sa.Column("begins", MOMENT, nullable=False),
        sa.Column("ends", MOMENT, nullable=False),
        sa.Column("place", JSON, nullable=False),
        sa.Column("map", sa.String(), nullable=True),
        sa.Column("audience", JSON, nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=False),
        sa.Column("child_care", sa.Boolean(), nullable=False),
        sa.Column("sign_language", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("arrivals", sa.Integer(), nullable=False),
        sa.Column("minutes", JSON, nullable=False),
        sa.Column("minutes_media", sa.Integer(), nullable=True),
        sa.Column("minutes_kind", sa.String(), nullable=True),
        sa.Column("minutes_sent", sa.Integer(), nullable=False),
        sa.Column("remembered", JSON, nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_workshop_commune_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop")),
        sa.UniqueConstraint("commune_id", "slug", name=op.f("uq_workshop_commune_id_slug")),
    )
    with op.batch_alter_table("workshop", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_commune_id_begins"), ["commune_id", "begins"], unique=False)

    op.create_table(
        "registration",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("workshop_id", BIG_ID, nullable=False),
        sa.Column("citizen_id", BIG_ID, nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("needs", sa.LargeBinary(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("held_until", MOMENT, nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("came", MOMENT, nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("remark", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_registration_citizen_id")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_registration_workshop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("receipt", name=op.f("uq_registration_receipt")),
        sa.UniqueConstraint("workshop_id", "citizen_id", name=op.f("uq_registration_workshop_id_citizen_id")),
        sa.UniqueConstraint("workshop_id", "person", name=op.f("uq_registration_workshop_id_person")),
        sa.UniqueConstraint("workshop_id", "position", name=op.f("uq_registration_workshop_id_position")),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registration_citizen_id"), ["citizen_id"], unique=False)
        batch_op.create_index(
            "ix_registration_held",
            ["held_until"],
            unique=False,
            postgresql_where=sa.text("state = 'held'"),
            sqlite_where=sa.text("state = 'held'"),
        )
        batch_op.create_index(
            batch_op.f("ix_registration_workshop_id_state_position"), ["workshop_id", "state", "position"], unique=False
        )
