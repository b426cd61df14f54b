"""Which stories are in, and where: the limits of outlets and sections, and a place for each section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil

from digest.model import Article, Story
from digest.settings import Newsletter

#: A section's best story is in before a second one of another section, unless it is worth less than
#: this part of the best story of all.
GOOD_ENOUGH = 0.3
#: Stories that are kept ready behind those chosen, for each of them; quick hits come on top.
SPARES = 3
#: Two stories this much alike, whatever happened in each, are on one matter; from the third on, a story
#: on a matter costs so much.
ONE_MATTER = 0.12
MANY, TIRING = 2, 0.3

#: *story* with another of its articles as the lead.
LedBy = Callable[[Story, Article], Story]


@dataclass(frozen=True, slots=True)
class Placing:
    #: In the edition's order.
    chosen: tuple[Story, ...]
    #: Best first: those for quick hits, with no outlet among them more often than its limit, then others.
    spares: tuple[Story, ...]
    #: What became of each story, by the id of the article that leads it.
    verdicts: Mapping[str, str]
    #: Why an article does not lead its story although it should, by id.
    passed_over: Mapping[str, str]


@dataclass(slots=True)
class _Table:
    """Places, while they are given away."""

    places: int
    per_outlet: int
    per_section: int
    led_by: LedBy
    #: By the id of the story's lead as it was offered.
    taken: dict[str, Story] = field(default_factory=dict)
    outlets: Counter[str] = field(default_factory=Counter)
    sections: Counter[str] = field(default_factory=Counter)
    passed_over: dict[str, str] = field(default_factory=dict)

    def refusal(self, story: Story) -> str:
        """Why *story* as it is led has no place, or ""."""
        if story.score < 0:
            return "not good enough"
        if self.per_section and self.sections[story.section] >= self.per_section:
            return f"{story.section or 'the edition'} has its {_stories(self.per_section)}"
        if self.outlets[story.lead.outlet] >= self.per_outlet:
            return f"{story.lead.outlet} has its {_stories(self.per_outlet)}"
        return f"below the best {self.places}" if len(self.taken) >= self.places else ""

    def seat(self, story: Story) -> None:
        """Give *story* a place if there is one, led by a rival's article where its own outlet has enough."""
        refusals = {}
        for lead in story.told:
            led = story if lead is story.lead else self.led_by(story, lead)
            if reason := self.refusal(led):
                refusals[lead.id] = reason
                continue
            self.take(story, led)
            self.passed_over |= refusals
            return

    def take(self, story: Story, led: Story) -> None:
        self.taken[story.lead.id] = led
        self.outlets[led.lead.outlet] += 1
        self.sections[led.section] += 1


def place(stories: Sequence[Story], newsletter: Newsletter, *, led_by: LedBy) -> Placing:
    """Give the best of *stories* their places."""
    ranked = sorted(stories, key=rank)
    items, hits = newsletter.items, newsletter.quick_hits
    table = _Table(items, outlet_limit(newsletter, items), newsletter.per_section, led_by)
    for story in _firsts(ranked, newsletter):
        if not table.sections[story.section]:
            table.seat(story)
    for story in ranked:
        if story.lead.id not in table.taken:
            table.seat(story)
    _fill_up(table, ranked, newsletter)
    missed = [story for story in ranked if story.lead.id not in table.taken]
    quick = _Table(hits, outlet_limit(newsletter, hits), 0, led_by)
    for story in missed:
        quick.seat(story)
    others = [story for story in missed if story.score >= 0 and story.lead.id not in quick.taken]
    spares = [*quick.taken.values(), *others][: SPARES * items + hits]
    chosen = _in_order(table.taken.values(), newsletter)
    shown = {story.lead.id: quick.taken.get(story.lead.id, story) for story in missed}
    refusals = {shown[story.lead.id].lead.id: table.refusal(story) for story in missed}
    return Placing(
        chosen=tuple(chosen),
        spares=tuple(spares),
        verdicts={**refusals, **_of_spares(spares, hits, refusals), **seats(chosen)},
        passed_over=table.passed_over | quick.passed_over,
    )


def _fill_up(table: _Table, ranked: Sequence[Story], newsletter: Newsletter) -> None:
    """No day is quiet for a share that nobody set: outlets that have stories make up for the others."""
    share, places = table.per_outlet, table.places
    if newsletter.per_outlet:
        return
    table.per_outlet, table.places = places, min(newsletter.min_items, places)
    for story in ranked:
        if story.lead.id not in table.taken:
            table.seat(story)
    table.per_outlet, table.places = share, places


def filling(
    seated: Sequence[Story], spares: Sequence[Story], newsletter: Newsletter, *, places: int
) -> list[Story]:
    """Those of *spares*, the best first, that take what *seated* leave of the *places*, within the limits."""
    table = _Table(
        places,
        outlet_limit(newsletter, newsletter.items),
        newsletter.per_section,
        led_by=lambda story, _: story,
    )
    for story in seated:
        table.take(story, story)
    ranked = [replace(story, rivals=()) for story in spares]  # it is as it was read that a story has a place
    for story in ranked:
        table.seat(story)
    _fill_up(table, ranked, newsletter)
    return [story for story in spares if story.lead.id in table.taken]


def _in_order(stories: Iterable[Story], newsletter: Newsletter) -> list[Story]:
    order = {section: n for n, section in enumerate(newsletter.sections)}
    return sorted(
        stories, key=lambda story: (order.get(story.section, len(order)), story.section, rank(story))
    )


def seats(stories: Sequence[Story]) -> dict[str, str]:
    """What the lead of each of the chosen *stories* is told of its place, by its id: "chosen, World 2"."""
    counts: Counter[str] = Counter()
    verdicts = {}
    for story in stories:
        counts[story.section] += 1
        verdicts[story.lead.id] = " ".join(
            filter(None, ("chosen,", story.section, str(counts[story.section])))
        )
    return verdicts


def _of_spares(spares: Sequence[Story], hits: int, refusals: Mapping[str, str]) -> dict[str, str]:
    return {
        story.lead.id: f"{refusals[story.lead.id]}: "
        + (f"quick hit {n}" if n <= hits else f"spare {n - hits}")
        for n, story in enumerate(spares, 1)
    }


def vary(
    stories: Sequence[Story], on_matter: Callable[[Article, Article], float], *, places: int
) -> list[Story]:
    """*stories*, with those lowered that would be the third or a later one on the same matter."""
    ranked = sorted(stories, key=rank)
    contending, rest = ranked[: SPARES * places], ranked[SPARES * places :]
    varied: list[Story] = []
    for story in contending:
        before = sum(on_matter(story.lead, other.lead) >= ONE_MATTER for other in varied)
        varied.append(_lowered(story) if before >= MANY else story)
    return [*varied, *rest]


def _lowered(story: Story) -> Story:
    return replace(
        story, score=round(story.score - TIRING, 4), reasons=(*story.reasons, "third on its matter")
    )


def outlet_limit(newsletter: Newsletter, places: int) -> int:
    """How many of the *places* one outlet may have: as configured, or up to twice its even share."""
    outlets = len({feed.title or feed.url for feed in newsletter.feeds})
    return newsletter.per_outlet or max(2, ceil(2 * places / outlets))


def rank(story: Story) -> tuple[float, float, str]:
    """The best first; among equals the newest, then by id."""
    return (-story.score, -story.lead.when.timestamp(), story.lead.id)


def _firsts(ranked: Sequence[Story], newsletter: Newsletter) -> list[Story]:
    """Stories that may stand for a section that has none yet."""
    floor = GOOD_ENOUGH * ranked[0].score if ranked else 0.0
    return [story for story in ranked if story.section in newsletter.sections and story.score >= floor]


def _stories(count: int) -> str:
    return "one story" if count == 1 else f"{count} stories"
