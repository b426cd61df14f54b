"""Shortens an edition so that Gmail does not cut its mail: rules, applied one by one until it fits.

::

    the later half of the items    the summary to its first sentence, without question and context
                                   then to a line among the quick hits
    the table of contents          out
    the earlier half               the same, but the first item stays an item
    the quick hits                 out, from the last

The rules begin at the end of the edition, and go no further than needed. Its web page has all of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal

from digest.model import GMAIL, Blurb, Edition, Link, Slotted
from digest.rendering.page import CONTENTS_FROM
from digest.words import marks
from digest.words.text import paragraphs, shorten

#: Bytes that a subscriber's address or link may need in the HTML.
SLOT = 512
#: A first sentence that is longer ends with an ellipsis.
SENTENCE = 400
#: About the bytes of what is around an item's words, and of a line of the contents. These, and the number of
#: tries that are led by them, make the search short; what it finds is weighed.
FRAME, CONTENTS_LINE, GUESSES = 2_000, 300, 6

Rule = Literal["first sentence", "quick hit", "no contents", "no quick hit"]


@dataclass(frozen=True, slots=True)
class Step:
    rule: Rule
    #: The blurb's id, or the quick hit's address and words.
    of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortened:
    edition: Edition
    contents: bool
    #: (blurb id or "", how), for ``Rendered.shortened``.
    how: tuple[tuple[str, str], ...]


def size(html: Slotted) -> int:
    """The bytes of a mail's HTML, for any subscriber."""
    return sum(len(piece.encode()) for piece in html.pieces) + SLOT * len(html.slots)


def shortened(
    edition: Edition, order: Sequence[Blurb], whole: int, weigh: Callable[[Shortened], int]
) -> Shortened:
    """*edition* with as few of the steps as bring its size to at most ``GMAIL``; with all where none do.

    *order* is that of its blurbs on the page, *whole* its size without a step; *weigh* renders and says the
    ``size``.
    """
    steps = _steps(edition, order)
    saved = list(accumulate((_saving(edition, step) for step in steps), initial=0))

    def weight(count: int) -> int:
        return weigh(_after(edition, steps[:count]))

    return _after(edition, steps[: _fewest(saved, whole, weight)])


def _fewest(saved: Sequence[int], whole: int, weight: Callable[[int], int]) -> int:
    """The fewest steps that suffice, at least one.

    To weigh is to render, so what the steps are thought to save in all, *saved*, says where to weigh first;
    where it misleads, halving ends the search.
    """
    too_few, enough = 0, len(saved) - 1
    at, weighed = 0, whole
    guesses = 0
    while too_few + 1 < enough:
        guess = bisect_left(saved, saved[at] + weighed - GMAIL)
        at = min(max(guess, too_few + 1), enough - 1) if guesses < GUESSES else (too_few + enough) // 2
        guesses += 1
        weighed = weight(at)
        if weighed <= GMAIL:
            enough = at
        else:
            too_few = at
    return enough


def _saving(edition: Edition, step: Step) -> int:
    """About the bytes that a step saves."""
    match step.rule, next((blurb for blurb in edition.blurbs if blurb.id == step.of), None):
        case "first sentence", Blurb() as blurb:
            return _length(blurb) - _length(_brief(blurb))
        case "quick hit", Blurb():
            return FRAME
        case "no contents", _:
            return CONTENTS_LINE * len(edition.used)
        case _:
            return CONTENTS_LINE


def _length(blurb: Blurb) -> int:
    return len(f"{blurb.summary}{blurb.question}{blurb.context}".encode())


def first_sentence(text: str) -> str:
    """The first sentence of a marked text; its marks stay where the sentence has them whole."""
    paragraph = paragraphs(text).partition("\n")[0]
    marked, words = _cut(paragraph), _cut(_words(marks.read(paragraph)))
    return marked if _words(marks.read(marked)) == words else marks.escape_marks(words)


def _steps(edition: Edition, order: Sequence[Blurb]) -> list[Step]:
    half = (len(order) + 1) // 2
    later, earlier = order[: half - 1 : -1], order[half - 1 : 0 : -1]
    return [
        *_told_shorter(later),
        *(Step("quick hit", blurb.id) for blurb in later),
        *([Step("no contents")] if len(order) - len(later) >= CONTENTS_FROM else []),
        *_told_shorter(earlier),
        *(Step("quick hit", blurb.id) for blurb in earlier),
        *_told_shorter(order[:1]),
        *(Step("no quick hit", hit.text) for hit in reversed(edition.quick_hits)),
    ]


def _told_shorter(blurbs: Sequence[Blurb]) -> list[Step]:
    return [Step("first sentence", blurb.id) for blurb in blurbs if _brief(blurb) != blurb]


def _after(edition: Edition, steps: Sequence[Step]) -> Shortened:
    """*edition* after these steps, of which each counts from the edition as it was."""
    done = {rule: {step.of for step in steps if step.rule == rule} for rule in _HOW}
    lines = done["quick hit"]
    to_lines = tuple(
        Link(text=blurb.headline, url=blurb.url, outlet=blurb.outlet)
        for blurb in edition.used
        if blurb.id in lines
    )
    kept = tuple(
        _brief(blurb) if blurb.id in done["first sentence"] else blurb
        for blurb in edition.blurbs
        if blurb.id not in lines
    )
    hits = tuple(hit for hit in edition.quick_hits if hit.text not in done["no quick hit"])
    how = tuple(
        ("" if step.rule.startswith("no ") else step.of, _HOW[step.rule].format(step.of))
        for step in steps
        if not (step.rule == "first sentence" and step.of in lines)
    )
    return Shortened(
        edition=replace(edition, blurbs=kept, quick_hits=to_lines + hits),
        contents=not done["no contents"],
        how=how,
    )


_HOW: dict[Rule, str] = {
    "first sentence": "has only the first sentence of its summary",
    "quick hit": "is reduced to a line among the quick hits",
    "no contents": "the table of contents is left out",
    "no quick hit": "the quick hit “{}” is left out",
}


def _brief(blurb: Blurb) -> Blurb:
    return replace(blurb, summary=first_sentence(blurb.summary), question="", context="")


def _cut(text: str) -> str:
    from digest.sentences import split  # its patterns take a megabyte, and few editions are too big

    sentences = split(text)
    return shorten(text[: sentences[0][1]] if sentences else text, SENTENCE)


def _words(nodes: Sequence[marks.Node]) -> str:
    return "".join(node if isinstance(node, str) else _words(node.children) for node in nodes)
