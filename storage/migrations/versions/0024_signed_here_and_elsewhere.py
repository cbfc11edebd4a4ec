"""Signatures entered line by line are counted from their lines; the number that staff type is of the others."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("petition", schema=None) as batch_op:
        batch_op.alter_column("signed", new_column_name="signed_elsewhere")
    with op.batch_alter_table("support", schema=None) as batch_op:
        signed = sa.text("signed IS NOT NULL")
        batch_op.create_index("ix_support_signed", ["petition_id"], postgresql_where=signed, sqlite_where=signed)
    # Until now both were written into one number.
    op.execute(
        "UPDATE petition SET signed_elsewhere = signed_elsewhere - listed.lines"
        " FROM (SELECT petition_id, count(*) AS lines FROM support WHERE signed IS NOT NULL GROUP BY petition_id)"
        " AS listed WHERE listed.petition_id = petition.id"
    )
    op.execute("UPDATE petition SET signed_elsewhere = 0 WHERE signed_elsewhere < 0")
