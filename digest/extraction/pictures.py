"""The picture of a page, with its caption and its credit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urldefrag, urlsplit

from lxml import etree, html

from digest.extraction import jsonld
from digest.extraction.credits import Words, normal_credit, split_credit
from digest.extraction.meta import Meta
from digest.model import Image
from digest.text import clean
from digest.urls import usable

#: Pixels: smaller ones are logos and icons.
_SMALLEST = 200
#: Figures that are looked at: the article's own picture is among the first.
_MOST_FIGURES = 20
#: Where a page's other picture may stand in for the one without a credit.
_FIRST = 3
#: What a site shows where an article has no picture.
_STANDS_IN = re.compile(
    r"default|logo|placeholder|fallback|favicon|sprite|spacer|blank|avatar|missing|\.svg$", re.IGNORECASE
)
_FIGURES = etree.XPath("//figure[.//img][not(ancestor::aside or ancestor::nav or ancestor::footer)]")
_IS_CREDIT = re.compile(r"credit|copyright|photographer|attribution", re.IGNORECASE)
_SAYS_CAPTION = re.compile(r"^(?:(?:image|media|photo)\s+caption\s*:?|caption\s*:)\s*", re.IGNORECASE)
_FILE_NAME = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)$", re.IGNORECASE)


def read_picture(tree: html.HtmlElement, node: jsonld.Node, meta: Meta, base: str) -> Image | None:
    """The picture that the page shows to others, with the words that stand below it.

    Where nothing says who made that one, it is the page's first figure that says so. None where there is
    no picture, or only an icon.
    """
    figures = list(_figures(tree, base))
    declared = _declared(node, meta, base)
    if declared is None:
        return next((figure for figure, _ in figures if figure.caption or figure.credit), None)
    name = _name(declared.url)
    shown = next((figure for figure, names in figures if name in names), None)
    if shown:
        declared = replace(
            declared,
            alt=declared.alt or shown.alt,
            caption=shown.caption or declared.caption,
            credit=shown.credit or declared.credit,
        )
    if declared.credit:
        return declared
    return next((figure for figure, _ in figures[:_FIRST] if figure.credit), declared)


def _declared(node: jsonld.Node, meta: Meta, base: str) -> Image | None:
    """The picture for social media, which is the larger one, with what JSON-LD knows of the same."""
    shared, structured = _from_meta(meta, base), _from_jsonld(node, base)
    if shared is None or structured is None:
        return shared or structured
    if _name(shared.url) != _name(structured.url):
        return structured if structured.credit else shared
    return replace(shared, caption=structured.caption, credit=structured.credit)


def _from_jsonld(node: jsonld.Node, base: str) -> Image | None:
    for value in jsonld.many(node.get("image")):
        url = _picture(jsonld.address(value), base)
        about = value if isinstance(value, dict) else {}
        width, height = _pixels(about.get("width")), _pixels(about.get("height"))
        if not url or 0 < width < _SMALLEST:
            continue
        words = split_credit(jsonld.text(about.get("caption")))
        makers = (about.get(key) for key in ("creditText", "creator", "author", "copyrightHolder"))
        credit = words.credit or next(filter(None, map(normal_credit, map(jsonld.text, makers))), "")
        return Image(url=url, caption=words.caption, credit=credit, width=width, height=height)
    return None


def _from_meta(meta: Meta, base: str) -> Image | None:
    url = _picture(meta.first("og:image:secure_url", "og:image", "og:image:url", "twitter:image"), base)
    width, height = _pixels(meta.first("og:image:width")), _pixels(meta.first("og:image:height"))
    if not url or 0 < width < _SMALLEST:
        return None
    alt = _alt(meta.first("og:image:alt", "twitter:image:alt"))
    return Image(url=url, alt=alt, width=width, height=height)


def _figures(tree: html.HtmlElement, base: str) -> Iterator[tuple[Image, set[str]]]:
    """The page's figures with the names of the files that they may show."""
    for figure in _FIGURES(tree)[:_MOST_FIGURES]:
        pictures = list(figure.iter("img", "source"))
        urls = [
            url for picture in pictures for source in _sources(picture) if (url := _picture(source, base))
        ]
        if urls:
            words = _words_below(figure)
            alt = next((alt for picture in pictures if (alt := _alt(picture.get("alt") or ""))), "")
            image = Image(url=urls[0], alt=alt, caption=words.caption, credit=words.credit)
            yield image, set(map(_name, urls))


def _sources(picture: html.HtmlElement) -> Iterator[str]:
    for name in ("src", "data-src", "data-original", "data-lazy-src"):
        if value := picture.get(name):
            yield value
    for name in ("srcset", "data-srcset"):
        for candidate in (picture.get(name) or "").split(", ")[:10]:
            yield from candidate.split()[:1]


def _words_below(figure: html.HtmlElement) -> Words:
    caption = figure.find(".//figcaption")
    credit = next(
        (
            words
            for element in figure.iter()
            if _IS_CREDIT.search(f"{element.get('class', '')} {element.get('itemprop', '')}")
            and (words := clean(" ".join(element.itertext())))
        ),
        "",
    )
    whole = "" if caption is None else clean(" ".join(caption.itertext()))
    below = split_credit(_SAYS_CAPTION.sub("", whole.replace(credit, " ") if credit else whole))
    return Words(below.caption, normal_credit(credit) or below.credit)


def _picture(url: str, base: str) -> str:
    address = urldefrag(usable(url, base)).url
    return "" if _STANDS_IN.search(urlsplit(address).path.rpartition("/")[2]) else address


def _name(url: str) -> str:
    """What stays the same of a picture's address in all its sizes and cuts: the file's name, roughly."""
    name = urlsplit(url).path.rstrip("/").rpartition("/")[2].rpartition(".")[0].lower()
    return re.sub(r"[-_@]?\d{2,4}x\d{0,4}$|[-_]\d{3,4}w?$|-scaled$", "", name) or url


def _alt(text: str) -> str:
    return "" if _FILE_NAME.search(text) else clean(text)


def _pixels(value: object) -> int:
    found = re.match(r"\s*(\d{1,5})", str(value)) if value is not None else None
    return int(found[1]) if found else 0
