"""Links that lead to the same page, or to one that the last days' editions led to."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from digest.model import Edition, Finding
from digest.proofreading.places import Linked, links, named
from digest.urls import canonical

#: Keys whose links are a reader's ways on, in the order in which the first of two equals is kept.
_WAYS_ON = ("url", "dig_deeper", "quick_hits")


def findings(edition: Edition, led_to: Collection[str]) -> Iterator[Finding]:
    own = {blurb.id: canonical(blurb.url) for blurb in edition.used}
    ways = sorted(
        (linked for linked in links(edition) if linked.key in _WAYS_ON),
        key=lambda linked: _WAYS_ON.index(linked.key),
    )
    first: dict[str, Linked] = {}
    for linked in ways:
        page = canonical(linked.url)
        if not page:
            continue
        other = first.setdefault(page, linked)
        if other is not linked and not (other.item and other.item == linked.item):
            yield _finding(linked, f"leads to the same page as {_place(other)}: drop it, or choose another")
        elif linked.key == "dig_deeper" and page != own[linked.item] and page in led_to:
            yield _finding(linked, "leads to a page that a recent edition led to: choose another")


def _place(linked: Linked) -> str:
    kinds = {"url": "", "dig_deeper": "the dig-deeper link of ", "quick_hits": "the quick hit "}
    return f"{kinds[linked.key]}{named(linked.label)}"


def _finding(linked: Linked, words: str) -> Finding:
    subject = f"{named(linked.label)} " if linked.key == "quick_hits" else ""
    return Finding(
        level="warning",
        item=linked.item,
        key=linked.key,
        words=subject + words,
        start=linked.start,
        end=linked.end,
    )
