"""The stories of an edition, chosen from the day's articles.

::

    leave out | twins | limits | group | appraise | place      Articles → Selection

Pure, and the same in whatever order the articles come: every tie is broken by score, time and id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from digest.model import Article, Candidate, Selection, Story, Window
from digest.selection.eligibility import Verdicts, eligible, named, within_limits, without_twins
from digest.selection.grouping import same_story
from digest.selection.placing import place
from digest.selection.scoring import appraise, is_promotion
from digest.settings import Feed, Newsletter

#: Characters of a text, and of a description, that a summary can be made of.
_ENOUGH_TEXT = 500
_ENOUGH_DESCRIPTION = 80


def choose(
    articles: Sequence[Article],
    *,
    newsletter: Newsletter,
    window: Window,
    now: datetime,
    recent: frozenset[str] = frozenset(),
) -> Selection:
    """The best stories of *articles* within the newsletter's limits, and what became of each article.

    *recent* has ids and canonical addresses of what ran before. There may be fewer stories than
    ``min_items``, or none: what to do then is the caller's decision.
    """
    feeds = {feed.url: feed for feed in newsletter.feeds}
    unique = {article.id: article for article in sorted(articles, key=_order, reverse=True)}
    ordered = sorted(unique.values(), key=_order)
    verdicts: Verdicts = {}

    left = eligible(ordered, newsletter=newsletter, window=window, recent=recent, verdicts=verdicts)
    left = without_twins(left, feeds=feeds, verdicts=verdicts)
    left = within_limits(left, feeds=feeds, verdicts=verdicts)
    half_life = window.until - window.since
    stories = [
        _tell(group, newsletter=newsletter, feeds=feeds, half_life=half_life, now=now)
        for group in same_story(left)
    ]
    chosen, spares, refusals = place(stories, newsletter)

    verdicts |= refusals
    for story in (*stories, *chosen):
        verdicts |= {rival.id: f"same story as {named(story.lead)}" for rival in story.rivals}
    verdicts |= _places(chosen)
    told = {story.lead.id: story for story in (*stories, *chosen)}
    candidates = [_candidate(article, told.get(article.id), verdicts) for article in ordered]
    return Selection(
        stories=chosen,
        spares=spares,
        candidates=tuple(sorted(candidates, key=lambda candidate: _rank(candidate, chosen))),
    )


def _order(article: Article) -> tuple[float, str, str, str, str]:
    return (-article.when.timestamp(), article.id, article.title, article.description, article.text)


def _tell(
    group: Sequence[Article],
    *,
    newsletter: Newsletter,
    feeds: Mapping[str, Feed],
    half_life: timedelta,
    now: datetime,
) -> Story:
    """The story that the articles of *group* tell, led by the one that serves readers best."""
    lead, *rivals = sorted(group, key=lambda article: _leadership(article, feeds[article.feed_url].weight))
    outlets = len({article.outlet for article in group})
    score, reasons = appraise(
        lead, outlets=outlets, weight=feeds[lead.feed_url].weight, half_life=half_life, now=now
    )
    sections = (feeds[article.feed_url].section for article in (lead, *rivals))
    default = newsletter.sections[0] if newsletter.sections else ""
    return Story(
        lead=lead,
        rivals=tuple(rivals),
        section=next(filter(None, sections), default),
        score=score,
        reasons=reasons,
    )


def _leadership(article: Article, weight: float) -> tuple[object, ...]:
    """What makes an article the lead: open to all, with text, by a favoured outlet, first."""
    has_text = len(article.text) >= _ENOUGH_TEXT
    has_words = has_text or len(article.description) >= _ENOUGH_DESCRIPTION
    promotion = is_promotion(article.title)
    return (promotion, article.paywalled, not has_words, not has_text, -weight, article.when, article.id)


def _places(chosen: Sequence[Story]) -> Verdicts:
    counts: Counter[str] = Counter()
    verdicts = {}
    for story in chosen:
        counts[story.section] += 1
        verdicts[story.lead.id] = f"chosen, {story.section} {counts[story.section]}".replace(",  ", ", ")
    return verdicts


def _candidate(article: Article, story: Story | None, verdicts: Mapping[str, str]) -> Candidate:
    return Candidate(
        article=article,
        score=story.score if story else 0.0,
        reasons=story.reasons if story else (),
        verdict=verdicts[article.id],
    )


def _rank(candidate: Candidate, chosen: Sequence[Story]) -> tuple[float, float, float, str]:
    """In the edition's order, then by score, then the newest."""
    places = {story.lead.id: n for n, story in enumerate(chosen)}
    at = places.get(candidate.article.id, len(places))
    return (at, -candidate.score, -candidate.article.when.timestamp(), candidate.article.id)
