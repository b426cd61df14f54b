"""Who is named in a sentence, and whom it assumes that the reader knows: "Li said" needs "Bo Li"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from digest.words.terms import STOPWORDS

_PARTICLE = r"(?:al|bin|da|de|del|der|di|dos|du|el|ibn|la|le|ten|ter|van|von)"
_NAME = re.compile(rf"[A-Z][\w.’'-]*(?: (?:{_PARTICLE} )*[A-Z][\w.’'-]*)*")
_POSSESSIVE = re.compile(r"[’']s?\Z")
#: With a name they say no more than the name.
_PLAIN_TITLES = frozenset(("Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Sir", "Jr", "Sr", "II", "III", "IV"))


class Introductions:
    """The names that an article has given in full so far."""

    def __init__(self) -> None:
        self._met: set[str] = set()
        self._in_full: set[str] = set()

    def read_on(self, sentence: str) -> tuple[frozenset[str], frozenset[str]]:
        """The words of the names in *sentence*, and those that only an earlier sentence gave in full."""
        names = list(_names(sentence))
        in_full = {word for name in names if len(name) > 1 for word in name}
        alone = {name[0] for name in names if len(name) == 1} - in_full
        presumed = alone & self._in_full
        self._in_full.update(
            word for name in names if len(name) > 1 for word in name if word not in self._met
        )
        self._met |= in_full | alone
        return frozenset(in_full | alone), frozenset(presumed)


def _names(sentence: str) -> Iterator[tuple[str, ...]]:
    """The names in *sentence* by their words, without "Mr" and what only begins the sentence."""
    for match in _NAME.finditer(sentence):
        words = [_POSSESSIVE.sub("", word).rstrip(".’'-") for word in match.group().split()]
        named = tuple(word for word in words if word[:1].isupper() and _is_of_a_name(word))
        if named:
            yield named


def _is_of_a_name(word: str) -> bool:
    return word not in _PLAIN_TITLES and word.casefold() not in STOPWORDS


def known_from(headline: str) -> Collection[str]:
    """The words of *headline*, which stands above whatever is read."""
    return frozenset(_POSSESSIVE.sub("", word).casefold() for word in re.findall(r"[\w’'-]+", headline))
