"""Who does it to whom: "the council sued the mayor" has the words of "the mayor sued the council"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digest.grounding.words import Word
from digest.words.terms import STOPWORDS
from digest.words.text import listed

#: Words on each side of a verb among which are those who do it, and those to whom it is done.
_NEAR = 4
#: Whoever stands behind these is who says it, as well as whoever stands before; and two who meet both meet.
_EITHER_WAY = listed(
    "said says say saying told tells tell asked asks ask added adds wrote writes write explained argued "
    "noted warned insisted met meets meet meeting married marries marry versus vs"
)
_PASSIVE = listed("am is are was were be been being get gets got gotten")


@dataclass(frozen=True, slots=True)
class Exchange:
    """``words[start:end]`` of a sentence, of which its source has the ends the other way round."""

    start: int
    end: int
    #: The words of the source.
    instead: str


def exchanges(sentence: Sequence[Word], source: Sequence[Word]) -> Iterator[Exchange]:
    """Words with what is before them and what is behind them in each other's place, in the same voice."""
    ours, theirs = [word.folded for word in sentence], [word.folded for word in source]
    once = _once(ours) & _once(theirs)
    for place, word in enumerate(ours):
        if word not in once or not _tells(sentence[place]):
            continue
        there = theirs.index(word)
        before, behind = _around(sentence, place)
        their_before, their_behind = _around(source, there)
        if _is_listed(ours, place) or _is_listed(theirs, there):
            continue
        stayed = before & their_before or behind & their_behind
        if stayed or not (before & their_behind and behind & their_before):
            continue
        if _is_passive(ours, place) == _is_passive(theirs, there):
            yield Exchange(
                max(0, place - _NEAR),
                min(len(ours), place + _NEAR + 1),
                " ".join(word.text for word in source[max(0, there - _NEAR) : there + _NEAR + 1]),
            )


def _once(folded: Sequence[str]) -> set[str]:
    return {word for word, count in Counter(folded).items() if count == 1}


def _tells(word: Word) -> bool:
    """Whether it may be what is done, which is no name."""
    return not (word.is_capital and not word.opens) and not (
        word.folded in STOPWORDS or word.folded in _EITHER_WAY or word.folded[:1].isdigit()
    )


def _is_listed(folded: Sequence[str], place: int) -> bool:
    """Whether it is one of several, whose order says nothing."""
    return not {"and", "or"}.isdisjoint(folded[max(0, place - 1) : place + 2])


def _around(words: Sequence[Word], place: int) -> tuple[frozenset[str], frozenset[str]]:
    before = words[max(0, place - _NEAR) : place]
    return _party(before[::-1]), _party(words[place + 1 : place + 1 + _NEAR])


def _party(outward: Sequence[Word]) -> frozenset[str]:
    """The next word that says something, with the name that it is in or leads to; from the verb outward."""
    found: list[str] = []
    for word in outward:
        if found and not word.is_capital:
            break
        if word.folded not in STOPWORDS and not word.folded.endswith("ly"):
            found.append(word.folded)
    return frozenset(found)


def _is_passive(folded: Sequence[str], place: int) -> bool:
    return "by" in folded[place + 1 : place + 3] or not _PASSIVE.isdisjoint(folded[max(0, place - 2) : place])
