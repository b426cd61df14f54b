"""What a text says that none of its sources says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise

from digest.grounding import (
    alignment,
    belonging,
    bounds,
    certainty,
    measures,
    numbers,
    quoting,
    roles,
    support,
    weighty,
)
from digest.grounding.alignment import How
from digest.grounding.calendar import is_calendar
from digest.grounding.source import Source, read
from digest.grounding.words import TITLES, Word, initials, is_common, parts, words
from digest.sentences import dateline
from digest.words.terms import term, terms
from digest.words.text import shorten

#: Up to so many words join two names; one of them at least says how.
_JOINED = re.compile(r"(?:['’]s)?(?: [a-z’'-]+){1,4} ")
#: "Stockholm-based Nordbank" is no name.
_FROM_THERE = re.compile(r"-[a-z]+\Z")
#: Endings of those who are from a place, and the fewest letters of its name.
_OF_PLACES, _SHORTEST_BASE = ("s", "i", "is", "n", "ns", "an", "ans", "ian", "ians", "ese"), 5
#: With fewer longer words, a text with capitals may be a name.
_HEADLINE = 3
#: Characters of a stretch of text that a reason repeats.
_BRIEF = 60
_MARKS = "“”„«»‘’\"'"


class What(StrEnum):
    NUMBER = "number"
    NAME = "name"
    QUOTATION = "quotation"
    #: Who did it, whether it happened, how sure that is.
    SENSE = "sense"
    #: Words of which too few are in the sources.
    WORDING = "wording"


_OF_CHANGES = {How.NUMBER: What.NUMBER, How.NAME: What.NAME, How.ADDITION: What.WORDING}


@dataclass(frozen=True, slots=True)
class Problem:
    """Words of a text that its sources do not bear out: ``text[start:end]``."""

    kind: What
    words: str
    start: int
    end: int
    #: In a few words for an editor: "the number 47 is not in the source".
    reason: str

    def __str__(self) -> str:
        return self.reason


def problems(text: str, sources: Sequence[str]) -> list[Problem]:
    """What in *text* none of the *sources* bears out, in the order of the text; empty when all stands.

    Text that is taken word for word from a source has no problem.
    """
    source = read("\n".join(sources))
    found = words(text)
    held = list(numbers.held_in_another_form(text, source.numbers, source.ranges))
    counted = [*_numbers(text, found, source), *_measures(text, source)]
    problems = [
        *_quotations(text, source),
        *(one for one in counted if not any(start <= one.start < end for start, end in held)),
        *_bounds(text, source),
        *_names(text, found, source),
        *_wording(text, found, source),
    ]
    return sorted(_once(problems), key=lambda problem: (problem.start, problem.end))


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """*problems* without those of words that one before has doubted in the same way."""
    seen: list[Problem] = []
    for one in problems:
        if not any(
            one.kind is other.kind and one.start < other.end and other.start < one.end for other in seen
        ):
            seen.append(one)
            yield one


def _numbers(text: str, spoken: Sequence[Word], source: Source) -> Iterator[Problem]:
    found = numbers.numbers(text)
    missing = [
        number for number in found if not numbers.is_held(number, source.numbers, source.places.keys(), text)
    ]
    for number in missing:
        yield _missing(What.NUMBER, text, number.start, number.end)
    for number in belonging.strays(text, spoken, source):
        reason = f"the source has the number {text[number.start : number.end]}, but of something else"
        yield Problem(What.SENSE, text[number.start : number.end], number.start, number.end, reason)
    for one, other in numbers.scores(text, found):
        pairs = {(first, second) for first in one.values for second in other.values}
        if not {one, other}.intersection(missing) and not pairs & source.ranges:
            yield _missing(What.NUMBER, text, one.start, other.end)


def _bounds(text: str, source: Source) -> Iterator[Problem]:
    for start, end, bound in bounds.unheld(text, source.text):
        reason = (
            f"the source does not say “{bound}” of that number" if bound else "the source sets no such bound"
        )
        yield Problem(What.SENSE, text[start:end], start, end, f"{_brief(text[start:end])}: {reason}")


def _measures(text: str, source: Source) -> Iterator[Problem]:
    for start, end, instead in measures.unheld(text, source.measures):
        reason = f"{_brief(text[start:end])}: the source has “{instead}” instead"
        yield Problem(What.NUMBER, text[start:end], start, end, reason)


def _quotations(text: str, source: Source) -> Iterator[Problem]:
    for start, end in quoting.quoted(text):
        written = text[start:end]
        if written in source.text:
            continue
        stretches = quoting.parts(written)
        if not all(quoting.stands(stretch, source.plain) for stretch in stretches):
            yield _missing(What.QUOTATION, text, start, end)
        elif not quoting.is_title(written) and not all(
            quoting.stands(stretch, source.said) for stretch in filter(quoting.is_long, stretches)
        ):
            reason = f"nobody in the source says {_brief(written)}: it is in its own words"
            yield Problem(What.QUOTATION, written, start, end, reason)


def _names(text: str, found: Sequence[Word], source: Source) -> Iterator[Problem]:
    runs = list(_runs(text, found))
    # In a headline of capitals they tell no names: "Board Backs Ferries".
    is_headline = quoting.is_title(text, _HEADLINE)
    kind = What.WORDING if is_headline else What.NAME
    yield from _strangers(text, runs, source)
    speakers = [run for run in runs if not (run[0].opens and run[0].folded in source.small)]
    for name, start, end in belonging.misattributed(text, found, speakers, source):
        words = text[name[0].start : name[-1].end]
        reason = f"the source has {_brief(text[start:end])} nowhere near {words}"
        yield Problem(What.SENSE, words, name[0].start, name[-1].end, reason)
    for run in runs:
        unknown = [word for word in run if not _is_known(word, source)]
        if is_headline:
            unknown = [word for word in unknown if term(word.text) not in source.terms]
        if len(run) > 1 and initials(run) in source.places:
            continue
        if unknown:
            yield _missing(kind, text, unknown[0].start, unknown[-1].end)
            continue
        for one, other in pairwise(run) if not is_headline else ():
            # "Marlow's Council" is the Council of Marlow.
            owned = one.text.endswith(("'s", "’s")) and not source.keeps_apart([one], [other])
            if not owned and not source.has_in_order(one.folded, other.folded):
                yield _missing(What.NAME, text, one.start, other.end)
                break


def _strangers(text: str, runs: Sequence[Sequence[Word]], source: Source) -> Iterator[Problem]:
    """Names that a few words join ("Leeds beat York"), and that no source has near each other."""
    for one, other in pairwise(runs):
        start, end = one[0].start, other[-1].end
        between = text[one[-1].end : other[0].start]
        if not _JOINED.fullmatch(between) or not terms(between):
            continue
        if any(is_calendar(word.folded) for word in (*one, *other)):
            continue
        if source.keeps_apart(one, other):
            reason = f"the source does not connect {_brief(text[start:end])}"
            yield Problem(What.SENSE, text[start:end], start, end, reason)


def _runs(text: str, found: Sequence[Word]) -> Iterator[list[Word]]:
    """Capitalised words next to each other, without what only opens a sentence or is a title."""
    run: list[Word] = []
    for word in found:
        if run and is_calendar(run[-1].folded) and not is_calendar(word.folded):
            yield run  # "On Tuesday Ruth Calder …"
            run = []
        joined = run and not word.opens and not text[run[-1].end : word.start].strip(" .")
        if run and (not joined or not word.is_capital or _FROM_THERE.search(run[-1].text)):
            yield run
            run = []
        if not word.is_capital or (word.opens and is_common(word.folded)):
            continue
        if word.folded in TITLES or word.folded == "i":
            if run:
                yield run
                run = []
            continue
        run.append(word)
    if run:
        yield run


def _is_known(word: Word, source: Source) -> bool:
    if source.holds(word) or any(map(source.speaks_of, _bases(word.folded))):
        return True
    pieces = parts(word.folded)
    return bool(pieces) and all(is_common(piece) or source.speaks_of(piece) for piece in pieces)


def _bases(folded: str) -> Iterator[str]:
    """What people and things of a place are named after: "kashmir" of "kashmiris"."""
    for ending in _OF_PLACES:
        if folded.endswith(ending) and len(folded) - len(ending) >= _SHORTEST_BASE:
            yield folded.removesuffix(ending)


def _wording(text: str, found: Sequence[Word], source: Source) -> Iterator[Problem]:
    for _, group in groupby(found, key=lambda word: word.sentence):
        sentence = list(group)
        if lack := support.lacking(text, sentence, source.terms, source.most_together):
            words = text[lack.start : lack.end]
            reason = f"too few words of {_brief(words)} stand in the source"
            if lack.apart:
                reason = f"the source has the words of {_brief(words)}, but not together"
            yield Problem(What.WORDING, words, lack.start, lack.end, reason)
        else:
            yield from _changes(text, sentence, source)


def _changes(text: str, sentence: Sequence[Word], source: Source) -> Iterator[Problem]:
    nearest = _undated(alignment.nearest(sentence, source.sentences), source)
    changes = alignment.changes(sentence, nearest, source.terms, source.small)
    found = [
        _changed(text, change)
        for change in changes
        if not _is_elsewhere(text, change, sentence, nearest, source)
    ]
    yield from found
    if not found:  # else it is said twice
        yield from _doubts(text, sentence, source)
        yield from _weighty(sentence, source)
    for exchange in roles.exchanges(sentence, nearest):
        start, end = sentence[exchange.start].start, sentence[exchange.end - 1].end
        words = text[start:end]
        reason = f"the source has {_brief(words)} the other way round: {_brief(exchange.instead)}"
        yield Problem(What.SENSE, words, start, end, reason)


def _undated(sentence: Sequence[Word], source: Source) -> Sequence[Word]:
    """A sentence of *source* without its dateline: "MARLOW (AP) —"."""
    if not sentence:
        return sentence
    start = sentence[0].start
    start -= source.text[max(0, start - 1) : start] == "("
    behind = start + dateline(source.text[start : sentence[-1].end])
    return [word for word in sentence if word.start >= behind]


def _is_elsewhere(
    text: str, change: alignment.Change, sentence: Sequence[Word], nearest: Sequence[Word], source: Source
) -> bool:
    """Whether a number that took another's place is that one rounded, or stands in another sentence."""
    if change.how is not How.NUMBER:
        return False
    return all(
        numbers.is_round(number, source.numbers, text) or belonging.is_of(number, sentence, nearest, source)
        for number in numbers.numbers(text)
        if change.start <= number.start < change.end
    )


def _changed(text: str, change: alignment.Change) -> Problem:
    words = text[change.start : change.end]
    reason = f"“{words}”: the source has “{change.instead}” there"
    if change.how is How.NEGATION:
        reason = f"the source says the opposite of {_brief(words)}"
    elif change.how is How.CERTAINTY:
        reason = f"the source is not so sure of {_brief(words)}: it has “{change.instead}”"
    elif change.how is How.ADDITION:
        reason = f"the source does not say {_brief(words)}, though it says the rest"
    return Problem(_OF_CHANGES.get(change.how, What.SENSE), words, change.start, change.end, reason)


def _doubts(text: str, sentence: Sequence[Word], source: Source) -> Iterator[Problem]:
    for doubt in certainty.doubts(text, sentence, source.certainty):
        start, end = sentence[doubt.start].start, sentence[doubt.end - 1].end
        words = text[start:end]
        reason = f"the source is nowhere so sure of {_brief(words)}"
        if doubt.added or doubt.dropped:
            how = "without" if doubt.added else "with"
            reason = f"{_brief(words)}: the source has “{sentence[doubt.end - 1].text}” only {how} a “not”"
        yield Problem(What.SENSE, words, start, end, reason)


def _weighty(sentence: Sequence[Word], source: Source) -> Iterator[Problem]:
    for word in weighty.unheld(sentence, source.places.keys(), source.terms):
        reason = f"the source does not say “{word.text}”, nor a word that means it"
        yield Problem(What.SENSE, word.text, word.start, word.end, reason)


def _missing(kind: What, text: str, start: int, end: int) -> Problem:
    words = text[start:end]
    shown = _brief(words) if kind is What.QUOTATION else words
    label = _brief(words) if kind is What.WORDING else f"the {kind} {shown}"
    return Problem(kind, words, start, end, f"{label} is not in the source")


def _brief(words: str) -> str:
    return f"“{shorten(words.strip(_MARKS), _BRIEF)}”"
