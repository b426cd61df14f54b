"""Articles that are several reports in one: live blogs, with the hour of each entry, and sports round-ups."""

from __future__ import annotations

import re

#: A line that says the hour and no more: "4:14 p.m.", "11 a.m. GMT", "16:05".
_HOUR = re.compile(
    r"^(?:\d{1,2}(?::\d\d)? ?(?:[ap]\.?m\.?|noon)|(?:noon|midnight)|\d{1,2}[:.]\d\d)(?: [A-Z]{2,4})?:?$",
    re.MULTILINE | re.IGNORECASE,
)
#: A side, perhaps with its rank, and its points.
_SIDE = r"(?:No\. ?\d+ )?[A-Z][\w.'’&() -]{1,40}? \d{1,3}"
#: A line that is a game's score, or begins with one: "Wild 4, Sabres 1: Zach Parise …", "BRUINS 5, DEVILS 1".
_SCORE = re.compile(rf"^{_SIDE}, {_SIDE}(?:,? \(?(?:\d?OT|SO|\d+ innings)\)?)?(?::(?= )|$)", re.MULTILINE)
#: Words of a report that tells enough to be read alone.
_ENOUGH = 60


def first_report(text: str) -> str:
    """The head of *text* that is one report; all of it where it is no more than one.

    Of a stream these are the newest entries: what is older comes behind what is newer there, and would be
    told in that order. Of a round of games it is what stands before the scores of the others.
    """
    hours = [match.start() for match in _HOUR.finditer(text)]
    scores = [match.start() for match in _SCORE.finditer(text)]
    for end in (*hours[1:], *(scores if len(scores) > 1 else ())):
        if len(text[:end].split()) >= _ENOUGH:
            return text[:end]
    return text
