"""What is asked of an element of a page, and done to it."""

from __future__ import annotations

import re

from lxml import etree, html

#: A paragraph of an article has at least this many bytes in UTF-8 (which weighs scripts about right:
#: Chinese says in 27 characters what Latin letters say in 80), and the end of a sentence.
REAL = 80
SENTENCE_END = re.compile(r"[.!?…。！？।؟]['\"”’»)\]]*(?:\s|$)")

_HIDING = etree.XPath("//*[@hidden or @aria-hidden='true' or @style]")
_UNSEEN = re.compile(
    r"(?:^|;)(?:display:none|visibility:hidden|(?:font-size|opacity|max-height):0(?:\.0+)?(?:[a-z%]+)?(?:!|;|$)"
    r"|(?:left|right|top|bottom|text-indent|margin-left):-\d{3,})"
)


def unseen(tree: html.HtmlElement) -> list[html.HtmlElement]:
    """What a reader of the page does not see, as far as its own style tells."""
    return [
        element
        for element in _HIDING(tree)
        if element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or _UNSEEN.search("".join((element.get("style") or "").lower().split()))
    ]


def flat(element: html.HtmlElement) -> str:
    """Its words in one line."""
    return " ".join("".join(element.itertext()).split())


def drop(element: html.HtmlElement) -> None:
    """Cut it out; the text behind it stays."""
    if element.getparent() is not None:
        element.drop_tree()


def has_at_most(element: html.HtmlElement, limit: int) -> bool:
    """Whether its words have no more characters."""
    found = 0
    for piece in element.itertext():
        found += len(piece.strip())
        if found > limit:
            return False
    return True


def length(element: html.HtmlElement) -> int:
    """How many characters its words have."""
    return sum(len(piece.strip()) for piece in element.itertext())
