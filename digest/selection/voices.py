"""Whether a text speaks of its writer, or to its reader: an essay, advice, a company's own announcement.

A report has "I", "we" and "you" in quotations only. These are left out of account here, and so are texts of
a few sentences.
"""

from __future__ import annotations

import re

#: What is looked at: characters, and sentences of them; with fewer nothing is told.
_OPENING, _MOST, _FEWEST = 2500, 12, 5
#: Of the first sentences and of all, so many speak of "me" or "you"; or of all so many more.
_FIRST, _OF_FIRST, _SHARE, _LARGE_SHARE = 3, 2, 0.5, 0.65
_QUOTED = re.compile(
    r"[“„\"][^“”\"]*[”\"]?|‘[^’]*(?:’(?=\w)[^’]*)*’|(?<!\w)'[^']*(?:(?<=\w)'(?=\w)[^']*)*'(?!\w)"
)
_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")
_FIRST_OR_SECOND_PERSON = re.compile(
    r"\b(?:I|[Mm]y|[Mm]e|[Ww]e|[Oo]urs?|us|[Yy]ou|[Yy]ours?|[Yy]ourself)(?:[’'](?:m|re|ve|ll|d))?\b(?!\.)"
)
_IN_A_HEADLINE = re.compile(r"\b(?i:you|your|yours|yourself|we|our|my)\b|(?:\A|\b[a-z]+,? )I(?:[’']m)? [a-z]")
_LEAST_WORDS = 4


def is_personal(text: str) -> bool:
    """Whether *text* speaks in the first person, or to "you", from the beginning."""
    own = _QUOTED.sub("Q", text[:_OPENING])
    sentences = [each for each in _ENDS.split(own) if len(each.split()) >= _LEAST_WORDS][:_MOST]
    if len(sentences) < _FEWEST:
        return False
    personal = [_FIRST_OR_SECOND_PERSON.search(each) is not None for each in sentences]
    share, first = sum(personal) / len(personal), sum(personal[:_FIRST])
    return (share >= _SHARE and first >= _OF_FIRST) or (share >= _LARGE_SHARE and first > 0)


def addresses_the_reader(headline: str) -> bool:
    """Whether a *headline* says "you" or "we" in its own words: "Why you should not worry".

    What stands behind a colon may be somebody else's.
    """
    return _IN_A_HEADLINE.search(_QUOTED.sub("Q", headline).partition(": ")[0]) is not None
