"""The article's own text on a page: paragraphs, without captions, bylines, teasers and page furniture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lxml import etree, html

from digest.extraction import edges
from digest.extraction.edges import Block, length
from digest.extraction.elements import REAL, flat
from digest.extraction.pruning import divided, prune
from digest.words.text import clean

#: With fewer characters than this, or than this part of the page's paragraphs, the careful reading
#: has missed the article, and the plain one is taken where it found more.
TOO_SHORT = 250
TOO_SMALL_A_PART = 0.4

#: Characters of a headline that is known where it is met; a shorter one may be any words.
_TITLE = 20

#: Characters of an article, at most: a book is no article.
LONGEST = 100_000

_BREAKING = frozenset({"p", "lb", "item", "quote", "head", "list", "div", "row", "cell", "table"})


def read_body(tree: html.HtmlElement, *, title: str = "", authors: Sequence[str] = ()) -> str:
    """The article's paragraphs, parted by a line break; "" when the page has no article.

    A repetition of *title* is none of them, nor what is said of its *authors* behind it.
    *tree* is pruned in place: read the metadata first.
    """
    prune(tree)
    blocks = _read(tree, title, precise=True)
    if divisions := _missed(blocks, divided(tree)):
        for element in divisions:
            element.tag = "p"
        blocks = max(blocks, _read(tree, title, precise=True), key=length)
    if _is_poor(blocks, tree):
        plain = _read(tree, title, precise=False)
        if length(blocks) < max(TOO_SHORT, TOO_SMALL_A_PART * length(plain)):
            blocks = max(blocks, plain, key=length)
    return without_boilerplate((block.text for block in edges.article(blocks, authors)), title)


def without_boilerplate(texts: Iterable[str], title: str) -> str:
    """*texts* as paragraphs, without what is none of the article's, nor more than an article has.

    "" where not one of them is a sentence.
    """
    own = [text for text in texts if text != title and edges.is_own(text)]
    if not any(map(edges.says_something, own)):
        return ""
    kept = "\n".join(own)
    return kept if len(kept) <= LONGEST else kept[:LONGEST].rpartition("\n")[0] or kept[:LONGEST]


def _read(tree: html.HtmlElement, title: str, *, precise: bool) -> list[Block]:
    """The page's blocks, without one that is the page in one piece: it has the headline in it twice."""
    blocks = _extract(tree, precise=precise)
    return [block for block in blocks if len(title) < _TITLE or block.text.count(title) < 2]


def _extract(tree: html.HtmlElement, *, precise: bool) -> Iterator[Block]:
    import trafilatura
    from trafilatura.settings import Document

    document = trafilatura.bare_extraction(
        tree, favor_precision=precise, fast=not precise, include_comments=False, include_tables=False
    )
    if not isinstance(document, Document) or document.body is None:
        return
    for element in document.body:
        for line in _lines(element):
            yield Block(str(element.tag), line)
        if behind := clean(element.tail or ""):
            yield Block("p", behind)


def _lines(element: etree._Element) -> Iterator[str]:
    parts: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if node.tag in _BREAKING:
            parts.append("\n")
        if event == "start":
            parts.append(_joined(node.text))
        elif node is not element:
            parts.append(_joined(node.tail))
    for line in "".join(parts).split("\n"):
        if text := clean(line):
            yield text


def _joined(text: str | None) -> str:
    return (text or "").replace("\n", " ")  # a line break of the source is no line break of the page


def _is_poor(blocks: Sequence[Block], tree: html.HtmlElement) -> bool:
    """Whether a second look is worth its time."""
    found = length(blocks)
    if found < TOO_SHORT:
        return True
    on_page = sum(len(text) for text in map(flat, tree.iter("p")) if len(text.encode()) >= REAL)
    return found < TOO_SMALL_A_PART * on_page


def _missed(blocks: Sequence[Block], divisions: Sequence[html.HtmlElement]) -> Sequence[html.HtmlElement]:
    """*divisions*, where several of them are not among *blocks*."""
    said = "\n".join(block.text for block in blocks)
    missed = sum(clean(flat(element)) not in said for element in divisions)
    return divisions if missed > 1 else ()
