"""Stories that turn out to be one, once the pages of their leads were read: feeds say little about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from digest.likeness import SAME_EVENT, Rarity, likeness, tally
from digest.model import Story
from digest.selection.grouping import UNSEEN

#: From this likeness (cosine) on, one of two stories would be read as the other again. It is higher than what
#: makes one story of two articles: here each of the two would be news without the other.
TOLD_AGAIN = 0.28


def doubles(stories: Sequence[Story]) -> Mapping[str, Story]:
    """For those of *stories*, the best first, that tell what one before them does: that one, by lead's id."""
    tallies = [tally(story.lead) for story in stories]
    rarity = Rarity(tallies, unseen=UNSEEN)
    events = [rarity.vector(each, SAME_EVENT) for each in tallies]
    kept: list[int] = []
    found: dict[str, Story] = {}
    for number, story in enumerate(stories):
        first = next((one for one in kept if likeness(events[one], events[number]) >= TOLD_AGAIN), None)
        if first is None:
            kept.append(number)
        else:
            found[story.lead.id] = stories[first]
    return found


def joined(story: Story, others: Sequence[Story]) -> Story:
    """*story*, with all that tell *others* among its rivals."""
    return replace(story, rivals=(*story.rivals, *(article for other in others for article in other.told)))
