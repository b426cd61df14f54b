"""How much of a document is read: 10 MB of ``<item/>`` would be a million objects."""

from __future__ import annotations

import re
from collections.abc import Iterable

from digest.parsing.raw import NoFeedError

#: An element costs a parser some 250 bytes and feedparser some 20 µs, whatever is in it.
MOST_TAGS = 300_000
MOST_TAGS_TO_MEND = 100_000

_ITEM = re.compile(r"<(?:\w+:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE | re.ASCII)
_ITEM_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE | re.ASCII)


def cut(text: str, *, items: Iterable[int], tags: int) -> tuple[str, int]:
    """*text* with at most so many of its items, the first ones, and how many are missing.

    *items* are the numbers to try, largest first, until no more than *tags* tags are left. What stands
    behind the last item stays, so that well-formed stays well-formed.

    Raises:
        NoFeedError: There are more tags even so.
    """
    starts = [match.start() for match in _ITEM.finditer(text)]
    for most in items:
        unread = max(0, len(starts) - most)
        kept = _first(text, starts, most) if unread else text
        if kept.count("<") <= tags:
            return kept, unread
    raise NoFeedError(f"has more than {tags:,} tags in a few items: it is not read")


def _first(text: str, starts: list[int], most: int) -> str:
    ends = [match.end() for match in _ITEM_END.finditer(text, starts[-1])]
    return text[: starts[most]] + (text[ends[-1] :] if ends else "")
