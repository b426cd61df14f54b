"""The tables, the same on SQLite and PostgreSQL.

Whoever changes a table here adds a file to ``migrations/versions`` that does the same to a database in
use, and moves ``HEAD``; a test compares what the migrations make with what is here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from digest.stores.types import Moment, Structure

#: The migration that makes a database look like this file.
HEAD = "0012"

#: Alembic's own table, under a name that no other program of the same habit has.
VERSION_TABLE = "digest_version"

#: Constraints need names before a later migration can change them.
metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


def _text(name: str, *more: Any, **options: Any) -> Column[str]:
    return Column(name, Text, *more, nullable=False, **options)


feed = Table(
    "feed",
    metadata,
    _text("url", primary_key=True),
    _text("etag"),
    _text("last_modified"),
    _text("body_sha256"),
    _text("moved_to"),
    _text("identity"),
    Column("not_before", Moment),
    Column("gone_at", Moment),
    Column("checked_at", Moment),
    Column("succeeded_at", Moment),
    Column("failures", Integer, nullable=False),
    _text("problem"),
)

# The long texts stand last: SQLite then reads the short columns without the overflow pages behind them.
article = Table(
    "article",
    metadata,
    _text("feed_url", ForeignKey("feed.url"), primary_key=True),
    _text("id", primary_key=True),
    Column("at", Moment, nullable=False),  # Article.when
    Column("first_seen", Moment, nullable=False),
    Column("published", Moment),
    Column("updated", Moment),
    Column("paywalled", Boolean, nullable=False),
    Column("backlog", Boolean, nullable=False),
    _text("kind"),
    _text("language"),
    _text("outlet"),
    _text("url"),
    _text("canonical_url"),
    _text("title"),
    Column("authors", Structure, nullable=False),
    Column("categories", Structure, nullable=False),
    Column("image", Structure),
    Column("enclosures", Structure, nullable=False),
    _text("description"),
    _text("text"),
    Index("article_by_time", "feed_url", "at"),
)

# What reading an article's page gave, apart from what its feed says: what is chosen depends on feeds alone,
# and so is the same before and after pages were read.
page = Table(
    "page",
    metadata,
    _text("feed_url", primary_key=True),
    _text("id", primary_key=True),
    _text("title"),
    _text("description"),
    Column("given", Structure, nullable=False),
    ForeignKeyConstraint(["feed_url", "id"], ["article.feed_url", "article.id"]),
)

edition = Table(
    "edition",
    metadata,
    _text("newsletter", primary_key=True),
    Column("day", Date, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("composed_at", Moment, nullable=False),
    _text("approved_sha256"),
    _text("approved_by"),
    Column("approved_at", Moment),
    Column("provenance", Structure, nullable=False),
    _text("composed"),
    _text("former"),
)

# No foreign key to the edition: a file that was written by hand may be sent.
begun = Table(
    "begun",
    metadata,
    _text("newsletter", primary_key=True),
    Column("day", Date, primary_key=True),
    Column("at", Moment, nullable=False),  # when its sending to the list began
)

# No foreign key to the edition: what was linked and sent is remembered even of a file written by hand.
target = Table(
    "target",
    metadata,
    _text("newsletter", primary_key=True),
    Column("day", Date, primary_key=True),
    _text("url", primary_key=True),
)

# What an edition said when it was sent. Written before its first mail leaves; that it was sent, the ledger
# knows. The long text stands last.
content = Table(
    "content",
    metadata,
    _text("newsletter", primary_key=True),
    Column("day", Date, primary_key=True),
    _text("sha256", primary_key=True),
    Column("at", Moment, nullable=False),
    _text("source"),
)

correction = Table(
    "correction",
    metadata,
    _text("newsletter", primary_key=True),
    Column("day", Date, primary_key=True),
    _text("id", primary_key=True),  # a digest of item and text
    _text("item"),
    _text("text"),
    Column("replaced", Structure, nullable=False),
    Column("at", Moment, nullable=False),
    Column("told_on", Date),
)

# No foreign key to the subscriber: who was sent what outlives a removed address.
delivery = Table(
    "delivery",
    metadata,
    _text("newsletter", primary_key=True),
    Column("day", Date, primary_key=True),
    _text("subscriber_id", primary_key=True),
    _text("state"),  # a model.State
    Column("at", Moment, nullable=False),
    _text("message_id"),
    _text("sha256"),
    _text("remote_id"),
    _text("detail"),
    _text("owner"),  # whose claim it is while it is being sent; see owners.py
    Column("returned", Text),  # what came back after it was sent: the weightiest model.EventKind, or nothing
    sqlite_with_rowid=False,  # one tree instead of two: an edition's rows lie side by side
)

subscriber = Table(
    "subscriber",
    metadata,
    _text("id", primary_key=True),
    _text("newsletter"),
    _text("email"),
    _text("address_key"),  # the address as it is compared
    _text("name"),
    _text("state"),
    Column("added_at", Moment, nullable=False),
    Column("plain", Boolean, nullable=False),
    Column("tags", Structure, nullable=False),
    Column("confirmed_at", Moment),
    _text("consent"),
    Column("changed_at", Moment),  # when the state last changed
    _text("moving_to"),  # an address that is to take the place of this one, once its reader confirms
    UniqueConstraint("newsletter", "address_key"),
    Index("subscriber_by_state", "newsletter", "state", "id"),
)

# How many mails an address was sent, a network has asked for, or left in all on a day, that nobody had
# subscribed to. The names are digests.
asked = Table(
    "asked",
    metadata,
    _text("who", primary_key=True),
    Column("day", Date, primary_key=True),
    Column("times", Integer, nullable=False),
)

# No foreign key to the subscriber: an address may be suppressed before anybody adds it.
suppression = Table(
    "suppression",
    metadata,
    _text("newsletter", primary_key=True),
    _text("address_key", primary_key=True),
    _text("email"),
    _text("reason"),  # a model.Reason
    _text("source"),  # who said so
    _text("detail"),
    Column("at", Moment, nullable=False),
)

# What came back, each once: a second telling finds its id taken. It names no address.
mail_event = Table(
    "mail_event",
    metadata,
    _text("source", primary_key=True),
    _text("id", primary_key=True),
    Column("at", Moment, nullable=False),
    _text("kind"),  # a model.EventKind
    _text("newsletter"),
    Column("day", Date),  # the edition's; nothing where nobody knows
    _text("subscriber_id"),
    _text("status"),
    _text("detail"),
    Index("mail_event_by_subscriber", "newsletter", "subscriber_id", "at"),
    Index("mail_event_by_edition", "newsletter", "day", "kind"),
)

# Tokens that may be used once, until they are too old to be used at all.
used_token = Table(
    "used_token",
    metadata,
    _text("source", primary_key=True),
    _text("token", primary_key=True),
    Column("at", Moment, nullable=False),
)

# What providers told that changes nothing, by their own words for it.
event_count = Table(
    "event_count",
    metadata,
    _text("source", primary_key=True),
    _text("type", primary_key=True),
    Column("times", Integer, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("newsletter"),
    Column("day", Date, nullable=False),
    _text("stage"),
    Column("at", Moment, nullable=False),
    Column("code", Integer, nullable=False),
    _text("words"),
    Index("run_by_time", "newsletter", "at"),
)

# What was begun, and what became of it: whoever finds a row that a living one is at, leaves it alone.
duty = Table(
    "duty",
    metadata,
    _text("newsletter", primary_key=True),  # "" for what is done for all of them
    Column("day", Date, primary_key=True),
    _text("stage", primary_key=True),  # a model.Stage
    Column("settled", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("code", Integer, nullable=False),
    _text("words"),
    _text("owner"),  # who is at it; see owners.py
)

# Since when, and when last, a scheduler minded a newsletter.
watch = Table(
    "watch",
    metadata,
    _text("newsletter", primary_key=True),
    Column("since", Moment, nullable=False),
    Column("last", Moment, nullable=False),
)

# What editors were told, or should have been.
notice = Table(
    "notice",
    metadata,
    _text("newsletter", primary_key=True),
    _text("day", primary_key=True),  # as 2026-11-23; "" for what is about no edition: a key cannot be NULL
    _text("kind", primary_key=True),  # a model.NoticeKind
    _text("about", primary_key=True),
    _text("state"),  # "claimed", "told" or "failed"
    Column("at", Moment, nullable=False),
    _text("headline"),
    _text("why"),  # of the last failure
    Column("lines", JSON, nullable=False, server_default="[]"),
)

answer = Table(
    "answer",
    metadata,
    _text("key", primary_key=True),
    Column("at", Moment, nullable=False),
    _text("text"),
)

# A run that was recorded, so that it can be made again. See tapes.py.
tape = Table(
    "tape",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("newsletter"),
    Column("day", Date, nullable=False),
    _text("stage"),
    Column("at", Moment, nullable=False),
    Column("code", Integer),
    _text("words"),
    _text("composed"),  # a blob's SHA-256, and so are the next two
    _text("premises"),
    _text("said"),
    Index("tape_by_edition", "newsletter", "day"),
)

heard = Table(
    "heard",
    metadata,
    Column("tape", Integer, ForeignKey("tape.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    _text("url"),
    _text("outcome"),
    Column("at", Moment, nullable=False),
    _text("sha256"),  # of its body, a blob; "" without one
    Column("given", Structure, nullable=False),
)

# Bytes by their SHA-256, compressed; "at" is when they were last kept.
blob = Table(
    "blob",
    metadata,
    _text("sha256", primary_key=True),
    Column("at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# What an article or its page was when that tape began, if it changed before the next one did; nothing: it was
# not there. So the articles as of a tape are those of now, but for the first row of that tape or a later one.
past = Table(
    "past",
    metadata,
    _text("feed_url", primary_key=True),
    _text("article", primary_key=True),
    _text("kind", primary_key=True),  # "article" or "page"
    Column("tape", Integer, ForeignKey("tape.id"), primary_key=True),
    Column("before", LargeBinary),
)

secret = Table(
    "secret",
    metadata,
    _text("purpose", primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
