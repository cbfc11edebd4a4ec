"""Ideas for a budget and who supports them, ballots of points, and the works that follow a vote."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("budget", sa.Column("points", sa.Integer(), nullable=True))
    op.add_column("budget", sa.Column("most_points", sa.Integer(), nullable=True))
    op.add_column("budget", sa.Column("ideas_open", MOMENT, nullable=True))
    op.add_column("budget", sa.Column("ideas_close", MOMENT, nullable=True))
    op.add_column("choice", sa.Column("points", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "idea",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("budget_id", BIG_ID, nullable=False),
        sa.Column("citizen_id", BIG_ID, nullable=True),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("quarter", sa.String(), nullable=True),
        sa.Column("cost", sa.Integer(), nullable=True),
        sa.Column("media_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("note", JSON, nullable=False),
        sa.Column("estimate", sa.Integer(), nullable=True),
        sa.Column("merged_into", BIG_ID, nullable=True),
        sa.Column("project_id", BIG_ID, nullable=True),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("written", MOMENT, nullable=False),
        sa.Column("changed", MOMENT, nullable=False),
        sa.Column("decided", MOMENT, nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["budget_id"], ["budget.id"], name=op.f("fk_idea_budget_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_idea_citizen_id")),
        sa.ForeignKeyConstraint(["merged_into"], ["idea.id"], name=op.f("fk_idea_merged_into")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_idea_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea")),
        sa.UniqueConstraint("receipt", name=op.f("uq_idea_receipt")),
        sa.UniqueConstraint("project_id", name=op.f("uq_idea_project_id")),
    )
    op.create_index(op.f("ix_idea_citizen_id"), "idea", ["citizen_id"])
    op.create_index("ix_idea_of_call", "idea", ["budget_id", "state", "id"])
    op.create_table(
        "idea_support",
        sa.Column("idea_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("citizen_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("given", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_idea_support_idea_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_idea_support_citizen_id")),
        sa.PrimaryKeyConstraint("idea_id", "citizen_id", name=op.f("pk_idea_support")),
        sa.UniqueConstraint("idea_id", "person", name=op.f("uq_idea_support_idea_id_person")),
    )
    op.create_index(op.f("ix_idea_support_citizen_id"), "idea_support", ["citizen_id"])
    op.create_table(
        "work",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("project_id", BIG_ID, nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("note", JSON, nullable=False),
        sa.Column("media_id", sa.BigInteger(), nullable=True),
        sa.Column("entered", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_work_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
        sa.UniqueConstraint("project_id", "step", name=op.f("uq_work_project_id_step")),
    )
