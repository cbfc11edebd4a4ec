"""Who takes part, counted beside ballots and anonymous answers; the day of contributions."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_DAY = {
    "postgresql": "UPDATE contribution SET day = CAST(sent AT TIME ZONE 'Africa/Casablanca' AS date)",
    # It knows no zones; Morocco's clocks are an hour ahead but in Ramadan.
    "sqlite": "UPDATE contribution SET day = date(sent, '+1 hour')",
}


def upgrade() -> None:
    op.create_table(
        "headcount",
        sa.Column("noun", sa.String(), nullable=False),
        sa.Column("about", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("division", sa.String(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("noun", "about", "division", "cell", name=op.f("pk_headcount")),
    )
    op.execute(
        "INSERT INTO headcount (noun, about, division, cell, count)"
        " SELECT 'budget', budget_id, 'assisted', 'yes', count FROM assisted_ballots WHERE count > 0"
    )
    op.drop_table("assisted_ballots")
    op.drop_column("survey_response", "quarter")  # nothing was ever written there
    op.execute(
        "INSERT INTO headcount (noun, about, division, cell, count)"
        " SELECT 'survey', survey_id, 'language', language, count(*) FROM survey_response"
        " WHERE survey_id IN (SELECT id FROM survey WHERE is_anonymous) GROUP BY survey_id, language"
    )
    op.execute("UPDATE survey_response SET language = '' WHERE survey_id IN (SELECT id FROM survey WHERE is_anonymous)")
    op.add_column("contribution", sa.Column("day", sa.Date(), nullable=True))
    op.execute(_DAY[op.get_bind().dialect.name])
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.alter_column("day", existing_type=sa.Date(), nullable=False)
