"""What a story is worth, and why, in words that an editor understands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from math import log2

from digest.model import Article, Kind

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

_PROMOTION = re.compile(
    r"""^(?:newsletter|sponsored|advertisement|advertorial|promo(?:ted|tion)?|quiz|giveaway|subscribe|sign\ up
        |webinar|paid\ post|partner\ content|from\ our\ partners)\b
      | \b(?:horoscopes?|crossword|sudoku|wordle|(?:weekly|news|daily)\ quiz|(?:promo|discount)\ codes?
        |coupons?|(?:best|today['’]s|early)\s[\w\s]{0,30}\bdeals?|black\ friday\ deals?
        |lottery\ numbers|sweepstakes)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_LIVE = re.compile(
    r"^live\s*[:|-]|\blive\s+(?:updates?|blog|coverage|stream)\b|\bas it happened\b"
    r"|^(?:watch(?: live)?|listen|photos?|pictures?|in pictures|gallery|video)\s*[:|]",
    re.IGNORECASE,
)

_BESIDES = {
    Kind.PODCAST: (-0.4, "podcast"),
    Kind.VIDEO: (-0.4, "video"),
    Kind.COLUMN: (-0.3, "column"),
    Kind.CONVERSATION: (-0.1, "conversation"),
}


def appraise(
    article: Article, *, outlets: int, weight: float, half_life: timedelta, now: datetime
) -> tuple[float, tuple[str, ...]]:
    """A story's score by its lead *article*, and the reasons, the weightiest first.

    The score is about 1 for a new story of one outlet, and below 0 for what should not be in at all.
    """
    merits = list(_merits(article, outlets=outlets, half_life=half_life, now=now))
    if weight != 1:
        total = sum(worth for worth, _ in merits)
        merits.append(((weight - 1) * total, f"weight {weight:g}"))
    parts = sorted([*merits, *_faults(article)], key=lambda part: (-abs(part[0]), part[1]))
    return round(sum(worth for worth, _ in parts), 4), tuple(words for _, words in parts)


def is_promotion(title: str) -> bool:
    return bool(_PROMOTION.search(title))


def _merits(
    article: Article, *, outlets: int, half_life: timedelta, now: datetime
) -> Iterator[tuple[float, str]]:
    age = max(now - article.when, timedelta())
    yield 0.5 ** (age / max(half_life, SHORTEST_HALF_LIFE)), f"{_in_words(age)} old"
    if outlets > 1:
        yield COVERAGE * log2(outlets), f"{outlets} outlets"
    if article.image:
        yield PHOTO, "has photo"
    if len(article.text.split()) >= LONG_WORDS:
        yield LONG, "long report"


def _faults(article: Article) -> Iterator[tuple[float, str]]:
    if is_promotion(article.title):
        yield -2.5, "promotion"
    elif _LIVE.search(article.title):
        yield -0.4, "live or pictures"
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
