"""Which of the pieces in a page's data is the page's own: by its title, its address and its matter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from digest.words.terms import STOPWORDS
from digest.words.text import CONTINUOUS, listed

#: Letters of a title that tell it from another, where one is the beginning of the other.
_TELLING = 20
#: Letters with which two forms of a word begin.
_STEM = 4
#: The part of a title's or description's words that a text on its matter has; of fewer words, none tells.
_SHARE, _FEWEST = 0.5, 2
_WORD = re.compile(r"[^\W\d_]{2,}")
_TITLES = listed("title headline name heading label")
_ADDRESSES = listed("url href link slug path permalink uri canonical canonicalurl")
_PAID = re.compile(
    r"(?:is|has|requires)?_?(?:premium|paywall(?:ed)?|paid|locked|subscri(?:ber|ption)s?(?:_?only|_?required)?"
    r"|members?_?only)",
    re.IGNORECASE,
)
_FREE = re.compile(r"(?:is_?)?(?:accessible_?for_?)?free", re.IGNORECASE)


class Matter(NamedTuple):
    """What is known of a page's own article before its text is."""

    titles: tuple[str, ...]
    path: str
    #: The stems of its title, and of its description: a text on its matter has many of one of them.
    said: tuple[frozenset[str], ...]

    def is_title(self, value: object) -> bool:
        return isinstance(value, str) and any(_is_same(squeezed(value), title) for title in self.titles)

    def is_on(self, text: str) -> bool:
        """Whether *text* is on this matter, as far as its words tell."""
        if not self.said:
            return True
        stems = frozenset(_stems(text))
        return any(len(stems & said) >= _SHARE * len(said) for said in self.said)

    def is_elsewhere(self, part: Any) -> bool:
        """Whether *part*, one of several, has a title and an address, and neither is this one's."""
        if not isinstance(part, dict):
            return False
        titles, addresses = _strings(part, _TITLES), _strings(part, _ADDRESSES)
        if not titles or not addresses or any(map(self.is_title, titles)):
            return False
        paths = list(filter(None, map(_path, addresses)))  # a part of the page itself is "#what-next"
        return bool(paths) and self.path not in paths


def matter(titles: Iterable[str], description: str, address: str) -> Matter:
    """What tells the article at *address* with one of these *titles* from others."""
    titles = tuple(filter(None, titles))
    said = (frozenset(_stems(text)) for text in (*titles, description))
    return Matter(
        tuple(filter(None, map(squeezed, titles))),
        _path(address),
        tuple(stems for stems in said if len(stems) >= _FEWEST),
    )


def is_paid(part: Mapping[str, Any]) -> bool:
    """Whether an object of the data says that it is for those who pay."""
    return any(
        (value is True and _PAID.fullmatch(name)) or (value is False and _FREE.fullmatch(name))
        for name, value in part.items()
    )


def squeezed(text: str) -> str:
    """Its letters and digits, in one case."""
    return "".join(filter(str.isalnum, text[:1000].casefold()))


def same_title(one: str, other: str) -> bool:
    """Whether two titles are one's, which may have the site's name behind it."""
    return bool(one) and _is_same(squeezed(one), squeezed(other))


def _is_same(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    return one == other or (shorter >= _TELLING and one[:shorter] == other[:shorter])


def _strings(part: Mapping[str, Any], names: frozenset[str]) -> list[str]:
    return [
        value for name, value in part.items() if name.lower() in names and isinstance(value, str) and value
    ]


def _path(address: str) -> str:
    try:
        return urlsplit(address).path.strip("/")
    except ValueError:
        return ""


def _stems(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.casefold()):
        if CONTINUOUS.search(word):
            yield from map("".join, pairwise(word))
        elif len(word) >= _STEM and word not in STOPWORDS:
            yield word[:_STEM]
