"""An article's page: its text, and what the feed did not say.

::

    decode | parse | metadata | body          bytes → text → tree → facts → paragraphs

Pure: whatever the bytes are, nothing is fetched and nothing is raised. trafilatura finds the text, and is
given a tree, so that it decompresses, decodes and downloads nothing.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace

from lxml import html

from digest.extraction import embedded
from digest.extraction import page as pages
from digest.extraction.body import TOO_SHORT, read_body, without_boilerplate
from digest.extraction.edges import Block
from digest.extraction.edges import article as article_of
from digest.extraction.matter import matter
from digest.extraction.metadata import Metadata, read_metadata, shown_title
from digest.model import Article, Fetched, Image, Kind
from digest.urls import host
from digest.words.bylines import is_name
from digest.words.text import clean_title
from digest.words.wording import without_outlet, without_site

# It reports each page without an article as an error; here that is an answer.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_CUT = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\W*\Z")

#: A page's text of less than this part of the feed's is a teaser: the feed's is kept.
TEASER = 0.5


def read(article: Article, page: Fetched) -> Article:
    """*article* with what its *page* adds.

    Text, picture, section and kind are the page's where it has them; title, authors, dates, description
    and language are the feed's unless it gave none, or cut title or description. A page that is no HTML, or
    holds no article, changes nothing.
    """
    if not pages.is_html(page.headers, page.body):
        return article
    tree = pages.parse(pages.decode(page.body, page.headers))
    if tree is None:
        return article
    facts = read_metadata(tree, url=page.final_url or article.url, outlet=article.outlet)
    on_page = without_outlet(clean_title(facts.title), facts.site or article.outlet)
    title = without_site(_title(article.title, on_page), host(facts.canonical_url or page.final_url))
    description = _description(article.description, facts.description)
    kind = _kind(article, facts)
    body = _body(tree, title, facts, page.final_url or article.url)
    if kind is Kind.VIDEO and _letters(body) in _letters(description):
        body = ""  # the words below the player are no article
    return replace(
        article,
        title=title,
        canonical_url=facts.canonical_url or article.canonical_url,
        text=body if len(body) > TEASER * len(article.text) else article.text,
        description=description,
        authors=tuple(filter(is_name, article.authors)) or facts.authors,
        published=article.published or facts.published,
        updated=article.updated or facts.updated,
        language=article.language or facts.language,
        categories=article.categories or facts.categories,
        kind=kind,
        image=_image(article.image, facts.image),
        paywalled=article.paywalled or facts.paywalled,
    )


def _title(in_feed: str, on_page: str) -> str:
    """The feed's, unless it is the beginning of the page's."""
    begun = in_feed.rstrip(" .…")
    is_cut = begun and in_feed.endswith(("...", "…")) and on_page.casefold().startswith(begun.casefold())
    return on_page if is_cut or not in_feed else in_feed


def _description(in_feed: str, on_page: str) -> str:
    """The feed's, unless that was cut, and the page's was not."""
    return on_page if on_page and _CUT.search(in_feed) and not _CUT.search(on_page) else in_feed or on_page


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _body(tree: html.HtmlElement, title: str, facts: Metadata, url: str) -> str:
    """What the page shows; what its data hold where that is too little, and they are for everybody."""
    scripts = embedded.scripts(tree)
    few = pages.elements(tree) <= pages.MOST_ELEMENTS
    shown = read_body(tree, title=title, authors=facts.authors) if few else ""
    if facts.paywalled or len(shown) >= TOO_SHORT:
        return shown
    own = matter((title, shown_title(tree)), facts.description, facts.canonical_url or url)
    blocks = [Block("p", text) for text in embedded.told(facts.node, scripts, own).split("\n")]
    told = without_boilerplate((block.text for block in article_of(blocks, facts.authors)), title)
    return told if len(told) > len(shown) else shown


def _kind(article: Article, facts: Metadata) -> Kind:
    """The page's word counts where the feed had nothing to say."""
    return facts.kind if facts.kind and article.kind is Kind.REPORT else article.kind


def _image(in_feed: Image | None, on_page: Image | None) -> Image | None:
    """The page's picture, which comes with words; the feed's words where the page has none."""
    if on_page is None or in_feed is None:
        return on_page or in_feed
    if in_feed.credit and not on_page.credit:
        return in_feed
    return replace(on_page, alt=on_page.alt or in_feed.alt)
