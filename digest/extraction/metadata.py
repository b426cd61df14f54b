"""What a page says about its article: address, authors, dates, language, section, kind, paywall."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from lxml import etree, html

from digest.extraction import jsonld
from digest.extraction.meta import Meta, read_meta
from digest.extraction.pictures import read_picture
from digest.model import Image, Kind
from digest.text import clean
from digest.urls import canonical, host, usable


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Every field may be empty: a page need not say anything."""

    canonical_url: str = ""
    title: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    language: str = ""
    categories: tuple[str, ...] = ()
    kind: Kind | None = None
    image: Image | None = None
    paywalled: bool = False


_KINDS_BY_TYPE = {
    "OpinionNewsArticle": Kind.COLUMN,
    "AnalysisNewsArticle": Kind.ANALYSIS,
    "InterviewArticle": Kind.INTERVIEW,
    "VideoObject": Kind.VIDEO,
    "PodcastEpisode": Kind.PODCAST,
    "RadioEpisode": Kind.PODCAST,
    "AudioObject": Kind.PODCAST,
}
_KINDS_BY_WORD = {
    "opinion": Kind.COLUMN,
    "opinions": Kind.COLUMN,
    "op-ed": Kind.COLUMN,
    "editorial": Kind.COLUMN,
    "editorials": Kind.COLUMN,
    "commentary": Kind.COLUMN,
    "column": Kind.COLUMN,
    "columns": Kind.COLUMN,
    "columnists": Kind.COLUMN,
    "analysis": Kind.ANALYSIS,
    "news analysis": Kind.ANALYSIS,
    "interview": Kind.INTERVIEW,
    "interviews": Kind.INTERVIEW,
    "q&a": Kind.INTERVIEW,
    "podcast": Kind.PODCAST,
    "podcasts": Kind.PODCAST,
    "video": Kind.VIDEO,
    "videos": Kind.VIDEO,
}
#: How publishers name the part of their offer that is for subscribers (article:content_tier).
_PAID_TIERS = frozenset({"locked", "metered", "paid", "premium", "subscriber", "subscribers"})
_LANGUAGE = re.compile(
    r"^([a-z]{2,3})(?:[-_](latn|cyrl|arab|hans|hant))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_.@].*)?$", re.IGNORECASE
)
_BYLINES = etree.XPath(
    "//*[@rel='author' or @itemprop='author'][not(self::meta) and not(self::link)] | //address//a"
)
_TIMES = etree.XPath("//time[@datetime and (@pubdate or @itemprop='datePublished')]/@datetime")

_NO_NAME = re.compile(
    r"\b(?:admin|administrator|anonymous|authors?|editorial|newsroom|(?:news|web) ?desk|news|staff|team"
    r"|unknown|webmaster|redaktion|redaction|user|no-?reply|none|null|reporters?|correspondents?|editors?"
    r"|writers?|columnists?|contributors?|bureau|producers?|wire (?:service|report)s?)\b"
    r"|[@<>{}\d]|://|\.(?:com|org|net)\b",
    re.IGNORECASE,
)
_BY = re.compile(
    r"^(?:(?:written|analysis|opinion|reporting|words)\s+)?by\b:?\s+|^von\s+|^par\s+|^por\s+", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*(?:;|\||,|\s&\s|\s(?:and|und|et|y|e)\s)\s*", re.IGNORECASE)
_MOST_AUTHORS = 6


def read_metadata(tree: html.HtmlElement, *, url: str, outlet: str) -> Metadata:
    """*url* is where the page was found; *outlet* is never its own author."""
    meta = read_meta(tree)
    found = jsonld.nodes(tree)
    # A page that calls itself an article is none about the video in it.
    node = jsonld.article(found, only_articles=meta.first("og:type").casefold() == "article")
    categories = _categories(node, meta)
    publisher = jsonld.text(node.get("publisher"))
    return Metadata(
        canonical_url=_canonical(meta, url),
        title=meta.first("og:title", "twitter:title")
        or jsonld.text(node.get("headline"))
        or " ".join((tree.findtext(".//title") or "").split()),
        description=meta.first("og:description", "description") or jsonld.text(node.get("description")),
        authors=_authors(node, meta, tree, {outlet, publisher, meta.first("og:site_name")}),
        published=_published(node, meta, tree),
        updated=moment(jsonld.text(node.get("dateModified")) or meta.first("article:modified_time")),
        language=language_tag(jsonld.text(node.get("inLanguage")))
        or language_tag(meta.first("lang", "content-language", "og:locale")),
        categories=categories,
        kind=_kind(jsonld.types(node), (*categories, jsonld.text(node.get("genre"))), meta),
        image=read_picture(tree, node, meta, url),
        paywalled=_is_paywalled(found, meta),
    )


def is_name(text: str) -> bool:
    """Whether *text* can be a person's or a body's name: no role account, address or address of a page."""
    return 0 < len(text) <= 60 and len(text.split()) <= 6 and not _NO_NAME.search(text)


def moment(text: str) -> datetime | None:
    """An ISO 8601 or RFC 5322 date in UTC; one without a zone is taken as UTC. None for anything else."""
    text = text.strip()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        try:
            found = parsedate_to_datetime(text)
        except (ValueError, IndexError, TypeError):
            return None
    if not 1990 <= found.year <= 2200:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def language_tag(text: str) -> str:
    """BCP 47 of what pages write ("en_US.UTF-8", "EN-us"); "" for anything else."""
    found = _LANGUAGE.match(text.strip())
    if not found:
        return ""
    script, region = found[2], found[3]
    parts = (found[1].lower(), script.title() if script else "", region.upper() if region else "")
    return "-".join(filter(None, parts))


def _canonical(meta: Meta, url: str) -> str:
    """The address that the page itself gives, where it can be believed; "" otherwise.

    It must be of the same site (a page may not pose as another's), and no front page.
    """
    here = canonical(url)
    for declared in (meta.first("link:canonical"), meta.first("og:url")):
        address = canonical(usable(declared, url))
        if host(address) == host(here) and (urlsplit(address).path.strip("/") or address == here):
            return address
    return ""


def _authors(node: jsonld.Node, meta: Meta, tree: html.HtmlElement, outlets: set[str]) -> tuple[str, ...]:
    own = {outlet.casefold() for outlet in outlets}

    def named(texts: Iterable[str]) -> tuple[str, ...]:
        names = dict.fromkeys(name for text in texts for name in split_authors(text))
        return tuple(name for name in names if name.casefold() not in own)[:_MOST_AUTHORS]

    declared = meta.all("author", "article:author", "byl", "parsely-author", "sailthru.author", "dc.creator")
    shown = (clean(" ".join(element.itertext())) for element in _BYLINES(tree)[:10])
    return named(_people(node)) or named(declared) or named(text for text in shown if len(text) <= 120)


def _people(node: jsonld.Node) -> Iterator[str]:
    for author in jsonld.many(node.get("author")):
        if not isinstance(author, dict) or "Organization" not in jsonld.types(author):
            # One name may itself be a list of names, and a list of names one author.
            names = author.get("name") if isinstance(author, dict) else author
            yield from (clean(name) for name in jsonld.many(names) if isinstance(name, str))


def split_authors(text: str) -> Iterator[str]:
    """The names in a byline: "By Ana Sá and Bo Ek, Staff Writers" has two."""
    for part in _BETWEEN.split(_BY.sub("", text)):
        name = _BY.sub("", part.strip(" .,"))
        if " " in name and name.isupper():
            name = name.title()
        is_degree = name != text and len(name) <= 4 and name.isupper()  # "Ana Sá, MD"
        if is_name(name) and not is_degree:
            yield name


def _published(node: jsonld.Node, meta: Meta, tree: html.HtmlElement) -> datetime | None:
    candidates = (
        jsonld.text(node.get("datePublished") or node.get("uploadDate")),
        *meta.all("article:published_time", "datepublished", "parsely-pub-date", "og:published_time", "date"),
        *meta.all("dc.date", "dc.date.issued", "pubdate", "publish-date", "sailthru.date"),
        *_TIMES(tree)[:3],
    )
    return next((when for when in map(moment, candidates) if when), None)


def _categories(node: jsonld.Node, meta: Meta) -> tuple[str, ...]:
    sections = [one for one in jsonld.many(node.get("articleSection")) if isinstance(one, str)]
    named = (clean(name) for name in (*sections, *meta.all("article:section")))
    return tuple(dict.fromkeys(name for name in named if 0 < len(name) <= 60))[:8]


def _kind(types: Sequence[str], words: Iterable[str], meta: Meta) -> Kind | None:
    by_type = next((_KINDS_BY_TYPE[kind] for kind in types if kind in _KINDS_BY_TYPE), None)
    by_word = next((_KINDS_BY_WORD[w.casefold()] for w in words if w.casefold() in _KINDS_BY_WORD), None)
    by_graph = Kind.VIDEO if not types and meta.first("og:type").startswith("video") else None
    return by_type or by_word or by_graph


def _is_paywalled(found: Sequence[jsonld.Node], meta: Meta) -> bool:
    """By schema.org's paywalled content: the article, or a part of it, is not accessible for free."""
    if meta.first("article:content_tier").casefold() in _PAID_TIERS:
        return True
    for node in found:
        parts = (part for part in jsonld.many(node.get("hasPart")) if isinstance(part, dict))
        for one in (node, *parts):
            if str(one.get("isAccessibleForFree", "")).strip().casefold().rpartition("/")[2] == "false":
                return True
    return False
