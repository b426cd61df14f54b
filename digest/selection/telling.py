"""One story from several articles about it: which leads, who else has it, and its score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from digest.model import Article, Story, Window
from digest.selection.eligibility import news_time
from digest.selection.leading import Standing, precedence, standing
from digest.selection.scoring import appraise
from digest.selection.updates import News
from digest.settings import Newsletter


class Desk:
    """Makes stories as *newsletter* has them at the moment *now*; *updates* says what is new, by id."""

    def __init__(
        self, newsletter: Newsletter, window: Window, now: datetime, updates: Mapping[str, News]
    ) -> None:
        self._feeds = {feed.url: feed for feed in newsletter.feeds}
        self._sections = newsletter.sections
        self._window, self._now = window, now
        self._updates = updates

    def tell(self, tellings: Sequence[Article]) -> Story:
        """The story of *tellings*, led by the one that serves readers best."""
        return self._story(self._best_first(tellings))

    def led_by(self, story: Story, lead: Article) -> Story:
        """*story* with another of its articles as the lead, and what it is worth then."""
        others = [article for article in story.told if article.id != lead.id]
        return self._story([lead, *self._best_first(others)])

    def why(self, lead: Article, rival: Article) -> str:
        """Why *lead* leads, and not *rival*, as in "which is open to all"; "" if by the rule it would not."""
        return precedence(self._standing(lead), self._standing(rival))

    def _story(self, told: Sequence[Article]) -> Story:
        lead, *rivals = told
        feed = self._feeds[lead.feed_url]
        score, reasons = appraise(
            lead,
            also=[
                outlet for outlet in dict.fromkeys(each.outlet for each in rivals) if outlet != lead.outlet
            ],
            weight=feed.weight,
            half_life=self._window.until - self._window.since,
            age=self._now - news_time(lead, self._window),
        )
        update = self._updates.get(lead.id)
        # The section is the story's, whoever leads.
        sections = (self._feeds[article.feed_url].section for article in self._best_first(told))
        return Story(
            lead=lead,
            rivals=tuple(rivals),
            section=next(filter(None, sections), self._sections[0] if self._sections else ""),
            score=score,
            reasons=(f"update: {update}", *reasons) if update else reasons,
            update=update is not None,
        )

    def _best_first(self, tellings: Sequence[Article]) -> list[Article]:
        return sorted(tellings, key=self._standing) if len(tellings) > 1 else list(tellings)

    def _standing(self, article: Article) -> Standing:
        return standing(article, self._feeds[article.feed_url].weight)
