"""What comes back of mails: bounces, complaints, and whom they suppress."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("delivery", sa.Column("returned", sa.Text(), nullable=True))
    op.create_table(
        "suppression",
        *(text(name) for name in ("newsletter", "address_key", "email", "reason", "source", "detail")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("newsletter", "address_key", name="pk_suppression"),
    )
    # Who was suppressed before had no reason noted.
    op.execute(
        "INSERT INTO suppression (newsletter, address_key, email, reason, source, detail, at) "
        "SELECT newsletter, address_key, email, 'imported', '', '', COALESCE(changed_at, added_at) "
        "FROM subscriber WHERE state = 'suppressed'"
    )
    op.create_table(
        "mail_event",
        text("source"),
        text("id"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        text("kind"),
        text("newsletter"),
        sa.Column("day", sa.Date(), nullable=True),
        *(text(name) for name in ("subscriber_id", "status", "detail")),
        sa.PrimaryKeyConstraint("source", "id", name="pk_mail_event"),
    )
    op.create_index("mail_event_by_subscriber", "mail_event", ["newsletter", "subscriber_id", "at"])
    op.create_index("mail_event_by_edition", "mail_event", ["newsletter", "day", "kind"])
    op.create_table(
        "used_token",
        text("source"),
        text("token"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "token", name="pk_used_token"),
    )
    op.create_table(
        "event_count",
        text("source"),
        text("type"),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "type", name="pk_event_count"),
    )


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
