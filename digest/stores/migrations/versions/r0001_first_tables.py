"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def moment(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def typed(name: str, kind: Any, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=nullable)


def upgrade() -> None:
    feeds()
    pages()
    editions()
    mails()


def feeds() -> None:
    op.create_table(
        "feed",
        text("url"),
        text("etag"),
        text("last_modified"),
        text("body_sha256"),
        text("moved_to"),
        text("identity"),
        moment("not_before", nullable=True),
        moment("gone_at", nullable=True),
        moment("checked_at", nullable=True),
        moment("succeeded_at", nullable=True),
        typed("failures", sa.Integer()),
        text("problem"),
        sa.PrimaryKeyConstraint("url", name="pk_feed"),
    )
    op.create_table(
        "article",
        text("feed_url"),
        text("id"),
        moment("at"),
        moment("first_seen"),
        moment("published", nullable=True),
        moment("updated", nullable=True),
        typed("paywalled", sa.Boolean()),
        typed("backlog", sa.Boolean()),
        text("kind"),
        text("language"),
        text("outlet"),
        text("url"),
        text("canonical_url"),
        text("title"),
        typed("authors", sa.JSON()),
        typed("categories", sa.JSON()),
        typed("image", sa.JSON(), nullable=True),
        typed("enclosures", sa.JSON()),
        text("description"),
        text("text"),
        sa.PrimaryKeyConstraint("feed_url", "id", name="pk_article"),
        sa.ForeignKeyConstraint(["feed_url"], ["feed.url"], name="fk_article_feed_url"),
    )
    op.create_index("article_by_time", "article", ["feed_url", "at"])


def pages() -> None:
    op.create_table(
        "page",
        text("feed_url"),
        text("id"),
        text("title"),
        text("description"),
        typed("given", sa.JSON()),
        sa.PrimaryKeyConstraint("feed_url", "id", name="pk_page"),
        sa.ForeignKeyConstraint(
            ["feed_url", "id"], ["article.feed_url", "article.id"], name="fk_page_feed_url"
        ),
    )


def editions() -> None:
    op.create_table(
        "edition",
        text("newsletter"),
        typed("day", sa.Date()),
        typed("number", sa.Integer()),
        moment("since"),
        moment("until"),
        moment("composed_at"),
        text("approved_sha256"),
        typed("spans", sa.JSON()),
        text("composed"),
        sa.PrimaryKeyConstraint("newsletter", "day", name="pk_edition"),
    )
    op.create_table(
        "target",
        text("newsletter"),
        typed("day", sa.Date()),
        text("url"),
        sa.PrimaryKeyConstraint("newsletter", "day", "url", name="pk_target"),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        text("newsletter"),
        typed("day", sa.Date()),
        text("stage"),
        moment("at"),
        typed("code", sa.Integer()),
        text("words"),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_index("run_by_time", "run", ["newsletter", "at"])


def mails() -> None:
    op.create_table(
        "subscriber",
        text("id"),
        text("newsletter"),
        text("email"),
        text("address_key"),
        text("name"),
        text("state"),
        moment("added_at"),
        sa.PrimaryKeyConstraint("id", name="pk_subscriber"),
        sa.UniqueConstraint("newsletter", "address_key", name="uq_subscriber_newsletter"),
    )
    op.create_index("subscriber_by_state", "subscriber", ["newsletter", "state", "id"])
    op.create_table(
        "delivery",
        text("newsletter"),
        typed("day", sa.Date()),
        text("subscriber_id"),
        text("state"),
        moment("at"),
        text("message_id"),
        text("sha256"),
        text("remote_id"),
        text("detail"),
        sa.PrimaryKeyConstraint("newsletter", "day", "subscriber_id", name="pk_delivery"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "secret",
        text("purpose"),
        typed("value", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("purpose", name="pk_secret"),
    )
