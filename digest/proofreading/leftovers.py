"""Placeholders that nobody filled, and what was left of a template."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.model import Edition, Finding
from digest.proofreading.places import named, texts

#: "TK" is what desks write for "to come".
LEFTOVER = re.compile(r"\b(?:TK)+\b|\bX{3,}\b|\b(?i:lorem(?: ipsum)?)\b|\{\{|\}\}|\[\[|\]\]")


def findings(edition: Edition) -> Iterator[Finding]:
    for written in texts(edition):
        for match in LEFTOVER.finditer(written.text):
            where = f"{named(written.label)}: " if not written.item and written.label else ""
            words = f"{where}“{match[0]}” looks like a placeholder: fill it, or take it out"
            start, end = match.span() if written.whole else (-1, -1)
            yield Finding(
                level="warning", item=written.item, key=written.key, words=words, start=start, end=end
            )
