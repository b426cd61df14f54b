"""Writes one text's quotation marks and apostrophes like those of another.

    'It's over,' says mayor        ‘It’s over,’ says mayor

A headline is often typed straight where its article has typographic marks; beside a blurb of the
article's own words the two should look alike.
"""

from __future__ import annotations

import re

_STRAIGHT, _CURLY = re.compile("[\"']"), re.compile("[“”‘’]")
#: Where these stand, “ is no opening mark, or none is used.
_OTHER_LANGUAGES = re.compile("[„«»‚‹›「」『』]")
_DOUBLE = re.compile('"')
#: It opens at the beginning, and behind a space, a bracket, a dash or another opening mark.
_OPENS = re.compile(r"(?:\A|[\s(\[–—“‘\"'/-])\Z")
#: Words that begin with an apostrophe: "’til", "’em", "’90s", "rock ’n’ roll". A figure behind a mark that
#: another one closes begins a quotation: "‘15 Most Wanted’".
_ELIDED = re.compile(
    r"'(?:\d(?!\d*s?\b[^']*\w'(?!\w))|(?:til|em|tis|twas|cause|cos|n|bout|round|ere|im|er)\b)", re.IGNORECASE
)
#: Feet, minutes: which mark is meant only the author knows.
_MEASURE = re.compile(r"\d['\"]\d|\d'\s*\d+\"|\d''")


def marked_like(words: str, text: str) -> str:
    """*words* with typographic marks where *text* has them more often than straight ones.

    Where it cannot be told which marks belong together, or the marks are another language's, *words*
    as they are.
    """
    if not _STRAIGHT.search(words) or _MEASURE.search(words) or not _is_typographic(text):
        return words
    doubled = _doubles(words) if "“" in text else words
    return _singles(doubled)


def _is_typographic(text: str) -> bool:
    if _OTHER_LANGUAGES.search(text):
        return False
    return len(_CURLY.findall(text)) > len(_STRAIGHT.findall(text))


def _doubles(words: str) -> str:
    """The double marks in pairs; unchanged where they open and close out of turn."""
    found = [match.start() for match in _DOUBLE.finditer(words)]
    opening = [_OPENS.search(words[:at]) is not None for at in found]
    if opening != [number % 2 == 0 for number in range(len(found))] or len(found) % 2:
        return words
    marks = iter("“”" * (len(found) // 2))
    return _DOUBLE.sub(lambda _: next(marks), words)


def _singles(words: str) -> str:
    """Apostrophes and closing marks, which are one character; before other words, opening marks.

    A title that was cut may lack the mark that ends them.
    """

    def typeset(match: re.Match[str]) -> str:
        before, at = words[: match.start()], match.start()
        opens = _OPENS.search(before) and re.match(r"\w", words[match.end() :])
        if not opens or _ELIDED.match(words, at):
            return "’"
        return "‘"

    return re.sub("'", typeset, words)
