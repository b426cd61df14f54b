"""When an edition's sending to its list began. What somebody has had by now was sent so, mostly."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "begun",
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("newsletter", "day", name="pk_begun"),
    )
    op.execute(
        "INSERT INTO begun (newsletter, day, at) SELECT newsletter, day, min(at) FROM delivery "
        "WHERE state IN ('sent', 'unsure') GROUP BY newsletter, day"
    )
