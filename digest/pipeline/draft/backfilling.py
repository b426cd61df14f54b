"""Backfill: on a quiet day, older stories that no edition ran fill the empty places."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from digest import selection
from digest.model import EditionKey, Ran, Selection, Story, Window
from digest.pipeline.desk import Desk
from digest.pipeline.recalling import Recalled
from digest.ports import Step
from digest.settings import Newsletter
from digest.timetable import REACH


def backfilled(
    chosen: Selection,
    newsletter: Newsletter,
    key: EditionKey,
    window: Window,
    past: Recalled,
    desk: Desk,
    *,
    now: datetime,
) -> Selection:
    """*chosen*, with the best older stories behind it until there are ``min_items``.

    They come from before the *window*, which stays what it is; none of them ran, as far as the last editions
    are remembered, and none tells what another one of today does.
    """
    lacking = newsletter.min_items - len(chosen.stories)
    since = max(window.since - REACH, past.since or window.since - REACH)
    if lacking <= 0 or since >= window.since:
        return chosen
    before = Window(since=since, until=window.since)
    articles = desk.store.feeds.articles([feed.url for feed in newsletter.feeds], before)
    older = selection.choose(
        articles,
        newsletter=replace(newsletter, items=lacking),
        window=before,
        now=now,
        recent=(*past.ran, *(_as_ran(story, key) for story in chosen.stories)),
    )
    words = f"{len(older.stories)} older stories on a quiet day"
    desk.progress(Step("choose", len(older.stories), len(older.stories), words))
    reasons = tuple(replace(story, reasons=("backfill", *story.reasons)) for story in older.stories)
    # A candidate of today may stand among the older ones as well, as too new for them.
    known = {candidate.article.id for candidate in chosen.candidates}
    return Selection(
        stories=(*chosen.stories, *reasons),
        spares=chosen.spares,
        candidates=(
            *chosen.candidates,
            *(candidate for candidate in older.candidates if candidate.article.id not in known),
        ),
    )


def _as_ran(story: Story, key: EditionKey) -> Ran:
    lead = story.lead
    return Ran(day=key.day, article=lead, words=f"{lead.title}\n{lead.description}", sources=story.rivals)
