"""Consultations on a text: articles and their wordings, readers, comments, reactions, answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Frozen here: the tables go on changing, this step does not.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "consultation",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune_id", BIG_ID, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("short", JSON, nullable=False),
        sa.Column("about", JSON, nullable=False),
        sa.Column("assurance", sa.String(), nullable=False),
        sa.Column("opens", MOMENT, nullable=False),
        sa.Column("closes", MOMENT, nullable=False),
        sa.Column("report_due", MOMENT, nullable=True),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.Column("reported", MOMENT, nullable=True),
        sa.Column("forget", MOMENT, nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.CheckConstraint("closes > opens", name=op.f("ck_consultation_closes_last")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_consultation_commune_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("commune_id", "slug", name=op.f("uq_consultation_commune_id_slug")),
    )
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consultation_forget"), ["forget"], unique=False)

    op.create_table(
        "article",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("consultation_id", BIG_ID, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.Column("is_marked", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_article_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_article_consultation_id_number")),
        sa.UniqueConstraint("consultation_id", "slug", name=op.f("uq_article_consultation_id_slug")),
    )
    op.create_table(
        "reader",
        sa.Column("consultation_id", BIG_ID, nullable=False),
        sa.Column("citizen_id", BIG_ID, nullable=False),
        sa.Column("length", sa.String(), nullable=False),
        sa.Column("agreed", MOMENT, nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("quarter", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_reader_citizen_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_reader_consultation_id")),
        sa.PrimaryKeyConstraint("consultation_id", "citizen_id", name=op.f("pk_reader")),
    )
    op.create_table(
        "comment_answer",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("consultation_id", BIG_ID, nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("staff_id", BIG_ID, nullable=True),
        sa.Column("answered", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_comment_answer_consultation_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_comment_answer_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_answer")),
    )
    op.create_table(
        "reading",
        sa.Column("article_id", BIG_ID, nullable=False),
        sa.Column("citizen_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_reading_article_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_reading_citizen_id")),
        sa.PrimaryKeyConstraint("article_id", "citizen_id", name=op.f("pk_reading")),
    )
    op.create_table(
        "wording",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("article_id", BIG_ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", JSON, nullable=False),
        sa.Column("why", JSON, nullable=True),
        sa.Column("published", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_wording_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
        sa.UniqueConstraint("article_id", "version", name=op.f("uq_wording_article_id_version")),
    )
    op.create_table(
        "comment",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("consultation_id", BIG_ID, nullable=False),
        sa.Column("article_id", BIG_ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("citizen_id", BIG_ID, nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("stance", sa.String(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("media_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("answer_id", BIG_ID, nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("quarter", sa.String(), nullable=True),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("written", MOMENT, nullable=False),
        sa.Column("changed", MOMENT, nullable=False),
        sa.Column("decided", MOMENT, nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["comment_answer.id"], name=op.f("fk_comment_answer_id")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_comment_article_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_comment_citizen_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_comment_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint("article_id", "citizen_id", name=op.f("uq_comment_article_id_citizen_id")),
        sa.UniqueConstraint("article_id", "person", name=op.f("uq_comment_article_id_person")),
        sa.UniqueConstraint("receipt", name=op.f("uq_comment_receipt")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_answer_id"), ["answer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_comment_citizen_id"), ["citizen_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_comment_consultation_id_article_id_state"),
            ["consultation_id", "article_id", "state"],
            unique=False,
        )
        batch_op.create_index(
            "ix_comment_waiting",
            ["changed"],
            unique=False,
            postgresql_where=sa.text("state = 'waiting'"),
            sqlite_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(
            "uq_comment_whole",
            ["consultation_id", "citizen_id"],
            unique=True,
            postgresql_where=sa.text("article_id IS NULL"),
            sqlite_where=sa.text("article_id IS NULL"),
        )
        batch_op.create_index(
            "uq_comment_whole_person",
            ["consultation_id", "person"],
            unique=True,
            postgresql_where=sa.text("article_id IS NULL"),
            sqlite_where=sa.text("article_id IS NULL"),
        )

    op.create_table(
        "reaction",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("comment_id", BIG_ID, nullable=False),
        sa.Column("citizen_id", BIG_ID, nullable=True),
        sa.Column("reaction", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_reaction_citizen_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_reaction_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reaction")),
        sa.UniqueConstraint("comment_id", "citizen_id", name=op.f("uq_reaction_comment_id_citizen_id")),
    )
    with op.batch_alter_table("reaction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reaction_citizen_id"), ["citizen_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reaction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reaction_citizen_id"))

    op.drop_table("reaction")
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_comment_whole_person",
            postgresql_where=sa.text("article_id IS NULL"),
            sqlite_where=sa.text("article_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_comment_whole",
            postgresql_where=sa.text("article_id IS NULL"),
            sqlite_where=sa.text("article_id IS NULL"),
        )
        batch_op.drop_index(
            "ix_comment_waiting",
            postgresql_where=sa.text("state = 'waiting'"),
            sqlite_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_comment_consultation_id_article_id_state"))
        batch_op.drop_index(batch_op.f("ix_comment_citizen_id"))
        batch_op.drop_index(batch_op.f("ix_comment_answer_id"))

    op.drop_table("comment")
    op.drop_table("wording")
    op.drop_table("reading")
    op.drop_table("comment_answer")
    op.drop_table("reader")
    op.drop_table("article")
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consultation_forget"))

    op.drop_table("consultation")
