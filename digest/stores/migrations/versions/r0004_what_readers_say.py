"""What readers say of themselves: tags, text only, consent, a move; and how often a mail was asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for column in (
        sa.Column("plain", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("tags", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("consent", sa.Text(), nullable=False, server_default=""),
        sa.Column("changed_at", sa.BigInteger(), nullable=True),
        sa.Column("moving_to", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("subscriber", column)
    op.create_table(
        "asked",
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("who", "day", name="pk_asked"),
    )
