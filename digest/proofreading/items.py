"""Each item by itself: headline, summary, question, picture, link."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.model import Blurb, Edition, Finding
from digest.proofreading.places import named
from digest.proofreading.unmarked import unmarked
from digest.settings import Newsletter
from digest.words.text import word_count

HEADLINE = 90
FEWEST_WORDS, MOST_WORDS = 20, 120
QUESTION_WORDS = 10

#: A full stop behind a word that is not written with one, as "U.S." and "Inc." are.
_STOPPED = re.compile(
    r"(?<![\w.])(?!(?:inc|corp|ltd|bros|etc|vol|dept|univ|assn|govt)\.)[\w’'-]{3,}\.$", re.IGNORECASE
)
#: Shorter words may be acronyms.
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")


def findings(edition: Edition, newsletter: Newsletter) -> Iterator[Finding]:
    for blurb in edition.used:
        yield from _headline(blurb)
        yield from _summary(blurb)
        yield from _question(blurb)
        yield from _picture(blurb, newsletter)
        if not blurb.url.strip():
            yield _warning(
                blurb, "url", "has no link: give the address of the report, unless that is intended"
            )
    yield from _same_headlines(edition)


def _headline(blurb: Blurb) -> Iterator[Finding]:
    headline = blurb.headline
    if len(headline) > HEADLINE:
        yield _warning(
            blurb,
            "headline",
            f"has {len(headline)} characters; more than {HEADLINE} are hard to take in: shorten it",
        )
    if _STOPPED.search(headline.rstrip()):
        yield _warning(blurb, "headline", "ends with a full stop: a headline has none")
    if is_shouting(headline):
        yield _warning(blurb, "headline", "is in capitals: write it as a sentence")


def is_shouting(headline: str) -> bool:
    """Whether most of its longer words, and two at least, are in capitals."""
    long: list[str] = _LONG_WORD.findall(headline)
    loud = [word for word in long if word.isupper()]
    return len(loud) > 1 and 2 * len(loud) > len(long)


def _summary(blurb: Blurb) -> Iterator[Finding]:
    count = word_count(unmarked(blurb.summary).text)
    if count > MOST_WORDS:
        words = f"has {count} words; more than {MOST_WORDS} are a report, not a summary: shorten it"
        yield _warning(blurb, "summary", words)
    elif count < FEWEST_WORDS:
        words = f"has {count} words; fewer than {FEWEST_WORDS} leave too much open: say more"
        yield _warning(blurb, "summary", words)


def _question(blurb: Blurb) -> Iterator[Finding]:
    question = blurb.question.strip()
    if not question:
        return
    if "?" not in question:
        yield _warning(blurb, "question", "has no question mark: ask something, or add it")
    if (count := word_count(question)) > QUESTION_WORDS:
        words = f"has {count} words; more than {QUESTION_WORDS} are too many in bold: shorten it"
        yield _warning(blurb, "question", words)


def _picture(blurb: Blurb, newsletter: Newsletter) -> Iterator[Finding]:
    image = blurb.image
    if image is None:
        return
    if not image.alt.strip():
        words = "its picture has no alt text, which some readers get instead: say what is in it"
        yield _warning(blurb, "image", words)
    if not image.credit.strip():
        shown = newsletter.photos == "all"
        outcome = "goes out without a credit" if shown else "has no credit, and is left out"
        yield _warning(blurb, "image", f"its picture {outcome}: write who took it, and for whom")


def _same_headlines(edition: Edition) -> Iterator[Finding]:
    seen: set[str] = set()
    for blurb in edition.used:
        folded = " ".join(blurb.headline.casefold().split())
        if folded in seen:
            words = f"another item is called {named(blurb.headline)} too: drop one, or make them distinct"
            yield _warning(blurb, "headline", words)
        seen.add(folded)


def _warning(blurb: Blurb, key: str, words: str) -> Finding:
    return Finding(level="warning", item=blurb.id, key=key, words=words)
