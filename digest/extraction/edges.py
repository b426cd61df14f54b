"""Where an article begins and ends among a page's paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from digest.extraction.boilerplate import heads_rest, heads_summary, is_boilerplate, is_note, is_postscript
from digest.extraction.captions import is_caption
from digest.extraction.elements import REAL, SENTENCE_END


class Block(NamedTuple):
    #: "p", "head", "list" or "quote", as trafilatura calls them.
    tag: str
    text: str


#: A paragraph that is shorter than a real one is the article's, too, where it stands right before one.
OPENER = 30
#: The part of a page's words that stands below its article, at most, under a heading of its own.
_LITTLE = 0.2
#: Characters of what a page says about an author, at most.
_BIOGRAPHY = 400


def article(blocks: Sequence[Block], authors: Sequence[str]) -> Sequence[Block]:
    """*blocks* from the first to the last that is the article's.

    Before it stand headline, byline, date, teaser, a list of its points, and notes about it; behind it
    headings, labels, promotion, and who wrote it.
    """
    start = _after_summary(blocks)
    first = next((n for n in range(start, len(blocks)) if _is_opening(blocks[n], authors, REAL)), start)
    while first > start and _is_opening(blocks[first - 1], authors, OPENER):
        first -= 1
    blocks = _before_rest(blocks)
    last = next((n for n in range(len(blocks) - 1, first, -1) if not _is_behind(blocks[n], authors)), first)
    return blocks[first : last + 1]


def _before_rest(blocks: Sequence[Block]) -> Sequence[Block]:
    """*blocks* up to the heading of what little the page has below its article."""
    total, behind = length(blocks), 0
    for n in range(len(blocks) - 1, 0, -1):
        behind += len(blocks[n].text)
        if behind > _LITTLE * total:
            break
        if heads_rest(blocks[n].text):
            return blocks[:n]
    return blocks


def length(blocks: Sequence[Block]) -> int:
    """How many characters they have."""
    return sum(len(block.text) for block in blocks)


def is_own(text: str) -> bool:
    """Whether a paragraph between the article's may be one of them."""
    return not is_boilerplate(text) and not is_caption(text)


def says_something(text: str) -> bool:
    """Whether it is, or has, a sentence."""
    return len(text.encode()) >= OPENER and SENTENCE_END.search(text.replace("…", "")) is not None


def _after_summary(blocks: Sequence[Block]) -> int:
    """Behind the list with which a page says its article in short; 0 where there is none."""
    for n, block in enumerate(blocks):
        if heads_summary(block.text):
            end = n + 1
            while end < len(blocks) and blocks[end].tag == "list":
                end += 1
            return end if n + 1 < end < len(blocks) else 0
        if _is_sentence(block, REAL):
            break
    return 0


def _is_opening(block: Block, authors: Sequence[str], least: int) -> bool:
    return _is_sentence(block, least) and not is_note(block.text) and not _is_biography(block.text, authors)


def _is_behind(block: Block, authors: Sequence[str]) -> bool:
    return (
        not is_own(block.text)
        or is_postscript(block.text)
        or _is_label(block)
        or _is_biography(block.text, authors)
    )


def _is_biography(text: str, authors: Sequence[str]) -> bool:
    """Whether it begins with an author's name: they write of others."""
    return len(text) <= _BIOGRAPHY and any(" " in name and text.startswith(name) for name in authors)


def _is_label(block: Block) -> bool:
    """A heading, a date, a category, "1 min read": few words that make no sentence."""
    short = len(block.text.encode()) < REAL and not SENTENCE_END.search(block.text)
    return block.tag == "head" or (short and block.tag == "p")


def _is_sentence(block: Block, least: int) -> bool:
    return (
        block.tag != "head"
        and len(block.text.encode()) >= least
        and bool(SENTENCE_END.search(block.text))
        and is_own(block.text)
    )
