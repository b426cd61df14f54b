"""Bylines: the names in whatever feeds put in their author fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from digest.words.bylines import apart, bare, is_outlet, unsigned
from digest.words.text import clean_title

_PARTS = re.compile(
    r"\s*[;|•·]\s*|,\s+(?:and|und|et|&)\s+|\s+(?:and|und|et|&|with|mit|avec)\s+|,\s+|\s+/\s+|\s+[–—-]\s+",
    re.IGNORECASE,
)
#: What stands beside a name after a comma and is none.
_ROLE = re.compile(
    r"\b(?:correspondent|editor|reporter|staff|writer|bureau|desk|columnist|producer|contributor|analyst|"
    r"journalist|photographer|agencies|special to|phd|md|jr|sr|esq)\b\.?",
    re.IGNORECASE,
)
#: "Example Times Staff" is the outlet.
_STAFF = re.compile(r"(?:\A|\s+)(?:staff|team|newsroom|desk)(?: reports?| writers?)?\Z", re.IGNORECASE)
_NOBODY = re.compile(
    r"(?:the |our |da )?(?:admin(?:istrator)?|agencies|author|correspondent|editors?|editorial board|n/a"
    r"|(?:news|web) desk|no-?reply|none|null|redacción|redaction|redaktion|redação"
    r"|staff (?:reporter|writer)|)"
)
#: "De Salt, Ana" is one name; behind any other full one, a single word is where that person works.
_PARTICLE = re.compile(r"(?:al|da|de|del|di|du|la|le|van|von) ", re.IGNORECASE)
_LONGEST = 100


def names(said: Iterable[str], *, outlet: str = "") -> tuple[str, ...]:
    """The people that these bylines name, each once, without "By", addresses, roles and the outlet."""
    found: dict[str, str] = {}
    for byline in said:
        whole = unsigned(clean_title(byline[:1000]))
        for name in () if _is_nobody(whole, outlet) else _split(whole, outlet):
            known = _STAFF.sub("", name).casefold()
            if not _is_nobody(known, outlet) and "://" not in name:
                found.setdefault(known, name)
    return tuple(found.values())[:10]


def _is_nobody(name: str, outlet: str) -> bool:
    known = name.casefold()
    return known == outlet.casefold() or _NOBODY.fullmatch(known) is not None


def _split(byline: str, outlet: str) -> Iterator[str]:
    """*byline* in its names, where all parts look like names of people; else as it is.

    "Bonnie and Clyde" and "Smith, John" stay whole: a part of one word is no full name.
    """
    parts = [bare(part) for part in _PARTS.split(byline)]
    joints = {bare(part): joint for joint, part in apart(_PARTS, byline)}
    if " " in parts[0] and not _PARTICLE.match(parts[0]):
        parts = [part for part in parts if " " in part]
    parts = [part for part in parts if part.casefold() not in ("", outlet.casefold())]
    parts = [part for part in parts if not _ROLE.search(part)]
    parts = [part for place, part in enumerate(parts) if place == 0 or not is_outlet(part, joints[part])]
    whole = len(parts) < 2 or any(" " not in part for part in parts)
    for name in [byline] if whole and len(parts) != 1 else parts:
        if 1 < len(name) <= _LONGEST:
            yield name.title() if name.isupper() and " " in name else name
