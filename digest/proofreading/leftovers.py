"""Placeholders that nobody filled in, remains of a template, and marks that are shown literally."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.model import Edition, Finding
from digest.proofreading.places import Written, named, texts
from digest.proofreading.unmarked import unmarked

#: "TK" is what desks write for "to come".
LEFTOVER = re.compile(r"\b(?:TK)+\b|\bX{3,}\b|\b(?i:lorem(?: ipsum)?)\b|\{\{|\}\}|\[\[|\]\]")

#: Two stars that belong to no pair, but for those in a word, as in "d**n"; and the middle of what was to be
#: a link.
RAW_MARK = re.compile(r"(?<![\w*])\*\*(?=\w)|(?<=[\w.,;:!?”’])\*\*(?![\w*])|\](?=\(\S)")

#: HTML, which is shown as it was written.
RAW_HTML = re.compile(r"</?(?i:a|b|br|em|i|p|span|strong|u)(?:\s[^<>]*)?/?>|&(?:amp|nbsp|quot|lt|gt|#\d+);")


def findings(edition: Edition) -> Iterator[Finding]:
    for written in texts(edition):
        for match in LEFTOVER.finditer(written.text):
            words = f"“{match[0]}” looks like a placeholder: fill it in, or remove it"
            yield _finding(written, words, *match.span())
        for match in RAW_HTML.finditer(written.text):
            words = f"“{match[0]}” would be shown literally: write *italic*, **bold** or [words](https://…)"
            yield _finding(written, words, *match.span())
        yield from _raw_marks(written)


def _raw_marks(written: Written) -> Iterator[Finding]:
    if not written.marked:
        return
    plain = unmarked(written.text)
    for match in RAW_MARK.finditer(plain.text):
        start, end = plain.span(*match.span())
        if written.text[max(0, start - 1)] == "\\":  # it is meant
            continue
        if match[0] == "]":
            words = "a link leads nowhere, and is shown literally: write [words](https://…)"
        else:
            words = "“**” has no partner, and is shown literally: write **bold**"
        yield _finding(written, words, start, end)


def _finding(written: Written, words: str, start: int, end: int) -> Finding:
    where = f"{named(written.label)}: " if not written.item and written.label else ""
    if not written.whole:
        start = end = -1
    return Finding(
        level="warning", item=written.item, key=written.key, words=where + words, start=start, end=end
    )
