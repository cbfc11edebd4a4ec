"""Surveys and quizzes, with their answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "survey",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune_id", BIG_ID, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("short", JSON, nullable=False),
        sa.Column("intro", JSON, nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("results", sa.String(), nullable=False),
        sa.Column("opens", MOMENT, nullable=False),
        sa.Column("closes", MOMENT, nullable=False),
        sa.Column("answer_key", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_survey_commune_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("commune_id", "slug", name=op.f("uq_survey_commune_id_slug")),
    )
    op.create_table(
        "survey_question",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("survey_id", BIG_ID, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", JSON, nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("explanation", JSON, nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("only_if", JSON, nullable=False),
        sa.Column("may_skip", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_question_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_question")),
        sa.UniqueConstraint("survey_id", "slug", name=op.f("uq_survey_question_survey_id_slug")),
    )
    op.create_table(
        "survey_response",
        sa.Column("survey_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("respondent", sa.String(), nullable=False),
        sa.Column("citizen_id", BIG_ID, nullable=True),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("quarter", sa.String(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_response_survey_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_survey_response_citizen_id")),
        sa.PrimaryKeyConstraint("survey_id", "respondent", name=op.f("pk_survey_response")),
        sa.UniqueConstraint("receipt", name=op.f("uq_survey_response_receipt")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_survey_response_citizen_id"), "survey_response", ["citizen_id"])
    op.create_table(
        "survey_mark",
        sa.Column("survey_id", BIG_ID, nullable=False),
        sa.Column("respondent", sa.String(), nullable=False),
        sa.Column("question_id", BIG_ID, nullable=False),
        sa.Column("option", sa.String(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["survey_id", "respondent"],
            ["survey_response.survey_id", "survey_response.respondent"],
            name=op.f("fk_survey_mark_survey_id"),
        ),
        sa.ForeignKeyConstraint(["question_id"], ["survey_question.id"], name=op.f("fk_survey_mark_question_id")),
        sa.PrimaryKeyConstraint("survey_id", "respondent", "question_id", "option", name=op.f("pk_survey_mark")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_survey_mark_question_id"), "survey_mark", ["question_id"])
