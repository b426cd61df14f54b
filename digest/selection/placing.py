"""Which stories are in, and where: the limits of outlets and sections, and a place for each section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil

from digest.model import Article, Story
from digest.settings import Newsletter

#: A section's best story is in before a second one of another section, unless it is worth less than
#: this part of the best story of all.
GOOD_ENOUGH = 0.3
#: Stories that are kept ready behind those chosen, for each of them.
SPARES = 3


@dataclass(slots=True)
class _Table:
    """The places of an edition, while they are given away."""

    newsletter: Newsletter
    taken: dict[str, Story] = field(default_factory=dict)
    outlets: Counter[str] = field(default_factory=Counter)
    sections: Counter[str] = field(default_factory=Counter)

    def refusal(self, story: Story) -> str:
        """Why *story* as it is led has no place, or ""."""
        letter = self.newsletter
        if story.score < 0:
            return "not good enough"
        if letter.per_section and self.sections[story.section] >= letter.per_section:
            return f"{story.section or 'the edition'} has its {_stories(letter.per_section)}"
        if self.outlets[story.lead.outlet] >= (limit := outlet_limit(letter)):
            return f"{story.lead.outlet} has its {_stories(limit)}"
        return f"below the best {letter.items}" if len(self.taken) >= letter.items else ""

    def seat(self, story: Story) -> bool:
        """Give *story* a place, led by a rival's article where its own outlet has enough."""
        for lead in (story.lead, *story.rivals):
            led = led_by(story, lead)
            if not self.refusal(led):
                self.taken[story.lead.id] = led
                self.outlets[lead.outlet] += 1
                self.sections[story.section] += 1
                return True
        return False


def place(
    stories: Sequence[Story], newsletter: Newsletter
) -> tuple[tuple[Story, ...], tuple[Story, ...], Mapping[str, str]]:
    """The stories that are in, in the edition's order; the spares, best first; and why each other is
    not in, by its lead's id."""
    ranked = sorted(stories, key=rank)
    table = _Table(newsletter)
    for story in _firsts(ranked, newsletter):
        if not table.sections[story.section]:
            table.seat(story)
    for story in ranked:
        if story.lead.id not in table.taken:
            table.seat(story)
    missed = [story for story in ranked if story.lead.id not in table.taken]
    refusals = {story.lead.id: table.refusal(story) for story in missed}
    order = {section: n for n, section in enumerate(newsletter.sections)}
    chosen = sorted(
        table.taken.values(),
        key=lambda story: (order.get(story.section, len(order)), story.section, rank(story)),
    )
    spares = [story for story in missed if story.score >= 0][: SPARES * newsletter.items]
    return tuple(chosen), tuple(spares), refusals


def outlet_limit(newsletter: Newsletter) -> int:
    """How many stories one outlet may have: as configured, or up to twice its even share."""
    outlets = len({feed.title or feed.url for feed in newsletter.feeds})
    return newsletter.per_outlet or max(2, ceil(2 * newsletter.items / outlets))


def rank(story: Story) -> tuple[float, float, str]:
    """The best first; among equals the newest, then by id."""
    return (-story.score, -story.lead.when.timestamp(), story.lead.id)


def led_by(story: Story, lead: Article) -> Story:
    """*story* with one of its articles as the lead."""
    everyone = (story.lead, *story.rivals)
    return replace(story, lead=lead, rivals=tuple(article for article in everyone if article.id != lead.id))


def _firsts(ranked: Sequence[Story], newsletter: Newsletter) -> list[Story]:
    """Stories that may stand for a section that has none yet."""
    floor = GOOD_ENOUGH * ranked[0].score if ranked else 0.0
    return [story for story in ranked if story.section in newsletter.sections and story.score >= floor]


def _stories(count: int) -> str:
    return "one story" if count == 1 else f"{count} stories"
