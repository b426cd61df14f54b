"""What is asked of an element of a page, and done to it."""

from __future__ import annotations

from lxml import html


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
