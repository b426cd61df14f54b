"""A story's score, and the reasons for it, in words that an editor understands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from math import log2

from digest.model import Article, Kind
from digest.selection.pastimes import lesser, pastime

#: A story is worth half as much as a new one when it is as old as its window is long, so that Friday's
#: news has a chance on Monday; but no less than this.
SHORTEST_HALF_LIFE = timedelta(hours=12)
#: For each doubling of the outlets that cover it.
COVERAGE = 0.5
PHOTO = 0.1
LONG = 0.15
#: Words of a long report, and characters that title, description and text of any report have.
LONG_WORDS = 500
THIN = 100
#: What is no news costs more than any merit can make good.
NO_NEWS = -2.5
LESSER = -0.4
#: It may be as old as the last look at its feed.
UNDATED = -0.2
#: Outlets that a reason names.
_NAMED = 4

_BESIDES = {
    Kind.PODCAST: (-0.4, "podcast"),
    Kind.VIDEO: (-0.4, "video"),
    Kind.COLUMN: (-0.3, "column"),
    Kind.REVIEW: (-0.3, "review"),
    Kind.CONVERSATION: (-0.1, "conversation"),
}


def appraise(
    article: Article, *, also: Sequence[str], weight: float, half_life: timedelta, age: timedelta
) -> tuple[float, tuple[str, ...]]:
    """A story's score by its lead *article*, and the reasons, the weightiest first.

    *also* are the other outlets that tell it. The score is about 1 for a new story of one outlet, and below
    0 for what should not be in at all.
    """
    merits = list(_merits(article, also=also, half_life=half_life, age=age))
    if weight != 1:
        total = sum(worth for worth, _ in merits)
        merits.append(((weight - 1) * total, f"weight {weight:g}"))
    parts = sorted([*merits, *_faults(article)], key=lambda part: (-abs(part[0]), part[1]))
    return round(sum(worth for worth, _ in parts), 4), tuple(words for _, words in parts)


def is_report(article: Article) -> bool:
    """Whether it is neither a pastime nor pictures, sound or somebody's opinion."""
    return article.kind not in _BESIDES and not pastime(article) and not lesser(article)


def _merits(
    article: Article, *, also: Sequence[str], half_life: timedelta, age: timedelta
) -> Iterator[tuple[float, str]]:
    age = max(age, timedelta())
    words = f"{_in_words(age)} old" if article.published else f"seen {_in_words(age)} ago"
    yield 0.5 ** (age / max(half_life, SHORTEST_HALF_LIFE)), words
    if also:
        more = len(also) - _NAMED
        named = ", ".join(also[:_NAMED]) + (f" and {more} more" if more > 0 else "")
        yield COVERAGE * log2(1 + len(also)), f"also in {named}"
    if article.image:
        yield PHOTO, "has photo"
    if len(article.text.split()) >= LONG_WORDS:
        yield LONG, "long report"


def _faults(article: Article) -> Iterator[tuple[float, str]]:
    if found := pastime(article):
        yield NO_NEWS, found
    elif found := lesser(article):
        yield LESSER, found
    if article.published is None:
        yield UNDATED, "undated"
    if article.paywalled:
        yield -0.4, "needs a subscription"
    if article.kind in _BESIDES:
        yield _BESIDES[article.kind]
    if len(article.title) + len(article.description) + len(article.text) < THIN:
        yield -0.3, "hardly any text"


def _in_words(age: timedelta) -> str:
    minutes = int(age / timedelta(minutes=1))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // 1440} days"
