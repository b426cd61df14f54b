"""The draft before the one that is being laid down: after a crash, an edition's file may have either."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("edition", sa.Column("former", sa.Text(), nullable=False, server_default=""))
