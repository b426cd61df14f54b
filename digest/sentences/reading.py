"""The sentences of an article as a blurb may quote them: without datelines, each with what keeps it out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from digest.sentences.datelines import dateline
from digest.sentences.faults import fault, is_credited, promotes
from digest.sentences.leaning import leans, points_back
from digest.sentences.splitting import split
from digest.terms import terms

#: News says first what matters: no sentence behind so many is looked at.
FIRST = 30
#: Words of a sentence.
_SHORTEST, _LONGEST = 5, 55
#: A sentence with so much of the headline, and hardly more, says it again.
_SAID_AGAIN = 0.8
#: Characters of a headline that is known where it opens the text; a shorter one may be any words.
_SHORTEST_TITLE = 20
#: A later paragraph of at most so many characters that promotes anything does nothing else.
_PROMOTED_AT_MOST = 400
#: Characters in which a picture's credit is looked for.
_CREDIT = 40


@dataclass(frozen=True, slots=True)
class Sentence:
    start: int
    end: int
    text: str
    #: In words.
    length: int
    terms: tuple[str, ...]
    #: Why it cannot stand in a blurb; "" when it can.
    fault: str
    #: It needs the sentence before it.
    leans: bool = False
    #: It cannot come first, unless it does in the article.
    points_back: bool = False


def read(text: str, title: str, *, forgiven: Collection[str] = (), first: int = FIRST) -> list[Sentence]:
    """The *first* sentences of *text* without datelines, with what keeps them out of a blurb.

    Faults that are *forgiven* keep none out.
    """
    headline = frozenset(terms(title))
    found: list[Sentence] = []
    seen: set[tuple[str, ...]] = set()
    line_end = -1  # of the line that the last sentence stands on
    opening = 0  # where that line's preliminaries end, which may hold stops: "ST. LOUIS (AP) — "
    promoting = ""  # the fault of all sentences of that line, if it has one
    for begin, end in split(text)[:first]:
        if begin > line_end:
            line_end = text.find("\n", begin) % (len(text) + 1)
            opening = _behind_preliminaries(text, begin, title)
            promoting = _promoting(text[begin:line_end]) if found else ""
        start = max(begin, opening)
        start += dateline(text[start:end]) if text.startswith("(", start) else 0
        if start >= end:
            continue
        outer = "a caption" if is_credited(text[end : end + _CREDIT]) else promoting
        sentence = _sentence(text, start, end, headline, seen, forgiven, outer)
        seen.add(sentence.terms)
        found.append(sentence)
    return found


def _promoting(line: str) -> str:
    """Why no sentence of a paragraph behind the first can be taken; "" when there is no such reason."""
    return "boilerplate" if len(line) <= _PROMOTED_AT_MOST and promotes(line) else ""


def _behind_preliminaries(text: str, start: int, title: str) -> int:
    """Where a paragraph's first sentence begins, behind the headline and datelines before it."""
    if len(title) > _SHORTEST_TITLE and text.startswith(title + " ", start):
        behind = start + len(title) + 1
        start = behind if text[behind : behind + 1].isupper() else start
    for _ in range(2):  # "LONDON (Reuters) - (Reuters) - "
        start += dateline(text[start : start + 200])
    return start


def _sentence(
    text: str,
    start: int,
    end: int,
    headline: frozenset[str],
    seen: Collection[tuple[str, ...]],
    forgiven: Collection[str],
    outer: str,
) -> Sentence:
    """What is known of it; *outer* is a fault that only its surroundings show."""
    words = text[start:end]
    length = len(words.split())
    own_terms = tuple(terms(words))
    problem = outer or fault(words)
    if problem in forgiven:
        problem = ""
    if not problem and not _SHORTEST <= length <= _LONGEST:
        problem = "too short" if length < _SHORTEST else "too long"
    if not problem and own_terms in seen:
        problem = "said before"
    if not problem and _repeats(frozenset(own_terms), headline):
        problem = "the headline again"
    if problem:
        return Sentence(start, end, words, length, own_terms, problem)
    return Sentence(start, end, words, length, own_terms, "", leans(words), points_back(words))


def _repeats(own: frozenset[str], headline: frozenset[str]) -> bool:
    return bool(headline) and len(own & headline) >= _SAID_AGAIN * len(own | headline)
