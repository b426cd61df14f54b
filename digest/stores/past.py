"""Articles and pages as they were before they changed, for as long as a tape may ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import zstandard
from sqlalchemy import Connection, func, select

from digest.stores.database import insert, portions
from digest.stores.schema import past, tape

#: zstd's level for what is written often: most of its gain at a tenth of a millisecond.
LEVEL = 6

Kind = Literal["article", "page"]


def remember(connection: Connection, kind: Kind, feed_url: str, before: Mapping[str, bytes | None]) -> None:
    """Remember what these articles, by id, are before they change; None if they are not there yet.

    What was remembered since the last tape began is kept: that is what the tape found.
    """
    newest = connection.scalar(select(func.max(tape.c.id))) if before else None
    if newest is None:
        return
    rows = [
        {
            "feed_url": feed_url,
            "article": id_,
            "kind": kind,
            "tape": newest,
            "before": None if was is None else squeeze(was),
        }
        for id_, was in before.items()
    ]
    connection.execute(insert(connection.dialect.name, past).on_conflict_do_nothing(), rows)


def recalled(
    connection: Connection, tape_id: int, feed_urls: Iterable[str]
) -> dict[tuple[str, str, str], bytes | None]:
    """(feed, article, kind) of everything that changed since that tape began, with what it was then."""
    found: dict[tuple[str, str, str], bytes | None] = {}
    for some in portions(list(feed_urls)):
        statement = select(past).where((past.c.tape >= tape_id) & past.c.feed_url.in_(some))
        for row in connection.execute(statement.order_by(past.c.tape.desc())):
            was = None if row.before is None else unsqueeze(row.before)
            found[row.feed_url, row.article, row.kind] = was
    return found


def squeeze(content: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=LEVEL).compress(content)


def unsqueeze(content: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(content)
