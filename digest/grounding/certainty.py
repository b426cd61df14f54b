"""How sure a text is of what it says: what may happen is not what did, and what did not happen is neither."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from digest.grounding.words import Word
from digest.words.terms import STOPWORDS, term
from digest.words.text import listed

NEGATIONS = listed(
    "not no never none nobody nothing nowhere neither nor without cannot deny denies denied denying refuse "
    "refuses refused refusing fail fails failed failing"
)
#: They turn the next verb round as well, but stand for so much else that only a source is read so.
_AVOIDED = listed(
    "unable failure failures decline declines declined declining prevent prevents prevented avoid avoids "
    "avoided stop stops stopped ban bans banned lack lacks lacked reject rejects rejected "
    "unlikely hardly barely rarely against"
)
#: What is said behind these may be so; behind those of the second list, it is still to come.
_POSSIBLE = listed(
    "may might could possibly perhaps probably potentially allegedly alleged alleges alleging reportedly "
    "apparently purportedly supposedly suspected suspicion accused accusing accuses charged possible "
    "likely if unless whether"
)
_COMING = listed(
    "will would shall should must plan plans planned planning hope hopes hoped hoping want wants wanted "
    "wanting intend intends intended aim aims aimed threaten threatens threatened vow vows vowed promise "
    "promises promised agree agrees agreed decide decides decided expect expects expected scheduled propose "
    "proposes proposed consider considers considering try tries tried trying attempt attempts attempted seek "
    "seeks sought prepare prepares prepared preparing urge urges urged "
    "predict predicts predicted forecast projected anticipate anticipated"
)
#: What they speak of has happened, if a form of the past follows.
_DONE = listed("has had have was were been is are being got did")
#: Before "to": "has to close".
_HAVING = listed("has have had needs need needed")
_OPEN = _POSSIBLE | _COMING
#: Without any of them, or a "not", a sentence says all its words plainly.
_TELLING = _OPEN | _HAVING
#: They negate a noun, or what a noun says; a text that says so in a verb says the same.
_OF_NOUNS = listed("no none nobody nothing nowhere deny denies denied denying without")
#: "Not only" means more; and a "not" without a verb before it, something else: "Leeds, not York, won".
_MORE = listed("only just merely simply")
#: What stands behind them is not said to happen: "time to pay", "searching for the killer", "some comments".
_NO_CLAIM = listed(
    "to for of in on at by with from as a an the this that these those its his her their our my your some any"
)
#: A study that finds something may not have found something else.
_TOLD = listed(
    "find finds found say says said show shows showed shown suggest suggests suggested report reports"
)
#: Up to so many small words stand between one of these and the word that it is about, which is the first
#: that says something; the next few may be meant as well.
_REACH, _ALSO = 3, 5
_POSSIBLE_RANK, _COMING_RANK, _DONE_RANK = 0, 1, 2
_BREAKS = ",;:."


@dataclass(frozen=True, slots=True)
class Said:
    """In how many ways a word is said."""

    plainly: bool = False
    negated: bool = False
    #: How sure at most: 0 for what may be, 1 for what is to come, 2 for what is so.
    sure: int = 0


_UNSAID = Said()


@dataclass(frozen=True, slots=True)
class Doubt:
    """``words[start:end]`` says more than the source does, or its opposite."""

    start: int
    end: int
    #: It is a "not" that the source has nowhere with that word, or everywhere.
    added: bool = False
    dropped: bool = False


def said(text: str, sentences: Sequence[Sequence[Word]]) -> Mapping[str, Said]:
    """How each term of a source's *text* is said, all its sentences taken together."""
    found: dict[str, Said] = {}
    for sentence in sentences:
        avoids = any(map(_avoids, sentence))
        is_plain = not avoids and not any(word.folded in _TELLING for word in sentence)
        for place, word in enumerate(sentence):
            ways = found.get(key := term(word.text), _UNSAID)
            if not key or (ways.plainly and ways.sure == _DONE_RANK and (ways.negated or not avoids)):
                continue  # it has been said in all the ways that this sentence can have
            if is_plain:
                found[key] = Said(plainly=True, negated=ways.negated, sure=_DONE_RANK)
                continue
            first, further = _before(text, sentence, place)
            found[key] = Said(
                plainly=ways.plainly or not any(map(negates, first)),
                negated=ways.negated or any(map(_avoids, first)) or any(map(negates, further)),
                sure=max(ways.sure, _sure(first)),
            )
    return found


def doubts(text: str, sentence: Sequence[Word], source: Mapping[str, Said]) -> Iterator[Doubt]:
    """The words of *sentence* that no source negates, or that all do; and what none is so sure of."""
    for place, word in enumerate(sentence):
        theirs = source.get(term(word.text))
        if theirs is None or (word.is_capital and not word.opens):
            continue
        first, further = _before(text, sentence, place)
        start, end = max(0, place - len(first)), place + 1
        if _is_denied(word, first):
            if not theirs.negated:
                yield Doubt(start, end, added=True)
        elif not theirs.plainly and not any(map(_avoids, [*first, *further])):
            if not (word.is_capital or word.folded in _TOLD or (first and first[-1].folded in _NO_CLAIM)):
                yield Doubt(start, end, dropped=True)
        elif _claimed(word, first) > theirs.sure:
            yield Doubt(start, end)


def is_surer(ours: Sequence[Word], theirs: Sequence[Word], around: Sequence[Word]) -> bool:
    """Whether the words that took the place of *theirs* say as a fact what those left open.

    *around* are they with the next ones, which may say so instead.
    """
    were, now = _sure(theirs), _sure(ours)
    if _sure(around) <= were:
        return False
    if any(term(word.text) for word in theirs if word.folded not in _OPEN) and not ours:
        return False  # all of it was left out
    told = not ours or now == _COMING_RANK or any(_is_past(word) for word in ours)
    return were < now and told


def _is_denied(word: Word, first: Sequence[Word]) -> bool:
    """Whether one thing before *word* turns its sense round, and nothing else is meant by that."""
    negating = [place for place, each in enumerate(first) if negates(each)]
    if len(negating) != 1:
        return False
    [place] = negating
    if first[place].folded.startswith("fail") and "to" not in {each.folded for each in first[place + 1 :]}:
        return False  # "failed a test"
    if first[place].folded in _OF_NOUNS:
        return word.folded.endswith("ing")
    behind = first[place + 1].folded if place + 1 < len(first) else word.folded
    return behind not in _MORE and (first[place].folded != "not" or place > 0)


def _claimed(word: Word, first: Sequence[Word]) -> int:
    """How sure the text says to be; 0 where its form does not tell."""
    sure = _sure(first)
    if sure < _DONE_RANK:
        return sure
    past = _is_past(word) or bool(first and first[-1].folded in _DONE)
    return _DONE_RANK if past else _POSSIBLE_RANK


def _is_past(word: Word) -> bool:
    return word.folded.endswith("ed") or word.folded in _DONE


def _sure(first: Sequence[Word]) -> int:
    if any(word.folded in _POSSIBLE for word in first):
        return _POSSIBLE_RANK
    if any(word.folded in _COMING for word in first) or any(
        one.folded in _HAVING and other.folded == "to" for one, other in pairwise(first)
    ):
        return _COMING_RANK
    return _DONE_RANK


def _before(text: str, sentence: Sequence[Word], place: int) -> tuple[list[Word], list[Word]]:
    """The words before that one which are about it; and those further off, which may be."""
    first: list[Word] = []
    at = place
    while at > 0 and len(first) < _REACH and not _breaks(text, sentence[at - 1], sentence[at]):
        word = sentence[at - 1]
        first.insert(0, word)
        at -= 1
        if word.folded not in STOPWORDS:
            break
    return first, list(sentence[max(0, at - _ALSO) : at])


def _breaks(text: str, one: Word, other: Word) -> bool:
    return any(mark in _BREAKS for mark in text[one.end : other.start])


def negates(word: Word) -> bool:
    return word.folded in NEGATIONS or word.folded.endswith("n't")


def _avoids(word: Word) -> bool:
    return negates(word) or word.folded in _AVOIDED
