"""Which article leads a chosen story, once its pages have been read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from digest.model import Article, Story, Window
from digest.selection.leading import standing
from digest.selection.telling import Desk
from digest.settings import Newsletter

#: Pages of rivals that are read for one story.
_MOST_RIVALS = 2
#: A standing begins with: whether it is beside the news, whether it is paywalled, what it lacks.
_SERVES, _BEST = 3, (False, False, 0)


def better_placed(story: Story) -> tuple[Article, ...]:
    """The rivals whose pages may serve readers better than that of *story*'s lead, which was read.

    None where the lead is a report that is open to all, with a text for a summary; and none of an update,
    whose lead has the news in it.
    """
    if story.update or _serving(story.lead) == _BEST:
        return ()
    return tuple(rival for rival in story.rivals if _serving(rival)[:2] == _BEST[:2])[:_MOST_RIVALS]


def serves_better(rival: Article, lead: Article) -> bool:
    """Whether *rival* is a report, open to all, or has enough text, where *lead* is not or has not."""
    return _serving(rival) < _serving(lead)


def led_by(story: Story, lead: Article, *, newsletter: Newsletter, window: Window, now: datetime) -> Story:
    """*story* in its section, led by *lead*: one of its rivals, as its page tells it."""
    return replace(Desk(newsletter, window, now, {}).led_by(story, lead), section=story.section)


def _serving(article: Article) -> tuple[object, ...]:
    return standing(article, 1.0)[:_SERVES]
