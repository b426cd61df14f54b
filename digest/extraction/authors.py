"""The names in a byline, however it is written: without roles, outlets, handles and degrees."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from digest.text import clean

_NO_NAME = re.compile(
    r"\b(?:admin|administrator|anonymous|authors?|editorial|newsroom|(?:news|web) ?desk|news|staff|team"
    r"|unknown|webmaster|redaktion|redaction|redacción|user|guest|no-?reply|none|null|reporters?"
    r"|correspondents?|editors?|writers?|columnists?|contributors?|bureau|producers?|letters|readers?"
    r"|wire (?:service|report)s?|special to|published|updated|follow|comments?)\b"
    r"|[@<>{}\d]|://|\.(?:com|org|net)\b",
    re.IGNORECASE,
)
_BY = re.compile(
    r"^(?:(?:article|story|text|words|reporting|analysis|opinion|commentary|reviewed|posted|published|written"
    r"|verfasst|escrito|écrit)\s+)?(?:by|von|par|por)\b\s?:?\s+|^(?:authors?|autor(?:en)?|auteur)\s?:\s*",
    re.IGNORECASE,
)
#: "Second Edition Edited by Ana Sá": whoever stands before it is no author.
_MADE_BY = re.compile(
    r"^.{0,60}\b(?:edited|written|compiled|translated|reported|interview|story) by\s+", re.IGNORECASE
)
_HANDLE = re.compile(r"\s*[(\[]?@\w+[)\]]?|\s*\([^()]{1,40}\)|\s*\[email[^\]]*\]")
_BETWEEN = re.compile(
    r"\s*(?:;|\||,|/|•|\s&\s|\s[–—-]\s|\s(?:and|und|et|y|e)\s)\s*|(?<=[a-z]{3})\.\s+(?=[A-Z])", re.IGNORECASE
)
_DEGREE = re.compile(
    r"(?:ph\.?d|m\.?d|m\.?a|m\.?s|b\.?a|b\.?sc|m\.?sc|mba|mph|r\.?n|r\.?d|rdn|j\.?d|esq|dds|dvm|dphil|frcp|ccc"
    r"|lcsw|cpa|cfa|cscs|cpt|[a-z]{2,5}-?[cnp])\.?",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"\b[A-Z]\.$")
#: Letters of a word by which a site is known.
_TELLING = 4
#: Of a country's domain, what stands before it: "co.uk", "com.au".
_SECOND_LEVELS = frozenset(("ac", "co", "com", "edu", "gov", "net", "or", "org"))
_LOGIN = re.compile(r"[a-z0-9_.-]+")


def is_name(text: str) -> bool:
    """Whether *text* can be a person's or a body's name: no role account, address or address of a page."""
    return 0 < len(text) <= 60 and len(text.split()) <= 6 and not _NO_NAME.search(text)


def split_authors(text: str) -> Iterator[str]:
    """The names in a byline: "By Ana Sá and Bo Ek, Staff Writers" has two."""
    if "://" in text:
        return
    whole = _MADE_BY.sub("", _BY.sub("", _HANDLE.sub("", clean(text)).strip()))
    parts = [_bare(_BY.sub("", part)) for part in _BETWEEN.split(whole)]
    has_full = any(" " in part and is_name(part) for part in parts)
    for part in parts:
        name = part.title() if " " in part and part.isupper() else part
        alone = len(parts) == 1
        # Behind a full name, one word is an outlet, a place or a degree: "Ana Sá, MD", "Ana Sá, Reuters".
        is_more = not alone and has_full and " " not in name
        if is_name(name) and not is_more and not (_DEGREE.fullmatch(name) and not alone):
            yield name


def _bare(part: str) -> str:
    part = part.strip(" ,-–—").lstrip(".")
    return part if _INITIAL.search(part) else part.rstrip(". ")


def names(bylines: Iterable[str], *, outlets: Collection[str], host: str, most: int = 6) -> tuple[str, ...]:
    """The names in *bylines*, each once, without those of the *outlets* and what only repeats the *host*."""
    own = {_squeezed(outlet.removeprefix("The ")) for outlet in outlets if outlet}
    found = dict.fromkeys(name for byline in bylines for name in split_authors(byline))
    return tuple(
        name
        for name in found
        if _squeezed(name.removeprefix("The ")) not in own and not _is_site(name, host.removeprefix("www."))
    )[:most]


def is_person(name: str) -> bool:
    """Whether *name* has the form of a person's: two to four capitalized words. Asked of words that are
    shown on a page without being called a name."""
    words = name.split()
    return (
        2 <= len(words) <= 4
        and words[0] not in ("The", "A", "By")
        and all(word[0].isupper() for word in words)
    )


def _label(host: str) -> str:
    """What a site is called in its address: "example" of example.com, and of www.example.co.uk."""
    *parts, _ = host.split(".") if "." in host else (host, "")
    return parts[-2] if len(parts) > 1 and parts[-1] in _SECOND_LEVELS else parts[-1]


def _squeezed(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _is_site(name: str, host: str) -> bool:
    """Whether *name* is the site's own, or a login name: "Example Sport" at example.com, "jdoe"."""
    if _LOGIN.fullmatch(name):
        return True
    label = _squeezed(_label(host))
    words = [_squeezed(word) for word in name.split()]
    if "".join(words) in (label, _squeezed(host)):
        return True
    return any(len(word) > _TELLING and word == label for word in words) or (
        len(words[0]) > _TELLING and label.startswith(words[0])
    )
