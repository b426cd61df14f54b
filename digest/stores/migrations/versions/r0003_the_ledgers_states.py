"""The ledger says pending and sending, and whose a claim is."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("delivery", sa.Column("owner", sa.Text(), nullable=False, server_default=""))
    # Whoever claimed these has no name, and so is gone: the next run calls them unsure.
    op.execute("UPDATE delivery SET state = 'sending' WHERE state = 'claimed'")
