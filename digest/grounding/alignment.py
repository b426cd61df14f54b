"""Aligns a sentence with the source's sentence that it was made from, to find what was replaced by what."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from digest.grounding import certainty, numbers, weighty
from digest.grounding.calendar import is_calendar
from digest.grounding.support import is_own
from digest.grounding.words import TITLES, Word, aliases, initials, is_common
from digest.words.terms import term
from digest.words.text import listed

#: Sentences that share fewer of their words are not compared: one was not made from the other.
_NEAR = 0.7
#: Words that may stand in each other's place; longer stretches are other words for the matter.
_LONGEST = 4
_FEWEST = 5
#: So many words further on, a sentence may still say that something is open.
_FURTHER = 4
#: A source without stops is a list or a table, and comparing takes the square of it.
_LONGEST_SENTENCE = 300
#: Sentences of the sources that are examined, for the sake of time.
_MOST_SENTENCES = 500


_OPPOSITES = tuple(
    tuple(map(listed, pair.split("|")))
    for pair in (
        "rise rises rose risen rising up increase increases increased gain gained grow grew climb climbed"
        "|fall falls fell fallen falling down decrease decreases decreased drop dropped decline declined",
        "win wins won beat beats defeated|lose loses lost",
        "accept accepts accepted approve approves approved back backs backed support supports supported"
        "|reject rejects rejected oppose opposes opposed block blocked",
        "more|fewer less",
        "before|after",
        "above over|below under",
        "guilty convicted|innocent acquitted cleared",
        "legal lawful|illegal unlawful",
        "alive survived|dead died killed",
        "first|last",
        "highest largest biggest best most|lowest smallest worst least",
        "arrived entered joined|left quit",
        "open opens opened|close closes closed",
        "increase|cut",
        "men man boy male father son brother he|women woman girl female mother daughter sister she",
        "buy buys bought|sell sells sold",
        "north northern|south southern",
        "east eastern|west western",
        "start starts started begin began|end ends ended stop stopped",
        "likely|unlikely",
        "confirmed admitted|denied",
        "all every everybody everyone|some several many few",
        "always|sometimes often rarely seldom",
        "former|current",
        "top|bottom",
        "early earlier|late later",
        "old older oldest|young younger youngest new newest",
        "public|private",
        "temporary temporarily|permanent permanently",
        "success successful successfully|failure unsuccessful unsuccessfully",
        "victory win|defeat loss",
        "majority|minority",
        "morning|afternoon evening night",
        "safe|dangerous unsafe",
        "strong stronger|weak weaker",
        "import imports imported|export exports exported",
        "hired|fired",
        "lost|found",
        "for supporting|against opposing",
    )
)


class How(StrEnum):
    NUMBER = "number"
    NAME = "name"
    OPPOSITE = "opposite"
    #: A "not" came in or went.
    NEGATION = "negation"
    #: What was open is said as a fact.
    CERTAINTY = "certainty"
    #: The source says the rest, but not this.
    ADDITION = "addition"


#: What came after something is not yet due to it; those of the second list may mean either.
_CAUSES = listed("because due thanks therefore caused causing")
_MAYBE_CAUSES = listed("as since over so for from result led")
_BEING = listed("is are was were be been am")


@dataclass(frozen=True, slots=True)
class Change:
    start: int
    end: int
    #: What the source has there.
    instead: str
    how: How


def nearest(sentence: Sequence[Word], sources: Sequence[Sequence[Word]]) -> Sequence[Word]:
    """The one of *sources* that has most of the words of *sentence*; empty when none has enough."""
    wanted = {word.folded for word in sentence}
    best: Sequence[Word] = ()
    shared = 0
    for source in sources[:_MOST_SENTENCES]:
        if len(source) > _LONGEST_SENTENCE:
            continue
        common = len(wanted.intersection(word.folded for word in source))
        if common > shared:
            best, shared = source, common
    return best if len(wanted) >= _FEWEST and shared >= _NEAR * len(wanted) else ()


def changes(
    sentence: Sequence[Word], source: Sequence[Word], terms: Collection[str], small: Collection[str]
) -> Iterator[Change]:
    """Names, numbers and opposites that took each other's place, negations that came or went, and additions.

    *terms* are those of all the sources, *small* the words that they write without a capital.
    """
    ours, theirs = [word.folded for word in sentence], [word.folded for word in source]
    present = frozenset(theirs)
    matcher = SequenceMatcher(None, theirs, ours, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes() if source else ():
        if tag == "insert" and _is_added(sentence[j1:j2], terms):
            yield Change(sentence[j1].start, sentence[j2 - 1].end, "", How.ADDITION)
            continue
        if tag == "equal" or i2 - i1 > _LONGEST or j2 - j1 > _LONGEST:
            continue
        inside = j1 > 0 and j2 < len(ours)
        before, now = source[i1:i2], sentence[j1:j2]
        around = sentence[max(0, j1 - 2) : j2 + 2]
        how = _took_place(before, now, present, small) if tag == "replace" else None
        # At the end of the sentence the source may go on, but a "not" there is our own.
        turned = _is_turned(now, before)
        if (inside or (j1 > 0 and turned)) and _is_turned(before, now) != turned:
            yield Change(around[0].start, around[-1].end, _joined(before), How.NEGATION)
        elif how:
            yield Change(now[0].start, now[-1].end, _joined(before), how)
        elif j2 < len(ours) and certainty.is_surer(
            now, before, sentence[max(0, j1 - _FURTHER) : j2 + _FURTHER]
        ):
            yield Change(around[0].start, around[-1].end, _joined(before), How.CERTAINTY)


def _took_place(
    theirs: Sequence[Word], ours: Sequence[Word], present: Collection[str], small: Collection[str]
) -> How | None:
    ours = [word for word in ours if not (is_calendar(word.folded) and word.folded in present)]  # it moved
    for before, now, how in (
        (_named(theirs, small), _named(ours, small), How.NAME),
        (_counted(theirs), _counted(ours), How.NUMBER),
    ):
        if before and now and before.isdisjoint(now):
            return None if _is_short_for(theirs, ours) or _is_short_for(ours, theirs) else how
    old, new = {word.folded for word in theirs}, {word.folded for word in ours}
    if (
        old & numbers.VAGUE.keys()
        and new & numbers.VAGUE.keys()
        and (old & numbers.VAGUE.keys()).isdisjoint(new)
    ):
        return How.NUMBER
    is_same_way = sum(map(certainty.negates, theirs)) % 2 == sum(map(certainty.negates, ours)) % 2
    opposed = is_same_way and any(
        (old & one and new & other) or (old & other and new & one) for one, other in _OPPOSITES
    )
    if new & _BEING:
        new -= {"due"}  # "is due to open"
    opposed |= bool(new & _CAUSES) and old.isdisjoint(_CAUSES | _MAYBE_CAUSES)
    return How.OPPOSITE if opposed or weighty.excludes(new, old) else None


def _is_added(run: Sequence[Word], terms: Collection[str]) -> bool:
    """Whether the words that came in say something, most of which no source has."""
    own = [word for word in run if is_own(word) and not is_common(word.folded)]
    return sum(term(word.text) in terms for word in own) * 2 < len(own)


def _is_short_for(short: Sequence[Word], long: Sequence[Word]) -> bool:
    """Whether one of *short* is the initials of names in *long*: "AI", "the U.S."."""
    written = initials([word for word in long if word.is_capital])
    return len(written) > 1 and any(word.folded == written for word in short)


def _named(run: Sequence[Word], small: Collection[str]) -> frozenset[str]:
    names = [
        aliases(word.folded)
        for word in run
        if word.is_capital
        and word.folded not in TITLES
        and not (word.opens and (is_common(word.folded) or word.folded in small))
    ]
    return frozenset[str]().union(*names)


def _counted(run: Sequence[Word]) -> frozenset[float]:
    values = [number.values for number in numbers.with_shared_units(_joined(run)) if not number.vague]
    return frozenset[float]().union(*values)


def _is_turned(run: Sequence[Word], other: Sequence[Word]) -> bool:
    """Whether an odd number of its words turns round the sense of what stands behind it, or in *other*.

    "Who never married and" is gone as a whole, and "did not accept" may be "rejected".
    """
    terms = list(filter(None, (term(word.text) for word in other)))
    turning = 0
    for place, word in enumerate(run):
        said = next(filter(None, (term(each.text) for each in run[place + 1 :])), "")
        turning += certainty.negates(word) and (
            not said or any(said.startswith(each) or each.startswith(said) for each in terms)  # vote, voted
        )
    return turning % 2 == 1


def _joined(run: Sequence[Word]) -> str:
    return " ".join(word.text for word in run)
