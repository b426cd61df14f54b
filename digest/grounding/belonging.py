"""What a number is said of, and who said what: both may stand in a source, but not for each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from digest.grounding import quoting
from digest.grounding.calendar import is_calendar
from digest.grounding.numbers import Number, is_year, numbers
from digest.grounding.source import Source
from digest.grounding.words import TITLES, Word
from digest.words.terms import term

#: Terms on each side of a number that say what it is of; fewer than these of them, and nobody can tell.
_NEAR, _FEWEST = 2, 3
_SMALL = 3
#: Sentences before a quotation and behind it in which a source names who says so: "he said" may go on.
_NAMED_BEFORE, _NAMED_BEHIND = 8, 3
#: Of a quotation that goes over several sentences, so many words find its place.
_OPENING = 5
_OWNING = ("'s", "’s", "s'", "s’")


def strays(text: str, found: Sequence[Word], source: Source) -> Iterator[Number]:
    """The numbers of *text* that the source has, but with at most half of the words around them.

    Only where those words stand together somewhere else in it.
    """
    for number in numbers(text):
        places = frozenset[int]().union(*(source.figures.get(value, frozenset()) for value in number.values))
        if number.vague or not places or _is_small(text, number) or _is_date(number):
            continue
        terms = _around(found, number) & source.terms
        near = max(len(terms & source.around[place]) for place in places)
        together = source.most_together(terms)
        if together >= _FEWEST and near * 2 <= together:
            yield number


def _is_small(text: str, number: Number) -> bool:
    """Whether it is one of the words for 1 to 3, which say much else: "no one", "one of them", "at first"."""
    return text[number.start : number.end].isalpha() and max(number.values) <= _SMALL


def _is_date(number: Number) -> bool:
    """Whether it may be a day or a year: sources say once when something was, and mean it of much else."""
    return number.unit.startswith("month") or (not number.unit and any(map(is_year, number.values)))


def is_of(number: Number, sentence: Sequence[Word], nearest: Sequence[Word], source: Source) -> bool:
    """Whether a sentence of *source* that is not *nearest* has the number, and all that is around it."""
    places = frozenset[int]().union(*(source.figures.get(value, frozenset()) for value in number.values))
    terms = _around(sentence, number)
    return len(terms) >= _FEWEST and any(
        terms <= frozenset(term(word.text) for word in source.sentences[place])
        for place in places
        if place != nearest[0].sentence
    )


def _around(found: Sequence[Word], number: Number) -> frozenset[str]:
    """The next terms on each side of *number*, in its sentence."""
    inside = {word.sentence for word in found if word.start < number.end and word.end > number.start}
    sentence = [word for word in found if word.sentence in inside]
    before = [word for word in sentence if word.end <= number.start]
    behind = [word for word in sentence if word.start >= number.end]
    return frozenset((*_next(before[::-1]), *_next(behind)))


def _next(outward: Sequence[Word]) -> list[str]:
    found: list[str] = []
    for word in outward:
        key = term(word.text)
        if key and not key[0].isdigit() and not is_calendar(word.folded) and word.folded not in TITLES:
            found.append(key)
        if len(found) == _NEAR:
            break
    return found


def misattributed(
    text: str, found: Sequence[Word], runs: Sequence[Sequence[Word]], source: Source
) -> Iterator[tuple[Sequence[Word], int, int]]:
    """Names beside a quotation of the source that has them nowhere near it, and the quotation's span."""
    quotations = list(quoting.quoted(text))
    outside = [run for run in runs if not any(start <= run[0].start < end for start, end in quotations)]
    for start, end in quotations:
        parts = [part for part in quoting.parts(text[start:end]) if quoting.is_long(part)]
        inside = {word.sentence for word in found if word.start < end and word.end > start}
        name = _beside(outside, inside, start, end)
        if not parts or not name or any(is_calendar(word.folded) for word in name):
            continue
        if name[-1].text.endswith(_OWNING):  # "praised Calder's “…”"
            continue
        near = {
            place + step
            for place in _where(parts, source)
            for step in range(-_NAMED_BEFORE, _NAMED_BEHIND + 1)
        }
        if near and (places := source.sentences_of(name)) and near.isdisjoint(places):
            yield name, start, end


def _beside(
    runs: Sequence[Sequence[Word]], sentences: Collection[int], start: int, end: int
) -> Sequence[Word]:
    """The name next to the quotation ``[start:end]`` in its sentences; empty when there is none."""
    near = [run for run in runs if run[0].sentence in sentences]
    return min(near, key=lambda run: min(abs(run[0].start - end), abs(start - run[-1].end)), default=())


def _where(parts: Sequence[str], source: Source) -> Iterator[int]:
    """The sentences of *source* in which *parts* of a quotation stand, or begin."""
    for place, sentence in enumerate(source.sentences):
        plain = quoting.plain(source.text[sentence[0].start : sentence[-1].end]) if sentence else ""
        if any(
            quoting.stands(part, plain) or quoting.stands(" ".join(part.split()[:_OPENING]), plain)
            for part in parts
        ):
            yield place
