"""What a notice says, so that one which reached nobody can be told again by whoever comes next."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("notice", sa.Column("lines", sa.JSON(), nullable=False, server_default="[]"))
