"""Quotations, and whether somebody said so: word for word, up to quotation marks and white space."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.sentences import quotations

_MARKS = re.compile(r"[\"“”„«»‘’‚'`´]")
_SPACE = re.compile(r"\s+")
_DASHES = re.compile(r" ?[‐-―−] ?| -+ |--+")
#: "[O]ur children": a quoter made one letter large or small.
_LETTER = re.compile(r"\[([^\W\d_])\](?=[^\W\d_])")
#: Where a quoter left something out, or put something in.
_GAP = re.compile(r"…|\.{3,}|\[[^\]]*\]")
_EDGES = " \t.,;:!?—–-()"
_DOUBLE = re.compile(r"[\"“”„«»]|(?<!\w)[‘'](?=\w)|(?<=[\w.,!?])[’'](?!\w)")
#: Fewer words may be marked as a name, a title or somebody's word, without being said.
_SAID = 3
#: Small words have fewer letters; titles have those in small letters.
_LONG = 4


def quoted(text: str) -> Iterator[tuple[int, int]]:
    """Where the quotations of *text* stand, marks included."""
    start = 0
    for line in text.split("\n"):
        for begin, end in quotations(line):
            yield start + begin, start + end
        start += len(line) + 1


def plain(text: str) -> str:
    """*text* as quotations are compared in it."""
    return _DASHES.sub(" - ", _SPACE.sub(" ", _MARKS.sub("", text))).casefold()


def parts(quotation: str) -> list[str]:
    """The stretches of *quotation* that have to stand somewhere word for word, without its marks."""
    return [
        part for piece in _GAP.split(_LETTER.sub(r"\1", quotation)) if (part := plain(piece).strip(_EDGES))
    ]


def stands(part: str, folded: str) -> bool:
    """Whether *part* stands in the text that ``plain`` made, as whole words."""
    at = folded.find(part)
    while at >= 0:
        before, behind = folded[at - 1 : at], folded[at + len(part) : at + len(part) + 1]
        if not before.isalnum() and not behind.isalnum():
            return True
        at = folded.find(part, at + 1)
    return False


def is_long(part: str) -> bool:
    return len(part.split()) >= _SAID


def is_title(words: str, fewest: int = 1) -> bool:
    """Whether *words* have so many longer ones, each with a capital: the name of a film or so; a headline."""
    long = [word for word in re.findall(r"[^\W\d_]+", words) if len(word) >= _LONG]
    return len(long) >= fewest and all(word[0].isupper() for word in long)


def said(text: str) -> str:
    """What *text* quotes, as ``plain`` makes it: a mark that nothing closes quotes its paragraph's rest."""
    found: list[str] = []
    for line in text.split("\n"):
        edges = [match.start() for match in _DOUBLE.finditer(line)]
        closed = quotations(line)
        found += [line[start:end] for start, end in closed]
        inside = {at for start, end in closed for at in (start, end - 1)}
        strays = [at for at in edges if at not in inside]
        if strays:
            found += [line[strays[0] :], line[: strays[-1] + 1]]
    return plain("\n".join(found))
