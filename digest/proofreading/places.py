"""The texts and links of an edition as it goes out, with their keys in its file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from digest.model import Blurb, Edition, Image
from digest.proofreading.unmarked import unmarked
from digest.words.text import shorten

#: Characters of a text that stand for it in a message.
_BRIEF = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A text under a key of the file."""

    #: The blurb's id, or "".
    item: str = ""
    key: str
    text: str
    #: What messages call the place: an item's headline, a quick hit's words.
    label: str = ""
    #: Whether *text* is all that stands under *key*, so that its places are places there.
    whole: bool = True
    #: Whether inline marks are read in it.
    marked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """An address that a reader may follow, or that a picture is loaded from."""

    item: str = ""
    key: str
    url: str
    label: str = ""
    #: The link in the key's text, or -1.
    start: int = -1
    end: int = -1


def texts(edition: Edition) -> Iterator[Written]:
    """What the editors, or the machine, wrote; nothing of an item that does not go out."""
    yield Written(key="subject", text=edition.subject, marked=False)
    yield Written(key="preheader", text=edition.preheader, marked=False)
    yield Written(key="letter", text=edition.letter)
    for blurb in edition.used:
        yield from _of_blurb(blurb)
    for sponsor in edition.sponsors:
        if sponsor.runs_on(edition.key.day):
            yield _part("sponsors", sponsor.name, sponsor.name, marked=False)
            yield _part("sponsors", sponsor.text, sponsor.name)
    for hit in edition.quick_hits:
        yield _part("quick_hits", hit.text, hit.text, marked=False)
    for aside in edition.asides:
        label = aside.title or aside.text
        yield _part("asides", aside.title, label, marked=False)
        yield _part("asides", aside.text, label)
        yield _part("asides", aside.by, label, marked=False)
    for correction in edition.corrections:
        yield _part("corrections", correction, correction)


def links(edition: Edition) -> Iterator[Linked]:
    """Every address in the edition as it goes out, as often as it stands there."""
    for blurb in edition.used:
        if blurb.url:
            yield Linked(item=blurb.id, key="url", url=blurb.url, label=blurb.headline)
        if blurb.image and blurb.image.url:
            yield Linked(item=blurb.id, key="image", url=blurb.image.url, label=blurb.headline)
    for written in texts(edition):
        for anchor in unmarked(written.text).anchors if written.marked else ():
            start, end = (anchor.start, anchor.end) if written.whole else (-1, -1)
            yield Linked(
                item=written.item,
                key=written.key,
                url=anchor.url,
                label=written.label,
                start=start,
                end=end,
            )
    for hit in edition.quick_hits:
        yield Linked(key="quick_hits", url=hit.url, label=hit.text)
    for sponsor in edition.sponsors:
        if sponsor.runs_on(edition.key.day):
            yield Linked(key="sponsors", url=sponsor.url, label=sponsor.name)
            if sponsor.image and sponsor.image.url:
                yield Linked(key="sponsors", url=sponsor.image.url, label=sponsor.name)


def named(label: str) -> str:
    """*label* as messages say it."""
    return f"“{shorten(' '.join(label.split()), _BRIEF)}”"


def _of_blurb(blurb: Blurb) -> Iterator[Written]:
    def written(key: str, text: str, *, marked: bool = True, whole: bool = True) -> Written:
        return Written(item=blurb.id, key=key, text=text, label=blurb.headline, marked=marked, whole=whole)

    yield written("headline", blurb.headline, marked=False)
    yield written("byline", blurb.byline, marked=False)
    yield written("summary", blurb.summary)
    yield written("question", blurb.question, marked=False)
    yield written("context", blurb.context)
    yield written("dig_deeper", blurb.dig_deeper)
    yield written("correction", blurb.correction)
    image = blurb.image or Image(url="")
    for text in (image.alt, image.caption, image.credit):
        yield written("image", text, marked=False, whole=False)


def _part(key: str, text: str, label: str, *, marked: bool = True) -> Written:
    return Written(key=key, text=text, label=label, whole=False, marked=marked)
