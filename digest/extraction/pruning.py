"""Prepares a page's tree for reading: removes page furniture, repairs broken paragraphs.

What is cut for its label alone is small, or plainly about other pages: labels are also put on the page as a
whole ("has-comments", "share-enabled").
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from lxml import etree, html

from digest.extraction.asides import drop_asides
from digest.extraction.elements import REAL, SENTENCE_END, drop, flat, has_at_most, length, unseen
from digest.words.text import listed

# Never the article's own words, wherever they stand. A form is not among them: some sites wrap the
# whole page in one.
_FURNITURE = etree.XPath(
    "//figcaption | //nav | //button | //time | //noscript | //iframe | //script | //style | //footer"
    " | //template | //svg | //*[@itemprop='author' or @itemprop='datePublished'"
    " or @itemprop='dateModified' or @itemprop='caption' or @rel='author' or @hidden]"
    " | //a[@href]//p"
)
_LABELLED = etree.XPath("//body//*[@class or @id or @data-testid or @data-component]")
# Of labels in small letters.
#: Always about the words beside it, never part of their sentence.
_BESIDE = re.compile(
    r"caption|credit|byline|timestamp|tooltip|popover|rollover-\S+-block|print-|reprint|editsection"
    r"|screen-?reader|sr-only|visually-?hidden"
)
_LABELS = re.compile(
    r"author-|related|recommended|read-?more|newsletter|promo|share|social|comment|copyright|sign-?up|subscribe|paywall"
    r"|advert|breadcrumb|most-(?:read|popular)|standfirst|strapline|(?:^|[\s_-])dek(?:$|[\s_-])"
)
_NAMES = ("class", "id", "data-testid", "data-component")
_SMALL = 400
#: About other pages, however long it is; an opened tooltip is a page of its own.
_ELSEWHERE = re.compile(
    r"outbrain|taboola|recirc|next-?post|read-?next|you-may-(?:also-)?like|cookie-?(?:banner|notice|consent)"
    r"|(?:related|recommended|popular|latest|trending|more)-(?:articles|content|news|posts|stories|guides)"
    r"|rollover-\S+-block|disqus|comment-?list|key-?(?:facts|points|takeaways)|tl-?dr|story-highlights"
    r"|(?:^|\s)(?:comments|discussion|comments?-(?:area|block|container|feed|section|thread|wrap(?:per)?))(?:$|\s)"
)
#: The part of the page's words that such an element has at most: else it is the page itself.
_PART = 0.5

_LINKED = etree.XPath("//p[.//a] | //li[.//a] | //h2[a] | //h3[a] | //h4[a]")
_LINKS_ELSEWHERE = etree.XPath(".//a[@href and not(starts-with(@href, '#'))]")
#: The part of a paragraph's words that are links, from which on it is nothing else: one link, or several.
_ONE_LINK, _LIST_OF_LINKS = 0.9, 0.7
#: "[VIDEO]", and what parts links from each other.
_BUTTONS = re.compile(r"\[[^\]]{2,12}\]|[|•]")

_INLINE = listed(
    "a abbr b bdi big cite code em font i ins label mark q s small span strong sub sup u",
)
_LINES = listed("p li h1 h2 h3 h4 h5 h6 span a td")
_IN_PARAGRAPHS = etree.XPath("//p//*[@class or @id or @style]")
_STYLING = ("class", "id", "style")
_HIDDEN = re.compile(r"hidden|none|sr-only|screen-?reader")
_CONTAINERS = etree.XPath(
    "//*[self::div or self::section or self::article or self::main or self::td or self::center]"
    "[text()[string-length(.) > 15]]"
)
_NOTE = etree.XPath("//sup[string-length(.) < 8]")
_NOTE_MARK = re.compile(r"\W*(?:\d{1,3}|[a-z]|note \d+|citation needed)\W*", re.IGNORECASE)
_LETTER = re.compile(r"[“\"‘']?[^\W\d_]")
#: So many divisions side by side that hold sentences are an article's paragraphs.
_BODY = 3
#: Elements that are examined for one of these, beyond which a page is no article.
_MOST_CONTAINERS = 5000


def prune(tree: html.HtmlElement) -> None:
    """Cut and mend *tree* in place, so that what is left of its paragraphs is the article's own."""
    for element in _FURNITURE(tree):
        drop(element)
    for element in unseen(tree):  # a large one is the page itself, which a script is to show
        if has_at_most(element, _SMALL):
            drop(element)
    _name_unknown(tree)
    drop_asides(tree)
    _drop_labelled(tree)
    _drop_notes(tree)
    _drop_links(tree)
    _join_dropped_capitals(tree)
    for element in _IN_PARAGRAPHS(tree):
        styles = " ".join(element.get(name, "") for name in _STYLING)
        if element.tag in _INLINE and not _HIDDEN.search(styles):
            for name in _STYLING:  # whoever reads on shall not judge a word by the style it is in
                element.attrib.pop(name, None)
    for container in _CONTAINERS(tree)[:_MOST_CONTAINERS]:
        _wrap_bare_text(container)


# --- cutting ------------------------------------------------------------------------------------------


def _drop_labelled(tree: html.HtmlElement) -> None:
    total = -1
    for element in _LABELLED(tree):
        said = _said(" ".join(filter(None, map(element.get, _NAMES))))
        stands_alone = said.beside or (said.labelled and not _is_within_sentence(element))
        if stands_alone and has_at_most(element, _SMALL):
            drop(element)
        elif said.elsewhere and element.tag not in ("body", "html", "main"):
            total = length(tree) if total < 0 else total
            if has_at_most(element, int(_PART * total)) and element.find(".//h1") is None:
                drop(element)


class _Said(NamedTuple):
    beside: bool
    labelled: bool
    elsewhere: bool


@lru_cache(maxsize=4096)  # a page has the same few labels again and again
def _said(label: str) -> _Said:
    label = label.lower()
    return _Said(*(pattern.search(label) is not None for pattern in (_BESIDE, _LABELS, _ELSEWHERE)))


def _is_within_sentence(element: html.HtmlElement) -> bool:
    """Whether the words before it have not come to an end, so that without it they had a hole."""
    parent = element.getparent()
    if element.tag not in _INLINE or parent is None:
        return False
    previous = element.getprevious()
    before = ((parent.text if previous is None else previous.tail) or "").rstrip()
    return before[-1:].isalnum() or before.endswith((",", ";", "’s"))


def _drop_notes(tree: html.HtmlElement) -> None:
    """References to notes: "[1]"."""
    for element in _NOTE(tree):
        text = flat(element)
        if _NOTE_MARK.fullmatch(text) and (element.find(".//a") is not None or text.startswith("[")):
            drop(element)


def _drop_links(tree: html.HtmlElement) -> None:
    for element in _LINKED(tree):
        links = [len(flat(link)) for link in _LINKS_ELSEWHERE(element)]
        text = _BUTTONS.sub("", flat(element))
        least = _LIST_OF_LINKS if len(links) > 1 else _ONE_LINK
        if links and sum(links) >= least * len(text) and not SENTENCE_END.search(text):
            drop(element)


# --- mending ------------------------------------------------------------------------------------------


def _join_dropped_capitals(tree: html.HtmlElement) -> None:
    """A large first letter that stands before its paragraph, put back into it."""
    for element in tree.iter("span", "div"):
        following = element.getnext()
        if following is None or following.tag != "p" or len(element) or (element.tail or "").strip():
            continue
        letter = (element.text or "").strip()
        if not _LETTER.fullmatch(letter) or not letter[-1].isupper():
            continue
        first = following
        while not (first.text or "").strip() and len(first):
            first = first[0]
        if (first.text or "").lstrip()[:1].islower():
            first.text = letter + (first.text or "").lstrip()
            drop(element)


def _name_unknown(tree: html.HtmlElement) -> None:
    """Elements of a site's own making ("story-body") are divisions, unless they stand in a line; and so is a
    span of several lines."""
    for element in tree.iter():
        is_block = "-" in element.tag or (element.tag == "span" and element.find("br") is not None)
        if is_block and not any(above.tag in _LINES for above in element.iterancestors()):
            element.tag = "div"


def _wrap_bare_text(container: html.HtmlElement) -> None:
    """Text that stands in *container* beside blocks or between line breaks, made paragraphs; in a cell of a
    table also where it stands alone."""
    alone = container.tag == "td" and _is_sentences(container) and len(flat(container).encode()) >= REAL
    if not alone and not _has_bare_text(container):
        return
    children = list(container)
    paragraph = _opened(container, 0, container.text)
    container.text = None
    for child in children:
        if child.tag in _INLINE:
            if paragraph is None:
                paragraph = html.Element("p")
                child.addprevious(paragraph)
            paragraph.append(child)  # its tail goes with it
            continue
        behind, child.tail = child.tail, None
        paragraph = _opened(container, container.index(child) + 1, behind)
        if child.tag == "br":
            container.remove(child)


def _has_bare_text(container: html.HtmlElement) -> bool:
    if all(child.tag in _INLINE for child in container):
        return False
    texts = [container.text or "", *(child.tail or "" for child in container)]
    return any(SENTENCE_END.search(text) for text in texts) and sum(len(t.strip()) for t in texts) >= REAL


def _opened(container: html.HtmlElement, index: int, text: str | None) -> html.HtmlElement | None:
    """A new paragraph of *text* in *container*; None where there is no text."""
    if not text or text.isspace():
        return None
    paragraph = html.Element("p")
    paragraph.text = text
    container.insert(index, paragraph)
    return paragraph


def divided(tree: html.HtmlElement) -> list[html.HtmlElement]:
    """The divisions that are an article's paragraphs: of sentences, side by side, and called the same."""
    rows: dict[tuple[html.HtmlElement | None, str], list[html.HtmlElement]] = {}
    for element in tree.iter("div"):
        if _is_sentences(element):
            rows.setdefault((element.getparent(), element.get("class", "")), []).append(element)
    return [
        element
        for row in rows.values()
        if sum(len(flat(each).encode()) >= REAL for each in row) >= _BODY
        for element in row
    ]


def _is_sentences(element: html.HtmlElement) -> bool:
    if any(child.tag not in _INLINE for child in element):
        return False
    return SENTENCE_END.search(flat(element)) is not None
