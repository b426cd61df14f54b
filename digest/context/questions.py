"""Which question a paragraph answers: none if that is not sure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from digest.context.asking import BACKGROUND
from digest.context.kinds import Kind, kinds
from digest.context.paragraphs import Known, Line, Paragraph
from digest.context.saying import saying

#: What is lost when a sentence carries nothing of its own to the answer.
_LEANING = 0.1
#: Terms of two sentences about the same.
_IN_COMMON = 2
_ALSO = re.compile(r"(?:\S+ ){0,8}also\b")
_WHAT_HAS = re.compile(r"\AWhat (has|have|did|do)\b(?=.* (?:said|say)\b)")
_MOST_WORDS = 10
#: They turn to something else.
_TURN = re.compile(
    r"\W*(?:Meanwhile|Elsewhere|Separately|In other|In a separate|In another"
    r"|(?:This|It) (?:is not|isn[’']t|was not|wasn[’']t) the first)\b"
)


@dataclass(frozen=True, slots=True)
class Question:
    words: str
    #: How sure it is that the paragraph answers it, and how much a reader wants it answered: 0 to 1.
    worth: float


def question(paragraph: Paragraph, known: Known, *, archived: bool = False) -> Question | None:
    """The worthiest question that *paragraph* surely answers; None when there is none.

    A paragraph from an *archived* article is asked only for what stays true.
    """
    if any(_TURN.match(line.sentence.text) for line in paragraph.lines[1:]):
        return None
    opened = [each for each in _opened(paragraph.lines[0].own) if each[0].lasting or not archived]
    found = [asked for kind, match in opened if (asked := _asked(kind, match, paragraph, known))]
    if archived:
        found = [
            asked
            for asked in found
            if not BACKGROUND.fullmatch(asked.words) or _is_on_its_matter(paragraph, known)
        ]
    said = None if archived else saying(paragraph, known)
    if said:
        found.append(Question(*said))
    if _ALSO.match(paragraph.lines[0].own):
        found = [more for asked in found if (more := _asking_for_more(asked))]
    return max(found, key=lambda each: each.worth, default=None)


def _asking_for_more(asked: Question) -> Question | None:
    """The question to a paragraph that opens with "The council also …"; None where it cannot ask for more."""
    words = asked.words if " else " in asked.words else _WHAT_HAS.sub(r"What else \1", asked.words)
    return replace(asked, words=words) if " else " in words and len(words.split()) <= _MOST_WORDS else None


def _is_on_its_matter(paragraph: Paragraph, known: Known) -> bool:
    """Whether an older piece's *paragraph* speaks of what the headline does, not only of somebody in it."""
    said = {word for line in paragraph.lines for word in line.sentence.terms}
    return len(said & known.matter) >= _IN_COMMON


@lru_cache(maxsize=64)
def _opened(own: str) -> list[tuple[Kind, re.Match[str]]]:
    """The kinds whose opening a sentence is; paragraphs that open with the same one come in a row."""
    return [(kind, match) for kind in kinds() if (match := kind.opening.search(own))]


def _asked(kind: Kind, match: re.Match[str], paragraph: Paragraph, known: Known) -> Question | None:
    first, *others = paragraph.lines
    if kind.idle and kind.idle.search(known.text):
        return None
    leaning = [line for line in others if not kind.going_on.search(line.own)]
    if len(leaning) == len(others) or len(leaning) > kind.leaning:
        return None
    if not all(line.leans or _shares(line, first) for line in leaning):
        return None
    words = kind.words(match, paragraph, known)
    return Question(words, kind.worth - _LEANING * len(leaning) / len(others)) if words else None


def _shares(line: Line, first: Line) -> bool:
    """Whether a sentence is surely about the same as the *first*."""
    return len({*line.sentence.terms} & {*first.sentence.terms}) >= _IN_COMMON
