"""Which piece a story leads to, and which others are on its matter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from heapq import nlargest

from digest.model import Article, Kind, Story
from digest.related.archive import Archive, Near, Vector
from digest.settings import Newsletter
from digest.topics import is_date_line
from digest.words.likeness import likeness, tally
from digest.words.terms import terms

#: From this relatedness on, two pieces are on one matter, or one kind of matter. Where there is something
#: related, the most related piece is seldom below 0.14; at 0.10 every third that is found has nothing to do
#: with the story. It holds for whole pieces and for their descriptions alike.
_FLOOR = 0.12
#: From the first likeness on, a piece tells the same event again. Up to the second it may have an event of
#: its own: it has, when others are so much more like it. A piece of another kind, or of other days, is a
#: retelling only from the third on: then the same names are what relates the two.
_AGAIN, _ONE_EVENT, _SAME_TEXT = 0.13, 0.22, 0.6
_MORE_LIKE = 2.0
#: Of a piece of so few words, as feeds have them, less is known: it retells what its retellings do, which it
#: is so much like.
_BRIEF, _OF_RETELLINGS = 80, 0.35
#: So many terms, and so much of the shorter one, that two headlines have in common are one event's.
_FEWEST_SHARED, _SAME_HEADLINE = 3, 0.75
_OTHER_DAYS = timedelta(days=3)
#: What another kind of piece is worth, and what one of this age has lost, as factors.
_DEEPER, _OLDEST, _AGED = 1.2, timedelta(days=30), 0.25
_BACKGROUND = 3

_GOES_DEEPER = frozenset(
    (Kind.INTERVIEW, Kind.CONVERSATION, Kind.COLUMN, Kind.ANALYSIS, Kind.PODCAST, Kind.VIDEO)
)


def relate(
    stories: Sequence[Story],
    archive: Archive,
    *,
    newsletter: Newsletter,
    used: Collection[str],
    now: datetime,
) -> tuple[Story, ...]:
    """*stories* with the piece that each leads to, and up to three pieces on its matter as background.

    No piece is led to twice, none that is in *used* (canonical addresses), and none that tells one of
    *stories*, but for a rival's interview, analysis or the like. Background may be in *used*, and tells the
    same event only as another outlet does.
    """
    told = {address(article) for story in stories for article in story.told}
    taken = {*used, *told}
    related: list[Story] = []
    for story in stories:
        near = _near(story, archive, told=told, language=newsletter.language, now=now)
        retells = _Retelling(story, archive, near)
        deeper = _told_otherwise(story, used) or _first(_deepening(near, retells, now=now), taken)
        if deeper is not None:
            taken.add(address(deeper))
        related.append(replace(story, deeper=deeper, background=_background(story, near, retells)))
    return tuple(related)


def _told_otherwise(story: Story, used: Collection[str]) -> Article | None:
    """The first of the story's own rivals that goes deeper than its lead by its kind."""
    if story.lead.kind in _GOES_DEEPER:
        return None
    return next(
        (
            rival
            for rival in story.rivals
            if rival.kind in _GOES_DEEPER and rival.url and address(rival) not in {*used, address(story.lead)}
        ),
        None,
    )


def find(
    story: Story, archive: Archive, *, language: str, used: Collection[str], now: datetime
) -> Article | None:
    """The piece to dig deeper with, or None when nothing is related enough."""
    return _first(nearby(story, archive, language=language, now=now), used)


def nearby(story: Story, archive: Archive, *, language: str, now: datetime) -> tuple[Article, ...]:
    """Every piece that *story* may lead to, the best first."""
    told = {address(article) for article in story.told}
    near = _near(story, archive, told=told, language=language, now=now)
    return tuple(_deepening(near, _Retelling(story, archive, near), now=now))


def address(article: Article) -> str:
    return article.canonical_url or article.url


def _near(
    story: Story, archive: Archive, *, told: Collection[str], language: str, now: datetime
) -> list[Near]:
    """What an edition may name beside *story*, the most related first."""

    def fits(article: Article) -> bool:
        return (
            bool(article.url)
            and not (article.title and is_date_line(article.title))
            and address(article) not in told
            and article.when <= now
            and _speaks(article, language or story.lead.language)
        )

    return archive.nearest([tally(article) for article in story.told], fits)


def _deepening(near: Sequence[Near], retells: _Retelling, *, now: datetime) -> Iterator[Article]:
    """The most related first, where another kind of piece, and a recent one, counts for more."""
    enough = [piece for piece in near if piece.relatedness >= _FLOOR]
    for piece in sorted(enough, key=lambda piece: -piece.relatedness * _preference(piece.article, now)):
        if not retells(piece):
            yield piece.article


def _first(articles: Iterable[Article], taken: Collection[str]) -> Article | None:
    return next((article for article in articles if address(article) not in taken), None)


def _background(story: Story, near: Sequence[Near], retells: _Retelling) -> tuple[Article, ...]:
    outlets = {article.outlet for article in story.told}
    pieces = {
        address(piece.article): piece.article
        for piece in near
        if piece.relatedness >= _FLOOR and (piece.article.outlet not in outlets or not retells(piece))
    }
    return tuple(pieces.values())[:_BACKGROUND]


class _Retelling:
    """Whether a piece that is *near* tells the event of *story* again."""

    def __init__(self, story: Story, archive: Archive, near: Sequence[Near]) -> None:
        self._story = story
        self._archive = archive
        self._near = near
        self._told = [archive.event(tally(article)) for article in story.told]

    def __call__(self, piece: Near) -> bool:
        event = self._archive.event(piece.tally)
        alike = sum(likeness(event, told) for told in self._told) / len(self._told)
        if piece.article.kind in _GOES_DEEPER or self._is_of_other_days(piece.article):
            return alike >= _SAME_TEXT
        if any(_same_headline(piece.article.title, article.title) for article in self._story.told):
            return True
        if alike >= _ONE_EVENT or (alike >= _AGAIN and not self._has_its_own(piece, alike)):
            return True
        return _is_brief(piece.article) and any(
            likeness(event, other) >= _OF_RETELLINGS for other in self._sure
        )

    @cached_property
    def _sure(self) -> list[Vector]:
        """The events of what surely tells the story's again: a piece of few words may be like none else."""
        events = [self._archive.event(near.tally) for near in self._near]
        return [
            event
            for event in events
            if sum(likeness(event, told) for told in self._told) >= _ONE_EVENT * len(self._told)
        ]

    def _is_of_other_days(self, article: Article) -> bool:
        return abs(article.when - self._story.lead.when) > _OTHER_DAYS

    def _has_its_own(self, piece: Near, alike: float) -> bool:
        """Whether the two pieces most like it are far more so than the story, that several outlets tell.

        Of a story that one outlet tells, its own retellings would be these two.
        """
        event = self._archive.event(piece.tally)
        others = (
            likeness(event, self._archive.event(other.tally)) for other in self._near if other is not piece
        )
        return len(self._told) > 1 and sum(nlargest(2, others)) / 2 > _MORE_LIKE * alike


def _is_brief(article: Article) -> bool:
    return len(f"{article.description} {article.text}".split()) < _BRIEF


def _same_headline(one: str, other: str) -> bool:
    """Whether two headlines say the same, though little else be known of their articles."""
    mine, theirs = set(terms(one)), set(terms(other))
    shared = len(mine & theirs)
    return shared >= _FEWEST_SHARED and shared >= _SAME_HEADLINE * min(len(mine), len(theirs))


def _speaks(article: Article, language: str) -> bool:
    return not (article.language and language) or article.language[:2].lower() == language[:2].lower()


def _preference(article: Article, now: datetime) -> float:
    age = min((now - article.when) / _OLDEST, 1.0)
    return (_DEEPER if article.kind in _GOES_DEEPER else 1.0) * (1 - _AGED * age)
