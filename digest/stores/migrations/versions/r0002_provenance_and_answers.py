"""What a blurb rests on, besides its spans; who approved an edition; the answers of language models."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "answer",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_answer"),
    )
    op.add_column("edition", sa.Column("approved_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("edition", sa.Column("approved_at", sa.BigInteger(), nullable=True))
    op.execute("ALTER TABLE edition RENAME COLUMN spans TO provenance")
    edition = sa.table(
        "edition", sa.column("newsletter"), sa.column("day", sa.Date()), sa.column("provenance", sa.JSON())
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(edition)).all():
        connection.execute(
            sa.update(edition)
            .where((edition.c.newsletter == row.newsletter) & (edition.c.day == row.day))
            .values(provenance={blurb: _rests_on(spans) for blurb, spans in row.provenance.items()})
        )


def _rests_on(spans: list[list[object]]) -> dict[str, object]:
    return {"articles": list(dict.fromkeys(span[0] for span in spans)), "spans": spans}
