"""How many of a text's words stand in its sources: of each sentence, and of each of its clauses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from digest.grounding import numbers
from digest.grounding.words import Word
from digest.words.terms import term
from digest.words.text import listed

#: A sentence is in its own words when it has at least so many terms, names and numbers left out, and under
#: the first share of them stands in the sources, or under the second in any three sentences there that follow
#: each other. Every fifth sentence of people's summaries is so, and 99 in 100 sentences of other articles.
_FEWEST, _SHARE, _NEAR_SHARE = 2, 0.55, 0.5
#: A clause is when none of two terms stands there, or one of three. Beyond those sentences, one in 80 of
#: people's has such a clause, and every second of those to which somebody added one.
_OF_CLAUSE = 1 / 3
#: Of who said it, a clause has always some.
_SAYING = listed(
    "added adds stated states explained explains noted notes announced announces claimed claims argued "
    "argues wrote writes reported reports warned warns believed official officials spokesman spokeswoman "
    "according"
)
_PARTING = ",;:()—–"


@dataclass(frozen=True, slots=True)
class Lack:
    """``text[start:end]`` is in its own words."""

    start: int
    end: int
    #: The words stand there, but not together.
    apart: bool = False


def lacking(
    text: str,
    sentence: Sequence[Word],
    terms: Collection[str],
    most_together: Callable[[frozenset[str]], int],
) -> Lack | None:
    """The sentence, or its first clause, of which too few words are among a source's *terms*.

    *most_together* says how many of some terms stand together there.
    """
    own = _own(sentence)
    start, end = sentence[0].start, sentence[-1].end
    if len(own) >= _FEWEST and len(own.intersection(terms)) < _SHARE * len(own):
        return Lack(start, end)
    if len(own) >= _FEWEST and most_together(own) < _NEAR_SHARE * len(own):
        return Lack(start, end, apart=True)
    for clause in _clauses(text, sentence):
        said = _own([word for word in clause if word.folded not in _SAYING])
        held = len(said.intersection(terms))
        if len(said) >= _FEWEST and (not held or held <= _OF_CLAUSE * len(said)):
            return Lack(clause[0].start, clause[-1].end)
    return None


def is_own(word: Word) -> bool:
    """Whether it is neither a name nor a number nor a stop word."""
    return bool(_plain_term(word))


def _own(words: Sequence[Word]) -> frozenset[str]:
    return frozenset(filter(None, map(_plain_term, words)))


def _plain_term(word: Word) -> str:
    """Its term; "" for a name or number: those are looked at by themselves, and hide what is said of them."""
    if (word.is_capital and not word.opens) or word.folded in numbers.WORDS:
        return ""
    key = term(word.text)
    return "" if key[:1].isdigit() else key


def _clauses(text: str, sentence: Sequence[Word]) -> Iterator[Sequence[Word]]:
    first = 0
    for place in range(1, len(sentence) + 1):
        between = text[sentence[place - 1].end : sentence[place].start] if place < len(sentence) else ","
        if any(mark in between for mark in _PARTING):
            yield sentence[first:place]
            first = place
