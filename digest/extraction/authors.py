"""Who wrote a page: the names in its bylines, without those of the site itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from digest.bylines import split_authors

#: Letters of a word by which a site is known.
_TELLING = 4
#: Of a country's domain, what stands before it: "co.uk", "com.au".
_SECOND_LEVELS = frozenset(("ac", "co", "com", "edu", "gov", "net", "or", "org"))
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
