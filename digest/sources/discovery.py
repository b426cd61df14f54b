"""Which addresses a page offers as its feeds, and which are worth a try where it offers none."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from digest.urls import host, usable

#: Media types of feeds (RFC 4287; RSS Advisory Board; jsonfeed.org).
TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "application/x.atom+xml",
    }
)
#: Ends of a path that are a feed's as a rule; without more, only links that have one are looked at.
ENDS = (
    ".rss",
    ".atom",
    "/rss",
    "/feed",
    "/atom",
    "rss.xml",
    "atom.xml",
    "feed.xml",
    "feed.json",
    "index.rdf",
)
#: Where the programs that most sites run have theirs.
PATHS = ("feed/", "rss.xml", "feed.xml", "atom.xml", "rss", "index.xml", "feed.json", "rss/", "?feed=rss2")
#: As many addresses as are worth asking.
MOST = 12


def offered(page: bytes, url: str) -> list[str]:
    """The feeds that a page at *url* names, its own word first, and feeds of comments last; else links
    that look like feeds, and lie with the same host.
    """
    if not page.strip():
        return []
    try:
        tree = html.document_fromstring(page, parser=html.HTMLParser(huge_tree=False, no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    base = usable(tree.xpath("string(//base[@href]/@href)"), url) or url
    named = list(_named(tree, base))
    found = named or [link for link in _links(tree, base) if host(link) == host(url)]
    return sorted(dict.fromkeys(found), key=_is_of_comments)[:MOST]


def common_addresses(url: str) -> list[str]:
    """Addresses below *url*, and at the root of its host, where a feed often is."""
    parts = urlsplit(url)
    folder = urljoin(url, parts.path if parts.path.endswith("/") else f"{parts.path}/")
    root = urljoin(url, "/")
    found = (usable(urljoin(place, path)) for path in PATHS for place in (folder, root))
    return list(dict.fromkeys(filter(None, found)))[:MOST]


def _named(tree: html.HtmlElement, base: str) -> Iterator[str]:
    for link in tree.iter("link"):
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        relations = (link.get("rel") or "").lower().split()
        address = usable((link.get("href") or "").strip(), base)
        if "alternate" in relations and kind in TYPES and address:
            yield address


def _links(tree: html.HtmlElement, base: str) -> Iterator[str]:
    for link in tree.iter("a"):
        address = usable((link.get("href") or "").strip(), base)
        if address and urlsplit(address).path.rstrip("/").lower().endswith(ENDS):
            yield address


def _is_of_comments(address: str) -> bool:
    return "comment" in urlsplit(address).path.lower()
