"""Stories that turn out to be one, once the pages of their leads were read: feeds say little about each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from digest.model import Story
from digest.selection.grouping import UNSEEN
from digest.words.likeness import SAME_EVENT, Rarity, likeness, tally

#: From this likeness (cosine) on, one of two stories would be read as the other again. It is higher than what
#: makes one story of two articles: here each of the two would be news without the other.
TOLD_AGAIN = 0.28
#: The same where both headlines name the same somebody in full.
OF_ONE_NAME = 0.22
_FULL_NAME = re.compile(r"\b[A-Z][a-z’'-]+ (?:[A-Z]\. )?[A-Z][a-z’'-]+\b")


def doubles(stories: Sequence[Story]) -> Mapping[str, Story]:
    """For those of *stories*, the best first, that tell what one before them does: that one, by lead's id."""
    tallies = [tally(story.lead) for story in stories]
    rarity = Rarity(tallies, unseen=UNSEEN)
    events = [rarity.vector(each, SAME_EVENT) for each in tallies]
    kept: list[int] = []
    found: dict[str, Story] = {}
    for number, story in enumerate(stories):
        first = next(
            (
                one
                for one in kept
                if likeness(events[one], events[number]) >= _least(stories[one].lead.title, story.lead.title)
            ),
            None,
        )
        if first is None:
            kept.append(number)
        else:
            found[story.lead.id] = stories[first]
    return found


def _least(one: str, other: str) -> float:
    """How alike the articles under two headlines are that tell one event."""
    shared = set(_FULL_NAME.findall(one)) & set(_FULL_NAME.findall(other))
    return OF_ONE_NAME if shared else TOLD_AGAIN


def joined(story: Story, others: Sequence[Story]) -> Story:
    """*story*, with all that tell *others* among its rivals."""
    return replace(story, rivals=(*story.rivals, *(article for other in others for article in other.told)))
