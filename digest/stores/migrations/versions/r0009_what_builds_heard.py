"""What builds knew and heard, so that they can be made again."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "tape",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("composed", sa.Text(), nullable=False),
        sa.Column("premises", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tape"),
    )
    op.create_index("tape_by_edition", "tape", ["newsletter", "day"])
    op.create_table(
        "heard",
        sa.Column("tape", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("tape", "place", name="pk_heard"),
        sa.ForeignKeyConstraint(["tape"], ["tape.id"], name="fk_heard_tape"),
    )
    op.create_table(
        "blob",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_blob"),
    )
    op.create_table(
        "past",
        sa.Column("feed_url", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("tape", sa.Integer(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("feed_url", "article", "kind", "tape", name="pk_past"),
        sa.ForeignKeyConstraint(["tape"], ["tape.id"], name="fk_past_tape"),
    )
