"""What a page says about its article: address, authors, dates, language, section, kind, paywall."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from urllib.parse import urlsplit

from lxml import etree, html

from digest.extraction import jsonld
from digest.extraction.authors import is_person, names, said_below_headline
from digest.extraction.dates import day_in_address, moment
from digest.extraction.meta import Meta, read_meta
from digest.extraction.pictures import read_picture
from digest.model import Image, Kind
from digest.urls import canonical, host, usable
from digest.words.bylines import split_authors
from digest.words.text import clean, unescape


def _listed(names: str) -> tuple[str, ...]:
    return tuple(names.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Every field may be empty: a page need not say anything."""

    canonical_url: str = ""
    #: What the site calls itself.
    site: str = ""
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
    #: What JSON-LD says of the article, for whoever reads on.
    node: jsonld.Node = field(default_factory=dict, repr=False)


_KINDS_BY_TYPE = {
    "OpinionNewsArticle": Kind.COLUMN,
    "AnalysisNewsArticle": Kind.ANALYSIS,
    "ReviewNewsArticle": Kind.REVIEW,
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
    "review": Kind.REVIEW,
    "reviews": Kind.REVIEW,
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
#: Words of an address that say as much: "/opinion/2026/…".
_KINDS_BY_PATH = {
    **{word: kind for word, kind in _KINDS_BY_WORD.items() if word not in ("column", "interview", "review")},
    "commentisfree": Kind.COLUMN,
    "opinion-columns": Kind.COLUMN,
    "watch": Kind.VIDEO,
}
_BYLINES = etree.XPath(
    "//*[@rel='author' or @itemprop='author'][not(self::meta) and not(self::link)] | //address//a"
)
_SHOWN = etree.XPath(
    "//*[contains(@class, 'author') or contains(@class, 'byline') or contains(@class, 'by-line')]"
    "[not(ancestor::aside or ancestor::footer"
    " or ancestor::*[contains(@class, 'comment') or contains(@id, 'comment')])]"
)
_IS_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by-?line|authors?)(?:[_-]{1,2}(?:names?|links?|by|single))?(?:$|\s)", re.IGNORECASE
)
_TIMES = etree.XPath(
    "//time[@datetime and (@pubdate or @itemprop='datePublished' or contains(@class, 'publish')"
    " or contains(@class, 'entry-date') or contains(@class, 'dateline'))]/@datetime"
    " | (//article//time/@datetime)[1] | (//header//time/@datetime)[1]"
)
_SHOWN_TIMES = etree.XPath(
    "//*[contains(@class, 'publish') or contains(@class, 'pubdate') or contains(@class, 'article-date')"
    " or contains(@class, 'article_date') or contains(@class, 'post-date') or contains(@class, 'entry-date')]"
)
#: Elements that are examined for one of these.
_MOST_SHOWN = 12
_LONGEST_BYLINE = 120
_MOST_CATEGORIES = 8
#: Where everything is filed.
_NO_CATEGORY = frozenset(
    {
        "all",
        "archiv",
        "archive",
        "article",
        "articles",
        "daily",
        "default",
        "featured",
        "front page",
        "general",
    }
    | {
        "home",
        "homepage",
        "in-house",
        "index",
        "newsletter",
        "post",
        "posts",
        "slider",
        "start",
        "startseite",
    }
    | {"uncategorised", "uncategorized"}
)
_PUBLISHED = _listed(
    """article:published_time article:published article.published og:article:published_time
    og:published_time datepublished parsely-pub-date og:pubdate pubdate pub_date date dc.date dc.date.issued
    dcterms.date dcterms.created publish-date publish_date published published_time sailthru.date
    article_date_original prism.publicationdate citation_publication_date datecreated displaydate pdate"""
)
_UPDATED = _listed(
    """article:modified_time article:modified article.updated article:updated_time og:updated_time
    og:article:modified_time datemodified last-modified lastmod dc.date.modified dcterms.modified
    article_date_updated"""
)
_SECTIONS = _listed(
    """article:section article.section og:section articlesection parsely-section prism.section section
    category"""
)
_AUTHORS = _listed(
    """author article:author_name article_author article:author og:article:author og:author byl
    parsely-author sailthru.author dc.creator dcterms.creator citation_author"""
)


def read_metadata(tree: html.HtmlElement, *, url: str, outlet: str) -> Metadata:
    """*url* is where the page was found; *outlet* is never its own author."""
    meta = read_meta(tree)
    found = jsonld.nodes(tree)
    # A page that calls itself an article is none about the video in it.
    named = meta.first("og:title", "twitter:title")
    is_article = meta.first("og:type").casefold() == "article"
    node = jsonld.article(found, title=named or shown_title(tree), only_articles=is_article)
    categories = _categories(node, found, meta)
    title = named or jsonld.text(node.get("headline"))
    publisher = jsonld.text(node.get("publisher"))
    published = _published(node, meta, tree, url)
    updated = next(
        filter(None, map(moment, (jsonld.text(node.get("dateModified")), *meta.all(*_UPDATED)))), None
    )
    return Metadata(
        canonical_url=_canonical(meta, url),
        site=meta.first("og:site_name", "application-name") or publisher,
        title=title or meta.first("headline") or shown_title(tree),
        description=meta.first("og:description", "description") or jsonld.text(node.get("description")),
        authors=_authors(node, meta, tree, {outlet, publisher, meta.first("og:site_name")}, host(url)),
        published=published,
        updated=updated if updated and (published is None or updated >= published) else None,
        language=language_tag(jsonld.text(node.get("inLanguage")))
        or language_tag(meta.first("lang", "content-language", "og:locale")),
        categories=categories,
        kind=_kind(jsonld.types(node), (*categories, jsonld.text(node.get("genre"))), meta, url),
        image=read_picture(tree, node, meta, url),
        paywalled=_is_paywalled(found, meta),
        node=node,
    )


def shown_title(tree: html.HtmlElement) -> str:
    """What a browser writes over the page."""
    return " ".join((tree.findtext(".//title") or "").split())


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


def _authors(
    node: jsonld.Node, meta: Meta, tree: html.HtmlElement, outlets: set[str], host: str
) -> tuple[str, ...]:
    def named(bylines: Iterable[str]) -> tuple[str, ...]:
        return names(bylines, outlets=outlets, host=host)

    return (
        named(_people(node, ("author", "contributor") if _is_ghost(meta) else ("author",)))
        or named((*meta.all(*_AUTHORS), *_told_to_twitter(meta)))
        or named(_linked_bylines(tree))
        or next(filter(None, map(named, _shown_bylines(tree))), ())
        or named(said_below_headline(tree))
    )


def _linked_bylines(tree: html.HtmlElement) -> list[str]:
    texts = map(_flat, _BYLINES(tree)[:_MOST_SHOWN])
    return [text for text in texts if len(text) <= _LONGEST_BYLINE]


def _is_ghost(meta: Meta) -> bool:
    """Whether Ghost made the page, which calls all authors but the first contributors."""
    return meta.first("generator").startswith("Ghost ")


def _people(node: jsonld.Node, roles: Sequence[str]) -> Iterator[str]:
    named = [one for role in roles for one in jsonld.many(node.get(role))]
    for author in named or jsonld.many(node.get("creator")):
        if not isinstance(author, dict) or "Organization" not in " ".join(jsonld.types(author)):
            # One name may itself be a list of names, and a list of names one author.
            given = author.get("name") if isinstance(author, dict) else author
            yield from (unescape(name) for name in jsonld.many(given) if isinstance(name, str))


def _told_to_twitter(meta: Meta) -> Iterator[str]:
    """ "Written by", as WordPress tells it to Twitter, in whichever language."""
    if re.search(
        r"written|verfasst|geschrieben|escrito|écrit|scritto|door|av\b",
        meta.first("twitter:label1"),
        re.IGNORECASE,
    ):
        yield meta.first("twitter:data1")


def _shown_bylines(tree: html.HtmlElement) -> Iterator[list[str]]:
    """What the page shows as a byline without calling it one, where it has the form of names."""
    shown = [element for element in _SHOWN(tree) if _IS_BYLINE.search(element.get("class", ""))]
    for element in shown[:_MOST_SHOWN]:
        text = _flat(element)
        found = list(split_authors(text)) if len(text) <= _LONGEST_BYLINE else []
        if found and all(map(is_person, found)):
            yield found


def _flat(element: html.HtmlElement) -> str:
    return clean(" ".join(element.itertext()))


def _published(node: jsonld.Node, meta: Meta, tree: html.HtmlElement, url: str) -> datetime | None:
    declared = jsonld.text(node.get("datePublished") or node.get("uploadDate") or node.get("dateCreated"))
    found = [when for when in map(moment, (declared, *meta.all(*_PUBLISHED))) if when]
    if not found or found[0].time() == time.min:  # a bare day, where another may tell the hour
        found += filter(None, map(moment, _shown_moments(tree)))
    exact = (other for other in found if other.date() == found[0].date() and other.time() != time.min)
    return next(exact, found[0]) if found else day_in_address(url)


def _shown_moments(tree: html.HtmlElement) -> Iterator[str]:
    yield from _TIMES(tree)[:3]
    yield from map(_flat, _SHOWN_TIMES(tree)[:_MOST_SHOWN])


def _categories(node: jsonld.Node, found: Sequence[jsonld.Node], meta: Meta) -> tuple[str, ...]:
    sections = [one for one in jsonld.many(node.get("articleSection")) if isinstance(one, str)]
    named = dict.fromkeys(_filed((*sections, *meta.all(*_SECTIONS)))) or dict.fromkeys(_filed(_crumbs(found)))
    return tuple(named)[:_MOST_CATEGORIES]


def _filed(sections: Iterable[str]) -> Iterator[str]:
    for section in sections:
        for name in map(clean, unescape(section).split(",")):
            if 0 < len(name) <= 40 and name.casefold() not in _NO_CATEGORY and "/" not in name:
                yield name


def _crumbs(found: Sequence[jsonld.Node]) -> Iterator[str]:
    """The way from the front page to the article, without both."""
    for node in found:
        if "BreadcrumbList" in jsonld.types(node):
            steps = [one for one in jsonld.many(node.get("itemListElement")) if isinstance(one, dict)]
            yield from (jsonld.text(step.get("name") or step.get("item")) for step in steps[1:-1])
            return


def _kind(types: Sequence[str], words: Iterable[str], meta: Meta, url: str) -> Kind | None:
    by_type = next((_KINDS_BY_TYPE[kind] for kind in types if kind in _KINDS_BY_TYPE), None)
    by_word = next((_KINDS_BY_WORD[w.casefold()] for w in words if w.casefold() in _KINDS_BY_WORD), None)
    path = urlsplit(url).path.casefold().split("/")[:-1]
    by_path = next((_KINDS_BY_PATH[part] for part in path if part in _KINDS_BY_PATH), None)
    by_graph = Kind.VIDEO if not types and meta.first("og:type").startswith("video") else None
    return by_type or by_word or by_path or by_graph


def _is_paywalled(found: Sequence[jsonld.Node], meta: Meta) -> bool:
    """By schema.org's paywalled content: the article, or a part of it, is not accessible for free."""
    tier = meta.first("article:content_tier", "article:content-tier")
    if tier.casefold() in _PAID_TIERS or _is_false(meta.first("isaccessibleforfree")):
        return True
    for node in found:
        parts = (part for part in jsonld.many(node.get("hasPart")) if isinstance(part, dict))
        for one in (node, *parts):
            if _is_false(jsonld.many(one.get("isAccessibleForFree", ""))):
                return True
    return False


def _is_false(value: object) -> bool:
    """ "False", "http://schema.org/False", false, or a list of one of them."""
    values = value if isinstance(value, list) else [value]
    return any(str(one).strip().casefold().rpartition("/")[2] in ("false", "no") for one in values)
