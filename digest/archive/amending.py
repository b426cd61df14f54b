"""Amend: an edition as it was sent, with the corrections made since."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from functools import lru_cache, partial, reduce
from typing import cast

from digest.model import ArchivedEdition, Blurb, Correction, Edition
from digest.rendering.cleaning import cleaned
from digest.words.marks import TARGET

#: A text with the right words in place of the wrong ones.
Swap = Callable[[str], str]

_TARGETS = re.compile(rf"(?<=\]){TARGET.pattern}", re.IGNORECASE)
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A correction as readers see it."""

    #: The day of the correction where the newsletter is.
    day: date
    text: str
    #: The item's id; "" for the edition as a whole.
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    edition: Edition
    #: All of the edition's notes, the oldest first.
    notes: tuple[Note, ...]

    @property
    def by_item(self) -> Mapping[str, tuple[Note, ...]]:
        items = dict.fromkeys(note.item for note in self.notes)
        return {item: tuple(note for note in self.notes if note.item == item) for item in items}


def amended(past: ArchivedEdition, zone: tzinfo) -> Amended:
    """The edition with the replaced words, and its notes; their days are those of *zone*."""
    notes = tuple(
        Note(
            day=correction.at.astimezone(zone).date(),
            text=cast("str", cleaned(correction.text)),
            item=correction.item,
        )
        for correction in past.corrections
    )
    return Amended(edition=reduce(_corrected, past.corrections, past.edition), notes=notes)


def missing(edition: Edition, correction: Correction) -> tuple[str, ...]:
    """Wrong words that do not occur in what *correction* is about."""
    absent = []
    for wrong, right in correction.replaced:
        after = _corrected(edition, replace(correction, replaced=((wrong, right),)))
        if after == edition and wrong != right:
            absent.append(wrong)
        edition = after
    return tuple(absent)


def _corrected(edition: Edition, correction: Correction) -> Edition:
    for wrong, right in correction.replaced:
        swap = partial(_swapped, wrong=wrong, right=cast("str", cleaned(right)))
        edition = (
            _of_the_whole(edition, swap)
            if not correction.item
            else _of_an_item(edition, correction.item, swap)
        )
        # Both are made of the items' headlines.
        edition = replace(edition, subject=swap(edition.subject), preheader=swap(edition.preheader))
    return edition


def _of_the_whole(edition: Edition, swap: Swap) -> Edition:
    hits = tuple(replace(hit, text=swap(hit.text)) for hit in edition.quick_hits)
    asides = tuple(replace(one, title=swap(one.title), text=swap(one.text)) for one in edition.asides)
    return replace(edition, letter=swap(edition.letter), quick_hits=hits, asides=asides)


def _of_an_item(edition: Edition, item: str, swap: Swap) -> Edition:
    blurbs = (_with_words(blurb, swap) if blurb.id == item else blurb for blurb in edition.blurbs)
    return replace(edition, blurbs=tuple(blurbs))


def _with_words(blurb: Blurb, swap: Swap) -> Blurb:
    image = blurb.image
    if image is not None:
        image = replace(image, alt=swap(image.alt), caption=swap(image.caption), credit=swap(image.credit))
    return replace(
        blurb,
        headline=swap(blurb.headline),
        byline=swap(blurb.byline),
        outlet=swap(blurb.outlet),
        summary=swap(blurb.summary),
        question=swap(blurb.question),
        context=swap(blurb.context),
        dig_deeper=swap(blurb.dig_deeper),
        image=image,
    )


def _swapped(text: str, *, wrong: str, right: str) -> str:
    """Where *wrong* occurs as a whole; inside the address of a link only if it is an address itself."""
    if "://" in wrong:
        return text.replace(wrong, right)
    found, at = _whole(wrong), 0
    parts: list[str] = []
    for target in _TARGETS.finditer(text):
        parts += [found.sub(lambda _: right, text[at : target.start()]), target[0]]
        at = target.end()
    return "".join([*parts, found.sub(lambda _: right, text[at:])])


@lru_cache(maxsize=64)
def _whole(words: str) -> re.Pattern[str]:
    """*words*, but not as a part of a longer word or number: "9" stands in neither 1999 nor 9,000 nor 1.9."""
    if not words:
        return _NEVER
    before, after = _edge(words[0]), _edge(words[-1])
    return re.compile(
        (r"(?<!\d)(?<!\d[.,])" if before == "digit" else r"(?<![^\W\d_])" if before == "letter" else "")
        + re.escape(words)
        + (r"(?!\d|[.,]\d)" if after == "digit" else r"(?![^\W\d_])" if after == "letter" else "")
    )


def _edge(character: str) -> str:
    """Scripts without capital letters may write words without a space between them."""
    if character.isdecimal():
        return "digit"
    return "letter" if character.lower() != character.upper() else "other"
