"""Revise: what the feeds' words chose, once pages have been read and summaries tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from digest import selection
from digest.model import Article, Candidate, Selection, Story, Window
from digest.pipeline.desk import Desk
from digest.pipeline.draft.reading import read
from digest.settings import Newsletter

#: How many characters of a page are used to detect its language.
_TELLING = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    #: As their pages tell them: those that have a place, and those that may take one.
    stories: tuple[Story, ...]
    spares: tuple[Story, ...]
    notes: tuple[str, ...]
    #: Why a chosen story is out, by the id of the article that led it.
    lost: Mapping[str, str]
    #: The quick hits that are left.
    hits: tuple[Story, ...] = ()


def revised(
    stories: Sequence[Story],
    spares: Sequence[Story],
    hits: Sequence[Story],
    newsletter: Newsletter,
    window: Window,
    desk: Desk,
    *,
    now: datetime,
) -> Revised:
    """Stories whose leads' pages were read, without those in a language that is not accepted, those that turn
    out not to be news, and those that tell the same as a better one. Reports come first.

    Where a lead turns out to need a subscription, to be no report, or to have too little text, the first of
    its rivals leads that does better on its own page, if its outlet may have one more.
    """
    lost = {
        story.lead.id: why
        for story in (*stories, *spares, *hits)
        if (why := _foreign(story, newsletter) or _no_news(story))
    }
    seated, waiting, hits = (
        [story for story in some if story.lead.id not in lost] for some in (stories, spares, hits)
    )
    seated, waiting, hits = _without_doubles(seated, waiting, hits, lost)
    seated, waiting, hits = _reports_first(seated, waiting, hits, lost)
    tried = [replace(story, lead=rival) for story in seated for rival in selection.better_placed(story)]
    found, notes = read(tried, newsletter.feeds, desk, now=now) if tried else ((), ())
    pages = {each.lead.id: each.lead for each in found}
    outlets = Counter(story.lead.outlet for story in seated)
    limit = selection.outlet_limit(newsletter, newsletter.items)
    led = []
    for story in seated:
        full = {outlet for outlet, count in outlets.items() if count >= limit}
        lead = _better(story, pages, full=full)
        if lead is None:
            led.append(story)
            continue
        outlets[story.lead.outlet] -= 1
        outlets[lead.outlet] += 1
        led.append(selection.led_by(story, lead, newsletter=newsletter, window=window, now=now))
    return Revised(stories=tuple(led), spares=tuple(waiting), notes=notes, lost=lost, hits=tuple(hits))


def _without_doubles(
    seated: Sequence[Story], waiting: Sequence[Story], hits: Sequence[Story], lost: dict[str, str]
) -> tuple[list[Story], list[Story], list[Story]]:
    """The same without those that tell what another one does, which has them among its rivals then."""
    best_first = sorted(seated, key=lambda story: (-story.score, story.lead.id))
    again = selection.doubles([*best_first, *waiting, *hits])
    others: dict[str, list[Story]] = {}
    for story in (*seated, *waiting, *hits):
        if first := again.get(story.lead.id):
            lost[story.lead.id] = f"same story as {selection.named(first.lead)}, as its page tells"
            others.setdefault(first.lead.id, []).append(story)

    def kept(some: Sequence[Story]) -> list[Story]:
        return [
            selection.joined(each, others.get(each.lead.id, ())) for each in some if each.lead.id not in again
        ]

    return kept(seated), kept(waiting), kept(hits)


def _reports_first(
    seated: list[Story], waiting: list[Story], hits: list[Story], lost: dict[str, str]
) -> tuple[list[Story], list[Story], list[Story]]:
    """The same, where what turned out to be less than a report waits behind the reports that wait.

    Where these are too few, quick hits are reports that wait.
    """
    less = {story.lead.id: kind for story in (*seated, *waiting) if (kind := _less(story))}
    places = sum(story.lead.id in less for story in seated)
    reports = [story for story in waiting if story.lead.id not in less]
    reports += [story for story in hits if selection.is_report(story.lead)][: max(places - len(reports), 0)]
    if not reports:
        return seated, waiting, hits
    lost |= {story.lead.id: f"its page is {less[story.lead.id]}" for story in seated if story.lead.id in less}
    later = [story for story in (*seated, *waiting) if story.lead.id in less]
    return (
        [story for story in seated if story.lead.id not in less],
        [*reports, *later],
        [story for story in hits if story not in reports],
    )


def _less(story: Story) -> str:
    """What the page turned out to be, if less than a report, and if that did not count before."""
    kind = selection.lesser(story.lead)
    return "" if kind in story.reasons else kind


def settled(
    chosen: Selection, told: Sequence[Story], spared: Sequence[Story], lost: Mapping[str, str]
) -> Selection:
    """*chosen*, with what its candidates are told once it is known which stories were *told*, in their order.

    *spared* are those of them that took a place which was left empty; *lost* says why others are out.
    """
    rows = {candidate.article.id: candidate for candidate in chosen.candidates}
    tellings = {article.id: story for story in told for article in story.told}
    for story in chosen.stories:
        first, final = story.lead.id, tellings.get(story.lead.id)
        if final is None or (first in lost and final.lead.id != first):
            why = lost.get(first, "it has no summary")
            rows[first] = replace(rows[first], verdict=f"left out: {why}")
        elif final.lead.id != first:
            rows |= _exchanged(rows[first], final)
    seated = {story.lead.id for story in spared}
    for story in chosen.spares:
        first = story.lead.id
        if first in lost and first not in seated:
            rows[first] = replace(rows[first], verdict=f"left out: {lost[first]}")
    for story in spared:
        row = rows[story.lead.id]
        rows[story.lead.id] = replace(row, verdict="chosen, in the place of one that was left out")
    # By now some have other places in their sections than they were chosen for.
    verdicts = {first: verdict for first, verdict in selection.seats(told).items() if first not in seated}
    candidates = (rows[each.article.id] for each in chosen.candidates)
    return replace(
        chosen,
        candidates=tuple(
            replace(row, verdict=verdicts.get(row.article.id, row.verdict)) for row in candidates
        ),
    )


def _exchanged(first: Candidate, final: Story) -> dict[str, Candidate]:
    """The two candidates in each other's rows, when another article leads a story than was chosen to."""
    better = f"same story as {selection.named(final.lead)}, whose page serves readers better"
    return {
        first.article.id: replace(first, article=final.lead, score=final.score, reasons=final.reasons),
        final.lead.id: replace(first, score=0.0, reasons=(), verdict=better),
    }


def _no_news(story: Story) -> str:
    kind = selection.pastime(story.lead)
    return f"its page turned out to be no news, but {kind}" if kind else ""


def _foreign(story: Story, newsletter: Newsletter) -> str:
    feeds = {feed.url: feed for feed in newsletter.feeds}
    lead = story.lead
    text = f"{lead.title}. {lead.text or lead.description}"[:_TELLING]
    return selection.foreign(lead, newsletter, feeds[lead.feed_url], text=text)


def _better(story: Story, pages: Mapping[str, Article], *, full: set[str]) -> Article | None:
    """The first rival that was read and serves readers better, and whose outlet is not *full*."""
    rivals = (pages[rival.id] for rival in story.rivals if rival.id in pages)
    return next(
        (
            rival
            for rival in rivals
            if selection.serves_better(rival, story.lead)
            and (rival.outlet == story.lead.outlet or rival.outlet not in full)
        ),
        None,
    )
