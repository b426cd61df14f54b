"""The stories of an edition, chosen from the day's articles.

::

    leave out | twins | limits | group | sift | tell | vary | place      Articles → Selection

Pure, and the same in whatever order the articles come: every tie is broken by score, time and id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from digest.model import Article, Candidate, Ran, Selection, Story, Window
from digest.selection.doubles import doubles, joined
from digest.selection.eligibility import Verdicts, eligible, foreign, named, within_limits, without_twins
from digest.selection.grouping import Corpus
from digest.selection.pastimes import lesser, pastime
from digest.selection.placing import Placing, filling, outlet_limit, place, seats, vary
from digest.selection.revising import better_placed, led_by, serves_better
from digest.selection.scoring import is_report
from digest.selection.telling import Desk
from digest.selection.updates import News, Past, sift
from digest.settings import Newsletter

__all__ = [
    "better_placed",
    "choose",
    "doubles",
    "filling",
    "foreign",
    "is_report",
    "joined",
    "led_by",
    "lesser",
    "named",
    "outlet_limit",
    "pastime",
    "seats",
    "serves_better",
]


def choose(
    articles: Sequence[Article],
    *,
    newsletter: Newsletter,
    window: Window,
    now: datetime,
    recent: Sequence[Ran] = (),
) -> Selection:
    """The best stories of *articles* within the newsletter's limits, and what became of each article.

    *recent* is what the last editions ran. None of it runs again, nor what another outlet tells of the same
    events, unless an article has material news: then the story is an update. Among *articles* may be some
    that ran themselves, are older than the *window*, and were updated within it.

    There may be fewer stories than ``min_items``, or none: what to do then is the caller's decision.
    """
    feeds = {feed.url: feed for feed in newsletter.feeds}
    past = Past(recent)
    unique = {article.id: article for article in sorted(articles, key=_order, reverse=True)}
    ordered = sorted(unique.values(), key=_order)
    verdicts: Verdicts = {}

    left = eligible(
        ordered,
        newsletter=newsletter,
        window=window,
        has_run=lambda article: bool(past.of([article])),
        verdicts=verdicts,
    )
    left = without_twins(left, feeds=feeds, verdicts=verdicts)
    left = within_limits(left, feeds=feeds, window=window, verdicts=verdicts)
    corpus = Corpus([*left, *past.without(left)])
    groups, updates = _sifted(corpus, len(left), past, newsletter, now, verdicts)
    desk = Desk(newsletter, window, now, updates)
    stories = vary([desk.tell(group) for group in groups], corpus.on_matter, places=newsletter.items)
    placing = place(stories, newsletter, led_by=desk.led_by)
    return _selection(ordered, stories, placing, desk, verdicts)


def _order(article: Article) -> tuple[float, str, str, str, str]:
    return (-article.when.timestamp(), article.id, article.title, article.description, article.text)


def _sifted(
    corpus: Corpus, fresh: int, past: Past, newsletter: Newsletter, now: datetime, verdicts: Verdicts
) -> tuple[list[Sequence[Article]], Mapping[str, News]]:
    """The tellings of each story that may run, and what is new in updates, by id.

    The first *fresh* articles of *corpus* are the day's, the others ran before.
    """
    outlets = [feed.title for feed in newsletter.feeds if feed.title]
    groups: list[Sequence[Article]] = []
    updates: dict[str, News] = {}
    for numbers in corpus.stories():
        told = [corpus.articles[number] for number in numbers]
        tellings = [corpus.articles[number] for number in numbers if number < fresh]
        if tellings and (ran := past.of(told)):
            news, refused = sift(tellings, ran, past=past, outlets=outlets, today=now.date())
            tellings = [article for article in tellings if article.id in news]
            updates |= news
            verdicts |= refused
        if tellings:
            groups.append(tellings)
    return groups, updates


def _selection(
    articles: Sequence[Article],
    stories: Sequence[Story],
    placing: Placing,
    desk: Desk,
    verdicts: Mapping[str, str],
) -> Selection:
    shown = {article.id: story for story in (*placing.chosen, *placing.spares) for article in story.told}
    final = [shown.get(story.lead.id, story) for story in stories]
    told = {story.lead.id: story for story in final}
    everything = {**verdicts, **placing.verdicts, **_of_rivals(final, placing, desk)}
    candidates = [_candidate(article, told.get(article.id), everything) for article in articles]
    places = {story.lead.id: place for place, story in enumerate(placing.chosen)}
    candidates.sort(key=lambda each: (places.get(each.article.id, len(places)), *_rank(each)))
    return Selection(stories=placing.chosen, spares=placing.spares, candidates=tuple(candidates))


def _of_rivals(stories: Iterable[Story], placing: Placing, desk: Desk) -> Verdicts:
    """What those are told that do not lead their story."""
    verdicts = {}
    for story in stories:
        for rival in story.rivals:
            why = desk.why(story.lead, rival) or f"which leads because {placing.passed_over[rival.id]}"
            verdicts[rival.id] = f"same story as {named(story.lead)}, {why}"
    return verdicts


def _candidate(article: Article, story: Story | None, verdicts: Mapping[str, str]) -> Candidate:
    return Candidate(
        article=article,
        score=story.score if story else 0.0,
        reasons=story.reasons if story else (),
        verdict=verdicts[article.id],
    )


def _rank(candidate: Candidate) -> tuple[float, float, str]:
    """By score, then the newest."""
    return (-candidate.score, -candidate.article.when.timestamp(), candidate.article.id)
