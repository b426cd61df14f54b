"""What an item says and none of its sources says, as findings with their places in the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, Protocol

from digest.model import Blurb, Finding
from digest.proofreading.unmarked import unmarked


class Doubt(Protocol):
    """Words that the sources do not bear out: ``text[start:end]`` of the text that was compared."""

    @property
    def kind(self) -> str:
        """ "number", "name", "quotation", "sense" or "wording"."""
        ...

    @property
    def words(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def reason(self) -> str:
        """In a few words: "the number 47 is not in the source"."""
        ...


#: Compares a text without marks with an item's sources.
Compare = Callable[[str], Iterable[Doubt]]

_LEVELS: Mapping[str, Literal["error", "warning", "note"]] = {
    "number": "error",
    "quotation": "error",
    "name": "warning",
    "sense": "warning",
    "wording": "note",
}
_QUOTES = re.compile(r"[\"“”„«»‘’‚'`´]")
_EDGES = " \t\n.,;:!?"


def doubts(blurb: Blurb, compare: Compare) -> Iterator[Finding]:
    """What *compare* doubts in the item's own words, but for what its editors vouch for."""
    vouched = {_folded(words) for words in blurb.vouched}
    for key, text, marked in (
        ("headline", blurb.headline, False),
        ("summary", blurb.summary, True),
        ("context", blurb.context, True),
    ):
        read = unmarked(text) if marked else None
        for doubt in compare(read.text if read else text):
            if _folded(doubt.words) in vouched:
                continue
            span = (doubt.start, doubt.end)
            start, end = read.span(*span) if read else span
            yield Finding(
                level=_LEVELS[doubt.kind],
                item=blurb.id,
                key=key,
                words=_words(doubt),
                start=start,
                end=end,
                vouch=doubt.words,
            )


def _words(doubt: Doubt) -> str:
    if doubt.kind == "wording":
        return f"{doubt.reason}: make sure that it is meant"
    return f"{doubt.reason}: correct it, or vouch for it"


def _folded(words: str) -> str:
    """*words* as what is vouched for is compared: without case, quotation marks and needless space."""
    return " ".join(_QUOTES.sub("", words).split()).strip(_EDGES).casefold()
