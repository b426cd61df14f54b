"""A feed's health."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.model import Article, FeedState
from digest.settings import Feed, Newsletter

#: What is looked back on: four weeks have each weekday four times.
REACH = timedelta(days=28)
WEEK = timedelta(days=7)
#: So many articles in an hour of the day are a habit.
HABIT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    feed: Feed
    #: When it last answered as a feed should; None: it never did, or was never asked.
    succeeded_at: datetime | None
    #: Failures in a row, and its last words.
    failures: int
    words: str
    gone: bool
    #: Articles a week.
    weekly: float
    #: The hour, by the newsletter's clocks, in which most of its articles appear; None if there is none.
    hour: int | None
    newest: datetime | None
    #: Of its articles of the last weeks, those that there were, and those that led an item of an edition.
    articles: int
    used: int

    @property
    def share(self) -> float:
        return self.used / self.articles if self.articles else 0.0

    @property
    def state(self) -> str:
        """ "gone", "ill", "new", "silent" or "well"."""
        if self.gone:
            return "gone"
        if self.failures:
            return "ill"
        if self.succeeded_at is None:
            return "new"
        return "well" if self.articles else "silent"


def health(
    feed: Feed,
    state: FeedState | None,
    articles: Sequence[Article],
    *,
    used: Collection[str],
    newsletter: Newsletter,
    now: datetime,
) -> Health:
    """*articles* are the feed's of the time since ``now - REACH``, *used* the ids that editions led with."""
    state = state or FeedState(url=feed.url)
    known = [one for one in articles if not one.backlog]
    # Before it was first seen, only what was still in it is known: a young feed is counted by its own weeks.
    since = min((one.first_seen for one in known), default=now)
    weeks = max(min(now - since, REACH), WEEK) / WEEK
    hours = Counter(one.when.astimezone(newsletter.timezone).hour for one in known if one.published)
    hour = min(hours, key=lambda hour: (-hours[hour], hour), default=0)
    fresh = [one for one in known if one.when >= now - weeks * WEEK]
    return Health(
        feed=feed,
        succeeded_at=state.succeeded_at,
        failures=state.failures,
        words=state.problem,
        gone=state.gone_at is not None,
        weekly=len(fresh) / weeks,
        hour=hour if hours[hour] >= HABIT else None,
        newest=max((one.when for one in known), default=None),
        articles=len(known),
        used=sum(one.id in used for one in known),
    )
