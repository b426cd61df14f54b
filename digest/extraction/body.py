"""The article's own words on a page: paragraphs, without captions, bylines, teasers and furniture."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import trafilatura
from lxml import etree, html
from trafilatura.settings import Document

from digest.text import clean


class Block(NamedTuple):
    #: "p", "head", "list" or "quote", as trafilatura calls them.
    tag: str
    text: str


#: With fewer characters than this, or than this part of the page's paragraphs, the careful reading
#: has missed the article, and the plain one is taken where it found more.
TOO_SHORT = 250
TOO_SMALL_A_PART = 0.4

#: A paragraph of an article has at least this many bytes in UTF-8 (which weighs scripts about right:
#: Chinese says in 27 characters what Latin letters say in 80), and the end of a sentence.
REAL = 80
#: A shorter one is the article's, too, where it stands right before one of those.
OPENER = 30

# Never the article's own words, wherever they stand. A form is not among them: some sites wrap the
# whole page in one.
_FURNITURE = etree.XPath(
    "//figcaption | //nav | //button | //time | //noscript | //iframe | //script | //style | //footer"
    " | //template | //svg | //*[@itemprop='author' or @itemprop='datePublished'"
    " or @itemprop='dateModified' or @itemprop='caption' or @rel='author' or @hidden]"
)
_LABELLED = etree.XPath("//body//*[@class or @id]")
_LABELS = re.compile(
    r"caption|credit|byline|author-|timestamp|tooltip|popover|rollover-\S+-block|related|read-?more|newsletter|promo|share|social"
    r"|comment|print-|reprint|copyright|sign-?up|subscribe|paywall|advert|breadcrumb|most-(?:read|popular)",
    re.IGNORECASE,
)
#: An element with such a label is furniture only while it is small: labels are also put on the page
#: as a whole ("has-comments", "share-enabled").
_SMALL = 400
_LINKED = etree.XPath("//p[a] | //li[a] | //h2[a] | //h3[a] | //h4[a]")
_ELSEWHERE = etree.XPath(".//a[@href and not(starts-with(@href, '#'))]")

_SENTENCE_END = re.compile(r"[.!?…。！？।؟]['\"”’»)\]]*(?:\s|$)")
_BOILERPLATE = re.compile(
    r"""^(?:
        please\ wait\ while | already\ a\ (?:member|subscriber) | sign\ (?:in|up)\b | log\ in\b | subscribe\b
      | comment(?:s|\ below)?$ | (?:leave|post)\ a\ comment | you\ have\ .{0,40}\bfree\b.*\bremaining
      | advertisement\b | story\ continues\ below
      | (?:read|see|watch|related|also\ read|more)(?:\ more|\ also)?\s*:
      | read\ (?:more|next)\b | click\ here\b | share\ (?:this|on)\b | follow\ (?:us|@)
      | get\ (?:the|our)\ .{0,60}\b(?:newsletter|inbox) | this\ copy\ is\ for\ your\ personal
      | (?:order\ )?reprints?\b | ©|copyright\b | all\ rights\ reserved | https?://\S+$
      | \d+\ min(?:ute)?s?\ read | (?:reading|read)\ time\b
      | this\ (?:material|article)\ may\ not\ be\ (?:published|reproduced)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_BOILERPLATE_AT_MOST = 250
#: Behind the article, wherever in a paragraph it stands: offers, and rules for comments.
_PROMOTION = re.compile(
    r"""\b(?:
        click\ here | subscribe\ (?:to|now|here|today|for) | sign\ up\ (?:for|to|here|now) | follow\ us\b
      | delivered\ (?:\w+\ )?(?:in|to|through)\ your\b | \d+\ issues\ (?:for|from)\b
      | comments?\ (?:[\w’'-]+\ ){0,12}(?:will|may)\ (?:not\ )?be\ (?:\w+\ )?
        (?:approved|deleted|moderated|removed)
      | (?:coment[aá]rios|commentaires|kommentare|commenti|reacties)\b.{0,160}
        \b(?:moder|aprova|aproba|publi|elimin|exclu|remov|supprim|gelöscht|entfernt|verwijderd)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_PROMOTION_AT_MOST = 400

#: Characters of an article, at most: a book is no article.
LONGEST = 100_000

_BREAKING = frozenset({"p", "lb", "item", "quote", "head", "list", "div", "row", "cell", "table"})


def read_body(tree: html.HtmlElement, *, title: str = "") -> str:
    """The article's paragraphs, parted by a line break; "" when the page has no article.

    A repetition of *title* is none of them.
    *tree* is pruned in place: read the metadata first.
    """
    _prune(tree)
    blocks = list(_extract(tree, precise=True))
    if _is_poor(blocks, tree):
        plain = list(_extract(tree, precise=False))
        if _length(blocks) < max(TOO_SHORT, TOO_SMALL_A_PART * _length(plain)):
            blocks = max(blocks, plain, key=_length)
    texts = (block.text for block in _without_edges(blocks))
    kept = "\n".join(text for text in texts if text != title and not _is_boilerplate(text))
    return kept if len(kept) <= LONGEST else kept[:LONGEST].rpartition("\n")[0] or kept[:LONGEST]


def _prune(tree: html.HtmlElement) -> None:
    for element in _FURNITURE(tree):
        _drop(element)
    for element in _LABELLED(tree):
        label = f"{element.get('class', '')} {element.get('id', '')}"
        if _LABELS.search(label) and _has_at_most(element, _SMALL):
            _drop(element)
    for element in _LINKED(tree):
        text = _flat(element)
        linked = sum(len(_flat(link)) for link in _ELSEWHERE(element))
        if linked and 0.9 * len(text) <= linked and not _SENTENCE_END.search(text):
            _drop(element)


def _drop(element: html.HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _has_at_most(element: html.HtmlElement, limit: int) -> bool:
    length = 0
    for piece in element.itertext():
        length += len(piece.strip())
        if length > limit:
            return False
    return True


def _flat(element: html.HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def _extract(tree: html.HtmlElement, *, precise: bool) -> Iterator[Block]:
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


def _length(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _is_poor(blocks: Sequence[Block], tree: html.HtmlElement) -> bool:
    """Whether a second look is worth its time."""
    found = _length(blocks)
    if found < TOO_SHORT:
        return True
    on_page = sum(len(text) for text in map(_flat, tree.iter("p")) if len(text.encode()) >= REAL)
    return found < TOO_SMALL_A_PART * on_page


def _without_edges(blocks: Sequence[Block]) -> Sequence[Block]:
    """*blocks* from the first to the last that is the article's: no headline, byline, date or teaser
    before it, no heading, label or promotion behind it."""
    first = next((n for n, block in enumerate(blocks) if _is_sentence(block, REAL)), 0)
    while first > 0 and _is_sentence(blocks[first - 1], OPENER):
        first -= 1
    last = next((n for n in range(len(blocks) - 1, first, -1) if not _is_behind(blocks[n])), first)
    return blocks[first : last + 1]


def _is_behind(block: Block) -> bool:
    promotes = len(block.text) <= _PROMOTION_AT_MOST and _PROMOTION.search(block.text) is not None
    return promotes or _is_label(block)


def _is_label(block: Block) -> bool:
    """A heading, a date, a category, "1 min read": few words that make no sentence."""
    short = len(block.text.encode()) < REAL and not _SENTENCE_END.search(block.text)
    return block.tag == "head" or (short and block.tag == "p")


def _is_sentence(block: Block, least: int) -> bool:
    return (
        block.tag != "head"
        and len(block.text.encode()) >= least
        and bool(_SENTENCE_END.search(block.text))
        and not _is_boilerplate(block.text)
    )


def _is_boilerplate(text: str) -> bool:
    return len(text) <= _BOILERPLATE_AT_MOST and bool(_BOILERPLATE.match(text))
