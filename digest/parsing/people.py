"""Bylines: the names in whatever feeds put in their author fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from digest.text import clean_title

_EMAIL = re.compile(r"[<(\[]?\s*(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\s*[>)\]]?")
_BY = re.compile(r"^(?:by|written by|words by|story by|von|par|por)[:\s]\s*", re.IGNORECASE)
_PARTS = re.compile(r"\s*[;|]\s*|,\s+(?:and|&)\s+|\s+(?:and|&)\s+|,\s+")
#: What stands beside a name after a comma and is none.
_ROLE = re.compile(
    r"\b(?:correspondent|editor|reporter|staff|writer|bureau|desk|columnist|producer|contributor|analyst|"
    r"journalist|photographer|agencies|phd|md|jr|sr|esq)\b\.?",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    ("admin", "administrator", "author", "editor", "editors", "n/a", "no-reply", "none", "noreply", "null")
)
#: Behind a full name, one word is where that person works: "Ana Sá, Example". "De Salt, Ana" is one name.
_ONE_WORD_BEHIND = re.compile(
    r"\A((?!(?:al|da|de|del|di|du|la|le|van|von) )[^\W\d]\S+(?: [^\s,;|&]+){1,3}), [^\s,;|&]+\Z",
    re.IGNORECASE,
)
_LONGEST = 100


def names(said: Iterable[str], *, outlet: str = "") -> tuple[str, ...]:
    """The people that these bylines name, each once, without "By", addresses, roles and the outlet."""
    found: dict[str, str] = {}
    for byline in said:
        for name in _split(_without_address(clean_title(byline[:1000]))):
            known = name.casefold()
            if known not in _NOBODY and known != outlet.casefold() and "://" not in name:
                found.setdefault(known, name)
    return tuple(found.values())[:10]


def _without_address(byline: str) -> str:
    """``jane@x.org (Jane Doe)`` and ``Jane Doe <jane@x.org>`` as ``Jane Doe``."""
    name = _EMAIL.sub(" ", byline).strip() if "@" in byline else byline
    if name != byline and name.startswith("(") and name.endswith(")"):
        name = name[1:-1]
    return _BY.sub("", name.strip()).strip(" ,;|")


def _split(byline: str) -> Iterator[str]:
    """*byline* in its names, where all parts look like names of people; else as it is.

    "Bonnie and Clyde" and "Smith, John" stay whole: a part of one word is no full name.
    """
    parts = [part for part in _PARTS.split(_ONE_WORD_BEHIND.sub(r"\1", byline)) if part]
    parts = [part for part in parts if not _ROLE.search(part)]
    whole = len(parts) < 2 or any(" " not in part for part in parts)
    for name in [byline] if whole and len(parts) != 1 else parts:
        if 1 < len(name) <= _LONGEST:
            yield name
