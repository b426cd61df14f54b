"""Dig deeper: the sentence under a blurb that leads to a related piece, in the house's grammar.

Read Josh Schumacher’s [report](https://…) in *The Sift* about Putin praising Kim’s support.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from math import log

from digest.model import Article, Kind, Story
from digest.settings import Newsletter
from digest.terms import cosine, rarity, term, terms, words
from digest.topics import topic
from digest.wording import headline, possessive

#: Below the first a piece is about something else; from the second on it tells the same story again, or, if
#: it is of another kind or of other days, the third: then the same names are what relates the two.
_FLOOR, _SAME_STORY, _SAME_TEXT = 0.14, 0.25, 0.6
_OTHER_DAYS = timedelta(days=3)
#: So many pieces that tell the same story show what else does.
_RETELLINGS = 4
_READ = 300  # words
_NAMES_AND_NUMBERS = 2.5
_TITLE = 2
#: What another kind of piece is worth, and what one of this age has lost, as factors.
_DEEPER, _OLDEST, _AGED = 1.2, timedelta(days=30), 0.25
_MOST_COMPARED = 400

_GOES_DEEPER = frozenset(
    (Kind.INTERVIEW, Kind.CONVERSATION, Kind.COLUMN, Kind.ANALYSIS, Kind.PODCAST, Kind.VIDEO)
)
_NAME = re.compile(r"(?<=[a-z,;’'] )[A-Z][\w’'-]+")
_NOBODY = re.compile(
    r"staff|news|press|desk|editors?|team|agency|reporters?|admin|newsroom|correspondents?|wire|service|associated"
    r"|reuters|online|media|[\w.]+\.\w{2,3}\Z|\W|.*\d",
    re.IGNORECASE,
)
_MARKS = str.maketrans("", "", "*[]\\")
_IN_ADDRESS = str.maketrans({mark: f"%{ord(mark):02X}" for mark in ' ()[]*\\<>"'})


def dig_deeper(
    story: Story,
    archive: Sequence[Article],
    *,
    newsletter: Newsletter,
    used: Collection[str],
    now: datetime,
) -> tuple[str, str]:
    """The sentence with its inline marks, and the canonical address that it leads to.

    The target is the most related piece of *archive* that does not tell the same story, is not in *used*
    (canonical addresses) and is in the newsletter's language; when none is related enough, the story's
    own source. Both are "" when that has no address either.
    """
    target = find(story, archive, language=newsletter.language, used=used, now=now)
    if target is None:
        return (sentence(story.lead, own=True), _address(story.lead)) if story.lead.url else ("", "")
    return sentence(target), _address(target)


def find(
    story: Story, archive: Sequence[Article], *, language: str, used: Collection[str], now: datetime
) -> Article | None:
    """The piece to dig deeper with, or None when nothing is related enough."""
    told = (story.lead, *story.rivals)
    taken = {*used, *(_address(article) for article in told)}
    candidates = [
        article
        for article in _sharing_words(story.lead, archive)
        if article.url
        and _address(article) not in taken
        and article.when <= now
        and _speaks(article, language or story.lead.language)
    ][:_MOST_COMPARED]
    weights = rarity(_title_terms(article.title) for article in archive)
    lead, *rivals = (_vector(article, weights) for article in told)
    vectors = [_vector(article, weights) for article in candidates]
    compared = [
        (cosine(lead, vector), article, vector) for article, vector in zip(candidates, vectors, strict=True)
    ]
    compared.sort(key=lambda each: -each[0])
    told_again = [vector for alike, article, vector in compared if alike >= _limit(article, story.lead)]
    tellings = [lead, *rivals, *told_again[:_RETELLINGS]]
    related = [
        (alike * _preference(article, now), article)
        for alike, article, vector in compared
        if alike >= _FLOOR and _nearest(vector, tellings) < _limit(article, story.lead)
    ]
    return max(related, key=lambda each: each[0])[1] if related else None


def sentence(article: Article, *, own: bool = False) -> str:
    """The house's sentence about *article*.

    *own*: it is the story's source itself, so it is "the full report", and its headline, which stands above
    the item already, is not said again.
    """
    noun, verb, place = _NOUNS[article.kind]
    title, _ = headline(article.title, article.outlet, text=article.text)
    if article.kind in (Kind.PODCAST, Kind.VIDEO) and (
        said := re.search(r"interview|conversation", title, re.IGNORECASE)
    ):
        noun = said.group().lower()
    whose = "the full" if own else _whose(article)
    words = [verb, whose, f"[{noun}]({article.url.translate(_IN_ADDRESS)})"]
    if outlet := article.outlet.translate(_MARKS).strip():
        words += [place, f"*{outlet}*"]
    about = "" if own else topic(title, f"{article.description} {article.text}").translate(_MARKS)
    if about:
        words += ["about", about]
    line = " ".join(words)
    return line if line.endswith(("?”", "!”", ".”", ".")) else _stopped(line)


def _stopped(line: str) -> str:
    return f"{line[:-1]}.”" if line.endswith("”") else f"{line}."


_NOUNS: Mapping[Kind, tuple[str, str, str]] = {
    Kind.REPORT: ("report", "Read", "in"),
    Kind.STORY: ("story", "Read", "in"),
    Kind.INTERVIEW: ("interview", "Read", "in"),
    Kind.CONVERSATION: ("conversation", "Listen to", "on"),
    Kind.COLUMN: ("column", "Read", "in"),
    Kind.ANALYSIS: ("analysis", "Read", "in"),
    Kind.PODCAST: ("report", "Listen to", "on"),
    Kind.VIDEO: ("report", "Watch", "on"),
}


def _whose(article: Article) -> str:
    """ "Ana Sá’s", "Ana Sá and Bo Li’s"; "the" when nobody, or more than two, are named."""
    names = [" ".join(author.translate(_MARKS).split()) for author in article.authors]
    named = all(_is_person(name, article.outlet) for name in names)
    if not named or not 1 <= len(names) <= 2:
        return "the"
    return possessive(" and ".join(names))


def _is_person(name: str, outlet: str) -> bool:
    parts = name.split()
    return (
        2 <= len(parts) <= 4
        and name.casefold() != outlet.casefold()
        and not any(_NOBODY.match(part) for part in parts)
        and parts[0][0].isupper()
    )


def _address(article: Article) -> str:
    return article.canonical_url or article.url


def _speaks(article: Article, language: str) -> bool:
    return not (article.language and language) or article.language[:2].lower() == language[:2].lower()


def _limit(article: Article, lead: Article) -> float:
    other = article.kind in _GOES_DEEPER or abs(article.when - lead.when) > _OTHER_DAYS
    return _SAME_TEXT if other else _SAME_STORY


def _nearest(vector: Mapping[str, float], tellings: Iterable[Mapping[str, float]]) -> float:
    return max(cosine(telling, vector) for telling in tellings)


def _preference(article: Article, now: datetime) -> float:
    age = min((now - article.when) / _OLDEST, 1.0)
    return (_DEEPER if article.kind in _GOES_DEEPER else 1.0) * (1 - _AGED * age)


# --- likeness -----------------------------------------------------------------------------------------


def _sharing_words(lead: Article, archive: Sequence[Article]) -> Iterable[Article]:
    """The articles with a word of the lead's title, or of its first lines' names, in their own titles.

    Cheap, so that only these are compared in full.
    """
    names = _NAME.findall(" ".join(lead.text.split()[:_READ]) or lead.description)
    wanted = frozenset(filter(None, map(term, names))).union(_title_terms(lead.title))
    return (article for article in archive if not wanted.isdisjoint(_title_terms(article.title)))


@lru_cache(maxsize=65_536)
def _title_terms(title: str) -> tuple[str, ...]:
    return tuple(terms(title))


def _vector(article: Article, weights: Mapping[str, float]) -> dict[str, float]:
    """Title and opening as weighed terms; names and numbers count more, and what few titles have."""
    rarest = max(weights.values(), default=1.0)
    counts, marked = _counts(article.title, article.text or article.description)
    return {
        key: (1 + log(count)) * weights.get(key, rarest) * (_NAMES_AND_NUMBERS if key in marked else 1.0)
        for key, count in counts.items()
    }


@lru_cache(maxsize=4_096)
def _counts(title: str, text: str) -> tuple[Mapping[str, int], frozenset[str]]:
    """How often each term occurs, and which of them are names or numbers."""
    opening = " ".join(text.split(maxsplit=_READ)[:_READ])
    counts = Counter(terms(opening))
    for key in _title_terms(title):
        counts[key] += _TITLE
    marked = [*_NAME.findall(opening), *(word for word in words(f"{title} {opening}") if word[0].isdigit())]
    return counts, frozenset(filter(None, map(term, marked)))
