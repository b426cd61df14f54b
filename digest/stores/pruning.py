"""What is deleted after a while: texts that no edition needs any more, and records of old runs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from digest.stores.database import Database
from digest.stores.schema import answer, article, asked, duty, notice, page, run, used_token

# `bindparam` takes the type of the column that it is compared with.
_OLD = article.c.at < bindparam("before")
_PAGES = select(page.c.id).where((page.c.feed_url == article.c.feed_url) & (page.c.id == article.c.id))
_HEAVY = _OLD & ((article.c.text != "") | (article.c.description != "") | _PAGES.exists())
_AGED = select(article.c.id).where(
    (article.c.feed_url == page.c.feed_url) & (article.c.id == page.c.id) & _OLD
)

# An article's row stays: its feed may still list it, and without a date it would be taken for new.
_EMPTY_ARTICLES = update(article).where(_HEAVY).values(text="", description="", enclosures=[], image=None)
_PAGES_OF_OLD = delete(page).where(_AGED.exists())
_ANSWERS = delete(answer).where(answer.c.at < bindparam("before"))
_TOKENS = delete(used_token).where(used_token.c.at < bindparam("before"))
_NOTES = (
    delete(run).where(run.c.at < bindparam("before")),
    delete(duty).where(duty.c.day < bindparam("day")),
    delete(notice).where(notice.c.at < bindparam("before")),
    delete(asked).where(asked.c.day < bindparam("day")),
)


def prune(database: Database, before: datetime) -> int:
    """Delete what is old, and return how many articles and answers that was."""
    moment, given = {"before": before}, {"before": before, "day": before.date()}
    # One transaction each, so that no mail has to wait long for its claim.
    with database.writing() as connection:
        count = connection.execute(_EMPTY_ARTICLES, moment).rowcount
        connection.execute(_PAGES_OF_OLD, moment)
    with database.writing() as connection:
        count += connection.execute(_ANSWERS, moment).rowcount
        connection.execute(_TOKENS, moment)
    with database.writing() as connection:
        for notes in _NOTES:
            connection.execute(notes, given)
    return count
