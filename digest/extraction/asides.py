"""What stands on an article's page beside it, known by its build and not by its name.

Site builders give their elements names that say nothing ("css-1x2y3"); but teasers come in rows, a sign-up
has a field for an address, and a second headline of the first rank begins another article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from lxml import etree, html

from digest.extraction.elements import REAL, SENTENCE_END, drop, flat, has_at_most, length

_ARTICLES = etree.XPath("//article[.//h1]")
_FIELDS = etree.XPath("//form | //input[@type='email']")
_LINKS = etree.XPath(".//a[@href][not(ancestor::p)]")
_PROSE = etree.XPath(".//p[string-length(normalize-space(.)) > 0]")
_OWN_PROSE = etree.XPath(".//p | .//div[not(*)]")
#: A sign-up has this many characters at most, and so many elements around its form.
_SIGN_UP, _STEPS = 400, 6
#: Forms that are examined, and rows of teasers.
_MOST_FIELDS, _MOST_ROWS = 20, 300
#: So many elements alike make a row; each has this many characters at most, a headline of this many.
_ROW, _TEASER, _HEADLINE = 3, 500, 15
#: The part of the page's words that a row has at most, else it is the page itself, a list; unless none of
#: them says more than a teaser does.
_PART, _SHORT = 0.5, 250
#: Behind a link: the sentence goes on.
_GOES_ON = re.compile(r"(?:[,;:]|\s+[a-zà-ÿ])")
_WHOLE = frozenset(("body", "html", "main", "article"))


def drop_asides(tree: html.HtmlElement) -> None:
    """Cut from *tree* other articles and their teasers, and sign-ups."""
    for element in (*_further_articles(tree), *_sign_ups(tree), *_teasers(tree)):
        drop(element)


def _further_articles(tree: html.HtmlElement) -> list[html.HtmlElement]:
    """What is loaded below the article, as a reader scrolls on."""
    found = _ARTICLES(tree)
    own = next((n for n, each in enumerate(found) if _has_prose(each)), len(found))
    return [
        each
        for each in found[own + 1 :]
        if each.getparent() is not None and found[own] not in each.iterancestors()
    ]


def _has_prose(element: html.HtmlElement) -> bool:
    """Whether it has more than a headline and a teaser, which the name of a site or a picture has not."""
    total = 0
    for paragraph in _OWN_PROSE(element):
        total += length(paragraph)
        if total > _SHORT:
            return True
    return False


def _sign_ups(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Each form with the words around it that praise what it is for."""
    for field in _FIELDS(tree)[:_MOST_FIELDS]:
        box = field
        for _ in range(_STEPS):
            above = box.getparent()
            if above is None or above.tag in _WHOLE or not _is_sign_up(above):
                break
            box = above
        if _is_sign_up(box):
            yield box


def _is_sign_up(box: html.HtmlElement) -> bool:
    """Whether it has few words, and of sentences not more than one paragraph: an article has more."""
    if not has_at_most(box, _SIGN_UP) or box.find(".//h1") is not None:
        return False
    prose = (flat(paragraph) for paragraph in _PROSE(box))
    return sum(len(text.encode()) >= REAL and SENTENCE_END.search(text) is not None for text in prose) < 2


def _teasers(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Elements in rows, each a headline that is a link and a sentence or two."""
    total, here = -1, _here(tree)
    for row in _rows(tree):
        if all(_is_teaser(each, here) for each in row):
            total = length(tree) if total < 0 else total
            lengths = list(map(length, row))
            if sum(lengths) <= _PART * total or max(lengths) <= _SHORT:
                yield from row


def _rows(tree: html.HtmlElement) -> Iterator[list[html.HtmlElement]]:
    """Lots of children of one element that are called the same."""
    examined = 0
    for parent in tree.iter("div", "section", "ul", "ol", "aside", "main", "article"):
        if len(parent) < _ROW:
            continue
        alike: dict[tuple[str, str], list[html.HtmlElement]] = {}
        for child in parent:
            if child.tag in ("div", "li", "article", "section") and (label := child.get("class")):
                alike.setdefault((child.tag, label), []).append(child)
        for row in alike.values():
            if len(row) >= _ROW:
                examined += 1
                if examined > _MOST_ROWS:
                    return
                yield row


def _is_teaser(element: html.HtmlElement, here: SplitResult) -> bool:
    if not has_at_most(element, _TEASER) or len(_PROSE(element)) > 2:
        return False
    headlines = [link for link in _LINKS(element) if len(flat(link)) >= _HEADLINE]
    return bool(headlines) and all(_leads_on(link, here) for link in headlines)


def _leads_on(link: html.HtmlElement, here: SplitResult) -> bool:
    """Whether a headline leads to another page of the site.

    One that begins a sentence is no headline, nor one that leads to a part of the page itself, as an entry of
    a live blog has it.
    """
    to = _split(link.get("href"))
    in_a_sentence = _GOES_ON.match(link.tail or "") is not None
    is_part = to.fragment and to.path in ("", here.path) and not to.query
    return to.netloc in ("", here.netloc) and not in_a_sentence and not is_part


def _here(tree: html.HtmlElement) -> SplitResult:
    """The page's own address, as it says itself."""
    for link in tree.iter("link"):
        if link.get("rel") == "canonical":
            return _split(link.get("href") or "")
    return _split("")


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
