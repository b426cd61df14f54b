"""What an editor would not sign: faults of a blurb, judged against the text that it was made of.

A checklist of its own. It shares no rule with the program that it judges, so that a mistake in one does
not hide in the other. *Hard* faults are mistakes that a reader sees; *soft* ones are matters of form.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from bench.quality import looks

FEWEST, MOST = 40, 80  # words


class Fault(NamedTuple):
    name: str
    #: The words that show it.
    evidence: str
    hard: bool = True


class Source:
    """The article's own text; found again whatever was done to its white space, quotes and dashes."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] = []
        parts: list[str] = []
        length = 0
        for paragraph in text.splitlines():
            if squeezed := _squeezed(paragraph):
                self._starts.append(length)
                parts.append(squeezed)
                length += len(squeezed)
        self._text = "".join(parts)
        self._words = frozenset(_WORD.findall(text))

    def has(self, sentence: str) -> bool:
        return _squeezed(sentence) in self._text

    def has_word(self, word: str) -> bool:
        return word in self._words

    def follow(self, one: str, other: str) -> bool:
        """Whether *other* stands right behind *one*."""
        return _squeezed(one) + _squeezed(other) in self._text

    def surroundings(self, sentence: str) -> Iterator[tuple[str, str]]:
        """For each place where *sentence* stands, what is before and behind it in its paragraph."""
        wanted = _squeezed(sentence)
        at = self._text.find(wanted)
        while wanted and at >= 0:
            end = at + len(wanted)
            first = self._starts[bisect_right(self._starts, at) - 1]
            after = bisect_right(self._starts, end - 1)
            last = self._starts[after] if after < len(self._starts) else len(self._text)
            yield self._text[first:at], self._text[end:last]
            at = self._text.find(wanted, at + 1)


def faults(sentences: Sequence[str], *, source: Source, headline: str = "") -> list[Fault]:
    """Every fault of the blurb that *sentences* make, in their order; none of a blurb that can go out."""
    found = [fault for sentence in sentences for fault in _of_sentence(sentence, source, headline)]
    if sentences:
        found += _of_opener(sentences[0])
    found += _said_twice(sentences)
    found += _cut_quotation(sentences, source)
    return [*found, *_of_form(sentences, source)]


def hard(found: Sequence[Fault]) -> list[Fault]:
    return [fault for fault in found if fault.hard]


# --- hard: one sentence -------------------------------------------------------------------------------

_WORD = re.compile(r"\w+")
_LIKE = str.maketrans(
    {**dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‘’‚`", "'"), **dict.fromkeys("–—―−", "-"), "…": "..."}
)
_LOOKS = (
    ("markup", looks.MARKUP),
    ("caption", looks.CAPTION),
    ("caption", looks.CREDIT),
    ("byline", looks.BYLINE),
    ("boilerplate", looks.BOILERPLATE),
)


def _of_sentence(sentence: str, source: Source, headline: str) -> Iterator[Fault]:
    if match := looks.DATELINE.match(sentence):
        yield Fault("dateline", match[0])
    if not source.has(sentence):
        yield Fault("not verbatim", sentence)
    elif not _is_whole_in(source, sentence):
        yield Fault("cut short", sentence)
    if _is_cut(sentence):
        yield Fault("cut short", sentence)
    for name, pattern in _LOOKS:
        if match := pattern.search(sentence):
            yield Fault(name, match[0])
    if glued := _glued(sentence, source):
        yield Fault("glued words", glued)
    if _says_headline(sentence, headline):
        yield Fault("headline again", sentence)


def _is_cut(sentence: str) -> bool:
    """By its own looks."""
    return bool(
        not looks.ENDS.search(sentence)
        or looks.TRAILS_OFF.search(sentence)
        or looks.HALF_END.search(sentence)
        or looks.STARTS_SMALL.match(sentence)
    )


def _is_whole_in(source: Source, sentence: str) -> bool:
    """Whether it begins and ends where the source's sentences do, in one of its places."""
    for before, after in source.surroundings(sentence):
        if (not before or looks.WHOLE_BEFORE.search(before)) and not after[:1].islower():
            return True
    return False


def _glued(sentence: str, source: Source) -> str:
    for match in looks.GLUED.finditer(sentence):
        if not looks.DOMAIN.search(sentence, max(match.start() - 1, 0), match.end() + 3):
            return match[0]
    for match in _WORD.finditer(sentence):
        word = match[0]
        if (
            looks.INNER_CAPITAL.search(word)
            and not looks.NAME_WITH_CAPITAL.match(word)
            and not source.has_word(word)
        ):
            return word
    return ""


def _says_headline(sentence: str, headline: str) -> bool:
    own, said = (_WORD.findall(text.lower()) for text in (sentence, headline))
    if len(said) < 4:
        return False
    both = len(set(own) & set(said))
    return own[: len(said)] == said or both >= 0.8 * len(set(own) | set(said))


# --- hard: the blurb ----------------------------------------------------------------------------------


def _of_opener(sentence: str) -> Iterator[Fault]:
    own = _outside(sentence)
    match = looks.DANGLING.match(own) or looks.CONTINUES.match(own) or looks.NAMELESS_SPEAKER.match(own)
    if not match and not looks.IMPERSONAL.search(own):
        match = looks.IT_IS.match(own)
    if match:
        yield Fault("dangling opener", match[0])
    if _ends_in_question(own):
        yield Fault("question as an opener", sentence, hard=False)


def _said_twice(sentences: Sequence[str]) -> Iterator[Fault]:
    seen: list[set[str]] = []
    for sentence in sentences:
        words = set(_WORD.findall(sentence.lower()))
        if any(len(words & other) >= 0.9 * len(words | other) for other in seen if words):
            yield Fault("said twice", sentence)
        seen.append(words)


def _cut_quotation(sentences: Sequence[str], source: Source) -> Iterator[Fault]:
    """A quotation may go on from a sentence to the next one only where it does so in the source."""
    opened = False
    previous = ""
    for sentence in sentences:
        if opened and not source.follow(previous, sentence):
            yield Fault("quotation cut open", previous)
            opened = False
        for mark in _quotation_marks(sentence):
            if mark == opened:  # opened while open, or closed while closed
                yield Fault("quotation cut open", sentence)
                opened = False
                break
            opened = not opened
        previous = sentence
        if stray := looks.STRAY_SINGLE.search(looks.SINGLE_QUOTED.sub(" ", sentence)):
            yield Fault("quotation cut open", stray[0])
    if opened:
        yield Fault("quotation cut open", previous)


def _quotation_marks(sentence: str) -> Iterator[bool]:
    """True for each mark that opens, False for each that closes; straight ones in turn."""
    straight = low = False
    for n, mark in enumerate(sentence):
        if mark in "“«„":
            yield not (mark == "“" and low)  # „so“ as in German
            low = mark == "„"
        elif mark in "”»":
            yield False
        elif mark == '"':
            before, after = sentence[n - 1 : n], sentence[n + 1 : n + 2]
            if not before or (before in " (—–-[" and after.strip()):
                straight = True
            elif not after or after in " ,.;:!?)—–]-'":
                straight = False
            else:
                straight = not straight
            yield straight


# --- soft ---------------------------------------------------------------------------------------------


def _of_form(sentences: Sequence[str], source: Source) -> Iterator[Fault]:
    words = sum(len(sentence.split()) for sentence in sentences)
    if not FEWEST <= words <= MOST:
        yield Fault("length", f"{words} words", hard=False)
    if len(sentences) < 2:
        yield Fault("one sentence", f"{len(sentences)} sentence(s)", hard=False)
    for sentence in sentences:
        own = _outside(sentence)
        if match := looks.FIRST_PERSON.search(own):
            yield Fault("first person", match[0], hard=False)
        if len(_WORD.findall(own)) < 2:
            yield Fault("only a quotation", sentence, hard=False)
    for before, sentence in pairwise(sentences):
        if looks.PRONOUN_FIRST.match(_outside(sentence)) and not source.follow(before, sentence):
            yield Fault("torn from its sentence before", sentence, hard=False)


def _ends_in_question(own: str) -> bool:
    return own.rstrip("\"”’')» ").endswith("?")


def _outside(sentence: str) -> str:
    """*sentence* with “” in place of each quotation."""
    return looks.QUOTED.sub("“”", sentence)


def _squeezed(text: str) -> str:
    """Without white space and invisible characters, its quotes and dashes of one kind."""
    return "".join(char for char in text.translate(_LIKE) if char.isprintable() and not char.isspace())
