"""Calls for joint projects: what associations submit, what is asked about it, scores and the result."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
_WAITS = sa.text("state = 'waiting'")


def upgrade() -> None:
    _call()
    _submission()
    _enquiry()
    _scores()


def _call() -> None:
    op.create_table(
        "call",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune_id", BIG_ID, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        *(sa.Column(name, JSON, nullable=False) for name in ("title", "short", "about", "conditions")),
        *(sa.Column(name, JSON, nullable=False) for name in ("questions", "documents", "criteria")),
        sa.Column("opens", MOMENT, nullable=False),
        sa.Column("closes", MOMENT, nullable=False),
        sa.Column("info", MOMENT, nullable=True),
        sa.Column("info_place", JSON, nullable=False),
        sa.Column("scored", MOMENT, nullable=True),
        sa.Column("decided", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_call_commune_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("commune_id", "slug", name=op.f("uq_call_commune_id_slug")),
    )


def _submission() -> None:
    op.create_table(
        "submission",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("call_id", BIG_ID, nullable=False),
        sa.Column("citizen_id", BIG_ID, nullable=True),
        sa.Column("association", sa.String(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("begun", MOMENT, nullable=False),
        sa.Column("changed", MOMENT, nullable=False),
        sa.Column("submitted", MOMENT, nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("reasons", sa.LargeBinary(), nullable=True),
        sa.Column("keep_until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_submission_call_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_submission_citizen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("call_id", "citizen_id", name=op.f("uq_submission_call_id_citizen_id")),
        sa.UniqueConstraint("call_id", "association", name=op.f("uq_submission_call_id_association")),
        sa.UniqueConstraint("receipt", name=op.f("uq_submission_receipt")),
    )
    op.create_index(op.f("ix_submission_citizen_id"), "submission", ["citizen_id"])
    op.create_index(op.f("ix_submission_keep_until"), "submission", ["keep_until"])
    op.create_table(
        "submission_document",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("submission_id", BIG_ID, nullable=False),
        sa.Column("paper", sa.String(), nullable=False),
        sa.Column("media_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_submission_document_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_document")),
        sa.UniqueConstraint("submission_id", "media_id", name=op.f("uq_submission_document_submission_id_media_id")),
    )


def _enquiry() -> None:
    op.create_table(
        "enquiry",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("call_id", BIG_ID, nullable=False),
        sa.Column("citizen_id", BIG_ID, nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("asked", MOMENT, nullable=False),
        sa.Column("answered", MOMENT, nullable=True),
        sa.Column("answer", JSON, nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_enquiry_call_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_enquiry_citizen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry")),
    )
    op.create_index(op.f("ix_enquiry_citizen_id"), "enquiry", ["citizen_id"])
    op.create_index(op.f("ix_enquiry_call_id_state"), "enquiry", ["call_id", "state"])
    op.create_index("ix_enquiry_waiting", "enquiry", ["call_id", "asked"], postgresql_where=_WAITS, sqlite_where=_WAITS)


def _scores() -> None:
    op.create_table(
        "call_panel",
        sa.Column("call_id", BIG_ID, nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_panel_call_id")),
        sa.PrimaryKeyConstraint("call_id", "citizen_id", name=op.f("pk_call_panel")),
    )
    op.create_table(
        "score",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("submission_id", BIG_ID, nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("marks", JSON, nullable=False),
        sa.Column("given", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_score_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
        sa.UniqueConstraint("submission_id", "citizen_id", name=op.f("uq_score_submission_id_citizen_id")),
    )
