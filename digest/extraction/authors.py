"""Who wrote a page: the names in its bylines, without those of the site itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import islice

from lxml import html

from digest.extraction.credits import is_body
from digest.words.bylines import split_authors
from digest.words.text import clean

#: Letters of a word by which a site is known.
_TELLING = 4
#: Of a country's domain, what stands before it: "co.uk", "com.au".
_SECOND_LEVELS = frozenset(("ac", "co", "com", "edu", "gov", "net", "or", "org"))
#: "By" and its like, before a name, where nothing but its words says that a line is a byline.
_SAYS_BY = re.compile(
    r"(?i:(?:(?:words|story|text|written|reporting) )?by|von|par|por|text:) (?=[^\W\d_a-z])"
)
_LINES = ("p", "div", "span", "i", "em", "b", "strong", "small", "font", "li", "h4", "h5", "h6", "address")
#: Such a line is one of so many elements below the headline, and has so many characters at most.
_BELOW, _LONGEST = 40, 120
_LOGIN = re.compile(r"[a-z0-9_.-]+")


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
    """Whether *name* has the form of a person's: two to four capitalized words, none of them an office's.
    Asked of words that are shown on a page without being called a name."""
    words = name.split()
    return (
        2 <= len(words) <= 4
        and words[0] not in ("The", "A", "By")
        and all(word[0].isupper() for word in words)
        and not is_body(name)
    )


def said_below_headline(tree: html.HtmlElement) -> list[str]:
    """The names of a line right below the headline that begins with "By", whatever it is called; where the
    page has no element for its headline, those of the only such line."""
    headline = next(tree.iter("h1"), None)
    if headline is not None:
        below = headline.xpath(f"following::*[position() <= {_BELOW}]")
        return next(filter(None, map(_said_by, below)), [])
    found = {tuple(said) for said in map(_said_by, tree.iter(*_LINES)) if said}
    return list(found.pop()) if len(found) == 1 else []


def _said_by(element: html.HtmlElement) -> list[str]:
    if element.tag not in _LINES:
        return []
    text = clean(" ".join(islice(element.itertext(), _BELOW)))
    if len(text) > _LONGEST or not _SAYS_BY.match(text):
        return []
    found = list(split_authors(text))
    return found if all(map(is_person, found)) else []


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
