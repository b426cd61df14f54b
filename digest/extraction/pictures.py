"""The picture of a page, with its caption and its credit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urldefrag, urlsplit

from lxml import etree, html

from digest.extraction import jsonld
from digest.extraction.captions import Words, fuller, split_credit
from digest.extraction.credits import normal_credit
from digest.extraction.elements import has_at_most
from digest.extraction.meta import Meta
from digest.model import Image
from digest.urls import usable
from digest.words.text import clean, unescape

#: Pixels: smaller ones are logos and icons; one below the second limit gives way to a larger one, and no
#: mail needs more than the third.
_SMALLEST, _SMALL, _LARGEST = 200, 600, 2000
#: Figures that are examined: the article's own picture is among the first.
_MOST_FIGURES = 20
#: Where a page's other picture may stand in for the one without a credit.
_FIRST = 3
#: What a site shows where an article has no picture: by file name, and by whole address.
_STANDS_IN = re.compile(
    r"(?:^|[-_.])(?:default|logos?|placeholder|fallback|favicon|sprite|spacer|blank|avatar|generic|pixel"
    r"|wordmark|1x1)(?:[-_.\d]|$)|no-?image|image-?missing|^missing|og[-_]?(?:image|default)"
    r"|(?:touch|app|site)[-_]?icon|(?:share|sharing|facebook|twitter|social)[-_]?(?:image|default|card|snippet)"
    r"|sharing_|\.svg$",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"gravatar|blavatar|doubleclick|scorecardresearch|quantserve|/sharing_", re.IGNORECASE
)
_FIGURES = etree.XPath(
    "//figure[.//img or .//amp-img][not(ancestor::aside or ancestor::nav or ancestor::footer"
    " or ancestor::*[contains(@class, 'sidebar') or contains(@id, 'sidebar') or contains(@class, 'author')])]"
)
_CAPTIONED = etree.XPath(
    "//*[contains(@class, 'caption') or contains(@class, 'credit') or @itemprop='caption']"
    "[not(ancestor::figure or ancestor::aside or ancestor::nav or ancestor::footer)]"
)
_BARE = etree.XPath(
    "//*[self::img or self::amp-img][not(ancestor::figure or ancestor::aside or ancestor::nav"
    " or ancestor::footer or ancestor::a[.//*[self::h2 or self::h3 or self::h4]])]"
)
#: An address may have commas in it: a comma parts two only behind a size, or before a space.
_BETWEEN_SOURCES = re.compile(r",\s+|(?<=\d[wx]),")
#: Characters of a caption with its credit, at most.
_FEW = 400
#: Steps from the words below a picture up to what holds both, and the pictures that this one has at most.
_STEPS, _MOST_PICTURES = 4, 2
_IS_CREDIT = re.compile(r"credit|copyright|photographer|attribution", re.IGNORECASE)
_IS_CAPTION = re.compile(r"caption", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?|][\"”’)]*$")
#: Behind such words is no picture of the article.
_PROMOTES = re.compile(r"\bsubscri|\bnewsletter|\bsister (?:title|publication|site)", re.IGNORECASE)
_FILE_NAME = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)$|^[\w-]*[-_][\w-]*$", re.IGNORECASE)
#: Of a picture's address, what many pictures have alike: sizes, cuts, and names that say nothing.
_SIZE = re.compile(r"[-_@]?\d{2,4}x\d{0,4}$|[-_]\d{3,4}w?$|-scaled$|-\d{2,4}-\d{2,3}$", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"(?:raw)?image|original|social|photo|picture|main|large|medium|full|crop|jpe?g|square|landscape|v\d",
    re.IGNORECASE,
)
_TELLING = 5
#: What stands between the end of an element and the mark behind it: "<i>The Bridge</i>, a film".
_PARTED = re.compile(r" (?=[,.;:!?)](?:\s|\Z)|[’']s\b)")
#: Search terms and a file's number describe no picture: "salt river bridge", "111819 Bridge".
_NO_WORDS = re.compile(
    r"(?!.*\b(?:an?|and|at|by|for|from|his|her|in|of|on|the|their|to|with)\b)[a-z\d -]+\Z|\d{5,}\b"
)


def read_picture(tree: html.HtmlElement, node: jsonld.Node, meta: Meta, base: str) -> Image | None:
    """The picture that the page shows to others, with the words that stand below it.

    Where nothing says who made that one, it is the page's first figure that says so. None where there is
    no picture, or only an icon.
    """
    declared = _declared(node, meta, base)
    figures = list(_figures(_FIGURES(tree)[:_MOST_FIGURES], base))
    if not (chosen := _with_words(declared, figures)) or not chosen.credit:
        figures += _figures(_holders(tree), base)
        chosen = _with_words(declared, figures)
    if not chosen or not chosen.credit:
        signed = _figures(_signed(tree), base, lambda holder: split_credit(_text(holder)))
        chosen = _with_words(declared, [*figures, *signed])
    if chosen and not chosen.credit:
        chosen = next((figure for figure, _ in figures[:_FIRST] if figure.credit), chosen)
    return chosen and _worded(chosen, meta)


def _with_words(declared: Image | None, figures: Sequence[tuple[Image, set[str]]]) -> Image | None:
    """*declared* with the words of the figure that shows it; without it, the first figure that has any."""
    if declared is None:
        return next((figure for figure, _ in figures if figure.caption or figure.credit), None)
    name = _name(declared.url)
    shown = next((figure for figure, names in figures if name in names), None)
    if shown is None:
        return declared
    larger = shown if 0 < declared.width < min(_SMALL, shown.width) else declared
    return replace(
        larger,
        alt=declared.alt or shown.alt,
        caption=shown.caption or declared.caption,
        credit=shown.credit or declared.credit,
    )


def _worded(image: Image, meta: Meta) -> Image:
    """*image* without a headline in place of its own words, or before them."""
    titles = meta.all("og:title", "twitter:title")
    alt, caption = _without_site(image.alt, meta.first("og:site_name")), image.caption
    for title in titles:
        alt = "" if alt.casefold() == title.casefold() else alt
        caption = caption.removeprefix(title).strip()
    caption = "" if caption.endswith("?") else caption  # the title of what is behind it
    return replace(image, alt="" if _NO_WORDS.match(alt) else alt, caption=caption)


def _without_site(alt: str, site: str) -> str:
    """ "Example News. A bridge in the rain" is what a page tells others of a picture of the bridge."""
    before = re.match(rf"{re.escape(site)}(?:[.:]| [-–—|]) +(?=\S+ )", alt) if site else None
    return alt[before.end() :] if before else alt


def _declared(node: jsonld.Node, meta: Meta, base: str) -> Image | None:
    """The picture for social media, which is the larger one, with what JSON-LD knows of the same."""
    shared, structured = _from_meta(meta, base), _from_jsonld(node, base)
    if shared is None or structured is None:
        return shared or structured
    if _name(shared.url) != _name(structured.url):
        is_better = structured.credit or 0 < shared.width < _SMALL < structured.width
        return structured if is_better else shared
    larger = structured if 0 < shared.width < min(_SMALL, structured.width) else shared
    return replace(larger, alt=shared.alt, caption=structured.caption, credit=structured.credit)


def _from_jsonld(node: jsonld.Node, base: str) -> Image | None:
    """The largest of those that are given, or the first where sizes are not."""
    found: list[Image] = []
    for value in jsonld.many(node.get("image") or node.get("thumbnailUrl") or node.get("primaryImageOfPage")):
        url = _picture(jsonld.address(value), base)
        about = value if isinstance(value, dict) else {}
        width, height = _pixels(about.get("width")), _pixels(about.get("height"))
        if not url or 0 < width < _SMALLEST:
            continue
        words = split_credit(jsonld.text(about.get("caption")))
        makers = (about.get(key) for key in ("creditText", "creator", "author", "copyrightHolder"))
        credit = words.credit or next(filter(None, map(normal_credit, map(jsonld.text, makers))), "")
        caption = "" if _FILE_NAME.search(words.caption) else words.caption
        found.append(Image(url=url, caption=caption, credit=credit, width=width, height=height))
    return max(found, key=lambda image: image.width, default=None)


def _from_meta(meta: Meta, base: str) -> Image | None:
    url = _picture(
        meta.first("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
        or meta.first("image", "thumbnailurl", "link:image_src", "parsely-image-url", "sailthru.image.full"),
        base,
    )
    width, height = _pixels(meta.first("og:image:width")), _pixels(meta.first("og:image:height"))
    if not url or 0 < width < _SMALLEST:
        return None
    alt = _alt(split_credit(unescape(meta.first("og:image:alt", "twitter:image:alt"))))
    return Image(url=url, alt=alt, width=width, height=height)


# --- the page's figures -------------------------------------------------------------------------------


def _figures(
    elements: Iterable[html.HtmlElement], base: str, read: Callable[[html.HtmlElement], Words] | None = None
) -> Iterator[tuple[Image, set[str]]]:
    """What each of *elements* shows, with the names of the files that it may show; its words by *read*."""
    for figure in elements:
        sources = [
            (url, width, picture.get("alt") or "")
            for picture in figure.iter("img", "amp-img", "source")
            for source, width in _sources(picture)
            if (url := _picture(source, base)) and not 0 < width < _SMALLEST
        ]
        words = (read or _words_below)(figure)
        if sources and not _PROMOTES.search(words.caption):
            url, width, alt = max(sources, key=lambda source: source[1] if source[1] <= _LARGEST else _SMALL)
            spoken = split_credit(unescape(alt or next(filter(None, (alt for _, _, alt in sources)), "")))
            # An alt text with a credit is the caption over again: "A bridge. (AP Photo/Ana Sá)".
            caption = words.caption or (spoken.caption if spoken.credit else "")
            credit = fuller(words.credit, spoken.credit)
            image = Image(url=url, alt=_alt(spoken), caption=caption, credit=credit, width=width)
            yield image, {_name(url) for url, _, _ in sources}


def _holders(tree: html.HtmlElement) -> list[html.HtmlElement]:
    """What holds a picture and its caption or credit where the page has no ``<figure>`` for it."""
    found: dict[html.HtmlElement, None] = {}
    for words in _CAPTIONED(tree)[:_MOST_FIGURES]:
        holder = words
        for _ in range(_STEPS):
            pictures = sum(1 for _ in holder.iter("img", "amp-img"))
            if pictures or holder.getparent() is None:
                break
            holder = holder.getparent()
        if 0 < pictures <= _MOST_PICTURES:
            found[holder] = None
    return list(found)


def _signed(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """What holds a picture and few words that end in a credit, whatever it is called."""
    for picture in _BARE(tree)[:_MOST_FIGURES]:
        holder = picture
        for _ in range(_STEPS):
            if holder.getparent() is None or not has_at_most(holder, 0):
                break
            holder = holder.getparent()
        words = _text(holder) if has_at_most(holder, _FEW) else ""
        pictures = sum(1 for _ in holder.iter("img", "amp-img"))
        if words and pictures <= _MOST_PICTURES and split_credit(words).credit:
            yield holder


def _sources(picture: html.HtmlElement) -> Iterator[tuple[str, int]]:
    """The addresses that *picture* may be loaded from, each with its width in pixels, 0 when unknown."""
    for name in ("src", "data-src", "data-original", "data-lazy-src", "data-img-url", "data-url"):
        if value := picture.get(name):
            yield value, _pixels(picture.get("width"))
    for name in ("srcset", "data-srcset", "data-lazy-srcset"):
        for candidate in _BETWEEN_SOURCES.split(picture.get(name) or "")[:12]:
            address, _, size = candidate.strip().partition(" ")
            yield address, _pixels(size) if size.endswith("w") else 0


def _words_below(figure: html.HtmlElement) -> Words:
    labelled = _text(_labelled(figure, _IS_CREDIT))
    caption = figure.find(".//figcaption")
    whole = _text(_labelled(figure, _IS_CAPTION) if caption is None else caption)
    below = split_credit(whole.replace(labelled, " ") if labelled else whole)
    within = split_credit(labelled)
    if _SENTENCE_END.search(within.caption):  # an element for both calls itself the credit
        return Words(below.caption or within.caption, fuller(within.credit, below.credit))
    return Words(below.caption, fuller(normal_credit(labelled), below.credit))


def _labelled(figure: html.HtmlElement, label: re.Pattern[str]) -> html.HtmlElement | None:
    """The innermost element of *figure* with such a label; of several the one with most words."""
    found = [element for element in figure.iter() if label.search(_label(element))]
    outer = {above for element in found for above in element.iterancestors()}
    innermost = (element for element in found if element not in outer)
    return max(innermost, key=lambda element: len(_text(element)), default=None)


def _text(element: html.HtmlElement | None) -> str:
    return "" if element is None else _PARTED.sub("", clean(" ".join(element.itertext())))


def _label(element: html.HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('itemprop', '')}" if isinstance(element.tag, str) else ""


def _picture(url: str, base: str) -> str:
    address = urldefrag(usable(url, base)).url
    is_other = _STANDS_IN.search(urlsplit(address).path.rpartition("/")[2]) or _ELSEWHERE.search(address)
    return "" if is_other else address


def _name(url: str) -> str:
    """What stays the same of a picture's address in all its sizes and cuts: the file's name, roughly."""
    parts = urlsplit(url)
    inner = dict(parse_qsl(parts.query)).get("url", "")
    path = urlsplit(inner).path if inner.startswith("http") else parts.path
    for segment in reversed(unquote(path).lower().split("/")):
        name = segment.rpartition(".")[0] or segment
        while name != (shorter := _SIZE.sub("", name)):
            name = shorter
        if len(name) >= _TELLING and not _SAYS_NOTHING.fullmatch(name):
            return name
    return url


def _alt(spoken: Words) -> str:
    return "" if _FILE_NAME.search(spoken.caption) else spoken.caption


def _pixels(value: object) -> int:
    found = re.match(r"\s*(\d{1,5})(?!%)", str(value)) if value is not None else None
    return int(found[1]) if found else 0
