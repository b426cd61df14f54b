"""What an item is called in its page's address: the words of its headline, as it was sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from hashlib import sha256

from digest.model import Blurb

#: Characters of a slug, cut between words.
LONGEST = 60
#: With fewer, a headline says nothing in ASCII: for example one in Greek with a year in it.
SHORTEST = 8

#: An apostrophe, and what separates the digits of a number.
_INSIDE_A_WORD = re.compile(r"['’]|(?<=\d)[,.](?=\d)")


def slugs(blurbs: Iterable[Blurb]) -> Mapping[str, str]:
    """By blurb id, each unique; the same as long as the edition's headlines and their order are."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for blurb in blurbs:
        slug = unused = _slug(blurb)
        number = 2
        while unused in taken:
            unused = f"{slug}-{number}"
            number += 1
        taken.add(unused)
        found[blurb.id] = unused
    return found


def _slug(blurb: Blurb) -> str:
    plain = unicodedata.normalize("NFKD", _INSIDE_A_WORD.sub("", blurb.headline))
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower())
    slug = ""
    for word in words:
        if len(slug) + len(word) + 1 > LONGEST:
            break
        slug = f"{slug}-{word}" if slug else word
    return slug if len(slug) >= SHORTEST else f"item-{sha256(blurb.id.encode()).hexdigest()[:8]}"
