"""What is forgotten after a while: texts that no edition needs any more, and what was noted of old runs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from digest.stores.database import Database
from digest.stores.schema import answer, article, asked, duty, notice, page, run, used_token


def prune(database: Database, before: datetime) -> int:
    """Forget it, and say of how many articles and answers that was.

    An article's row stays: its feed may still list it, and without a date it would be taken for new.
    """
    old = article.c.at < before
    pages = select(page.c.id).where((page.c.feed_url == article.c.feed_url) & (page.c.id == article.c.id))
    heavy = old & ((article.c.text != "") | (article.c.description != "") | pages.exists())
    aged = select(article.c.id).where(
        (article.c.feed_url == page.c.feed_url) & (article.c.id == page.c.id) & old
    )
    day = before.date()
    count = 0
    # One transaction each, so that no mail waits long for its claim.
    with database.writing() as connection:
        emptied = update(article).where(heavy).values(text="", description="", enclosures=[], image=None)
        count += connection.execute(emptied).rowcount
        connection.execute(delete(page).where(aged.exists()))
    with database.writing() as connection:
        count += connection.execute(delete(answer).where(answer.c.at < before)).rowcount
        connection.execute(delete(used_token).where(used_token.c.at < before))
    with database.writing() as connection:
        connection.execute(delete(run).where(run.c.at < before))
        connection.execute(delete(duty).where(duty.c.day < day))
        connection.execute(delete(notice).where(notice.c.at < before))
        connection.execute(delete(asked).where(asked.c.day < day))
    return count
