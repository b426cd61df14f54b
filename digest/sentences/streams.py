"""Articles that are told as it happens: entries with the hour above each, the newest one first."""

from __future__ import annotations

import re

#: A line that says the hour and no more: "4:14 p.m.", "11 a.m. GMT", "16:05".
_HOUR = re.compile(
    r"^(?:\d{1,2}(?::\d\d)? ?(?:[ap]\.?m\.?|noon)|(?:noon|midnight)|\d{1,2}[:.]\d\d)(?: [A-Z]{2,4})?:?$",
    re.MULTILINE | re.IGNORECASE,
)
#: Words of an entry that tells enough to be read alone.
_ENOUGH = 60


def newest(text: str) -> str:
    """The head of *text* with its newest entries, where it is a stream of them; else all of it.

    What is older comes behind what is newer there, and would be told in that order.
    """
    hours = [match.start() for match in _HOUR.finditer(text)]
    for end in hours[1:]:
        if len(text[:end].split()) >= _ENOUGH:
            return text[:end]
    return text
