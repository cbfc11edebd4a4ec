"""WhatsApp and one person on several channels: lines, uploads, codes to link accounts, the fate of a letter."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Frozen here: the tables go on changing, this step does not.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
HELD = sa.text("status = 'held'")
WITH_FATE = sa.text("external_id LIKE 'wamid.%'")


def upgrade() -> None:
    op.create_table(
        "line",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune_id", BIG_ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("names", sa.LargeBinary(), nullable=False),
        sa.Column("heard", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_line_commune_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line")),
        sa.UniqueConstraint("commune_id", "user", name=op.f("uq_line_commune_id_user")),
        sa.UniqueConstraint("commune_id", "phone", name=op.f("uq_line_commune_id_phone")),
        sa.UniqueConstraint("key", name=op.f("uq_line_key")),
    )
    op.create_table(
        "upload",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("account", "mark", name=op.f("pk_upload")),
    )
    op.create_table(
        "link_code",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune_id", BIG_ID, nullable=False),
        sa.Column("citizen_id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("expires", MOMENT, nullable=False),
        sa.Column("used", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_link_code_commune_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_link_code_citizen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_code")),
        sa.UniqueConstraint("code", name=op.f("uq_link_code_code")),
    )
    op.create_index(op.f("ix_link_code_citizen_id"), "link_code", ["citizen_id"])
    op.create_index(op.f("ix_link_code_expires"), "link_code", ["expires"])
    op.create_table(
        "link_try",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("citizen_id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_link_try_citizen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_try")),
    )
    op.create_index(op.f("ix_link_try_citizen_id"), "link_try", ["citizen_id"])
    op.create_index(op.f("ix_link_try_at"), "link_try", ["at"])
    with op.batch_alter_table("citizen") as batch_op:
        batch_op.add_column(sa.Column("merged_into", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("address") as batch_op:
        batch_op.add_column(sa.Column("first_citizen_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("phone", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("phone_mark", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_address_phone_mark"), ["phone_mark"])
    with op.batch_alter_table("outbound") as batch_op:
        batch_op.add_column(sa.Column("template", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("arrived", sa.String(), nullable=True))
        batch_op.create_index("ix_outbound_held", ["due"], postgresql_where=HELD, sqlite_where=HELD)
        batch_op.create_index(
            "ix_outbound_external", ["external_id"], postgresql_where=WITH_FATE, sqlite_where=WITH_FATE
        )
