"""Dig deeper: the sentence under a blurb that leads to a related piece, in the house's grammar.

Read Josh Schumacher’s [report](https://…) in *The Sift* about Putin praising Kim’s support.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from digest.likeness import SAME_EVENT, SAME_MATTER, Rarity, Weighing, likeness, tally
from digest.model import Article, Kind, Story
from digest.settings import Newsletter
from digest.topics import topic
from digest.wording import headline, possessive

#: Below this, by what the story's articles are on average like it, a piece is about something else. A lower
#: floor finds something for nearly every story, and for one in four something that has nothing to do with it.
_FLOOR = 0.07
#: From the first on it tells the same event again, or, if it is of another kind or of other days, from the
#: second: then the same names are what relates the two. The first is half of what makes one story of two
#: articles: what lies between is a retelling as often as not.
_SAME_EVENT, _SAME_TEXT = 0.11, 0.6
_OTHER_DAYS = timedelta(days=3)
#: What another kind of piece is worth, and what one of this age has lost, as factors.
_DEEPER, _OLDEST, _AGED = 1.2, timedelta(days=30), 0.25

_GOES_DEEPER = frozenset(
    (Kind.INTERVIEW, Kind.CONVERSATION, Kind.COLUMN, Kind.ANALYSIS, Kind.PODCAST, Kind.VIDEO)
)
_NOBODY = re.compile(
    r"staff|news|press|desk|editors?|team|agency|reporters?|admin|newsroom|correspondents?|wire|service|associated"
    r"|reuters|online|media|[\w.]+\.\w{2,3}\Z|\W|.*\d",
    re.IGNORECASE,
)
_MARKS = str.maketrans("", "", "*[]\\")
_IN_ADDRESS = str.maketrans({mark: f"%{ord(mark):02X}" for mark in ' ()[]*\\<>"'})


class Archive:
    """The pieces that a story may lead to, indexed by their terms: made once, searched for each story."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = articles
        tallies = list(map(tally, articles))
        self._rarity = Rarity(tallies)
        #: Which articles have a term, by number, and each one's weight. Arrays, for there are millions.
        self._holders: dict[str, tuple[array[int], array[float]]] = {}
        for number, each in enumerate(tallies):
            for key, weight in self._rarity.vector(each, SAME_MATTER).items():
                numbers, weights = self._holders.setdefault(key, (array("I"), array("f")))
                numbers.append(number)
                weights.append(weight)

    def related(self, told: Sequence[Article]) -> Iterator[tuple[Article, float]]:
        """Each piece that shares a term with *told*, and how related it is to these on average: 0 to 1."""
        wanted: dict[str, float] = defaultdict(float)
        for vector in self._vectors(told, SAME_MATTER):
            for key, weight in vector.items():
                wanted[key] += weight / len(told)
        found: dict[int, float] = defaultdict(float)
        for key, weight in wanted.items():
            for number, theirs in zip(*self._holders.get(key, ()), strict=True):
                found[number] += weight * theirs
        return ((self._articles[number], alike) for number, alike in found.items())

    def retelling(self, told: Sequence[Article]) -> Callable[[Article], float]:
        """Says of a piece how much it tells the same event as *told* on average: 0 to 1."""
        vectors = self._vectors(told, SAME_EVENT)

        def alike(article: Article) -> float:
            [vector] = self._vectors([article], SAME_EVENT)
            return sum(likeness(vector, each) for each in vectors) / len(vectors)

        return alike

    def _vectors(self, articles: Iterable[Article], weighing: Weighing) -> list[dict[str, float]]:
        return [self._rarity.vector(tally(article), weighing) for article in articles]


def dig_deeper(
    story: Story,
    archive: Archive,
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
    story: Story, archive: Archive, *, language: str, used: Collection[str], now: datetime
) -> Article | None:
    """The piece to dig deeper with, or None when nothing is related enough."""
    told = (story.lead, *story.rivals)
    taken = {*used, *(_address(article) for article in told)}
    candidates = [
        (alike * _preference(article, now), article)
        for article, alike in archive.related(told)
        if alike >= _FLOOR
        and article.url
        and _address(article) not in taken
        and article.when <= now
        and _speaks(article, language or story.lead.language)
    ]
    candidates.sort(key=lambda each: -each[0])
    retelling = archive.retelling(told)
    return next(
        (article for _, article in candidates if retelling(article) < _limit(article, story.lead)), None
    )


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
    return _SAME_TEXT if other else _SAME_EVENT


def _preference(article: Article, now: datetime) -> float:
    age = min((now - article.when) / _OLDEST, 1.0)
    return (_DEEPER if article.kind in _GOES_DEEPER else 1.0) * (1 - _AGED * age)
