"""Compose: choose | read | summarize | relate. The answer is an edition, laid down as its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digest import editions, related, rendering, selection, timetable, wording
from digest.errors import EditionError, NothingToDo, SummaryError
from digest.model import (
    Article,
    Blurb,
    Edition,
    EditionKey,
    EditionRecord,
    Image,
    Link,
    Selection,
    Story,
    Summary,
    Use,
    Window,
)
from digest.pipeline.desk import Desk
from digest.pipeline.reading import read
from digest.ports import EditionFiles, Step
from digest.settings import Newsletter
from digest.urls import canonical

#: Spare stories that wait, summarized, under ``pending``.
PENDING = 4
#: How far back a dig-deeper link may lead, and how long no other leads to the same place.
ARCHIVE = timedelta(days=30)
REPEAT = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Told:
    """A story with its summary; *pending* when it is not in the edition."""

    story: Story
    summary: Summary
    pending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    edition: Edition
    path: str
    selection: Selection
    #: Pages that could not be read, stories without a summary: one line each.
    notes: tuple[str, ...]


def compose(newsletter: Newsletter, key: EditionKey, desk: Desk, *, now: datetime) -> Composed:
    """Make the day's edition out of what was gathered, and lay it down as its file.

    Raises:
        EditionError: The day's file was edited since it was composed: it is left as it is.
        NothingToDo: There are too few stories for an edition.
    """
    before = desk.store.editions.get(key)
    _refuse_edited(key, before, desk.files)
    last = desk.store.editions.last(newsletter.key, before=key.day)
    previous = _previous(last, desk.files)
    window = timetable.window(newsletter, key.day, last=last.window if last else None, now=now)
    chosen = _choose(newsletter, window, previous, desk, now)
    told, notes = _told(chosen, newsletter, desk, now)
    count, least = sum(not item.pending for item in told), max(newsletter.min_items, 1)
    if count < least:
        raise NothingToDo(
            f"{key}: no edition, because only {count} of at least {least} stories came together "
            f"from {len(chosen.candidates)} articles since {window.since:%A %Y-%m-%d %H:%M} UTC"
        )
    blurbs, targets = _linked(told, newsletter, key, previous, window, desk, now)
    number = before.number if before else desk.store.editions.next_number(newsletter.key)
    edition = _laid_out(key, number, window, newsletter, blurbs, chosen, previous)
    text = editions.write(edition, newsletter, notes=_remarks(told))
    desk.files.write(key, text)
    desk.store.editions.save(_record(edition, text, now))
    desk.store.editions.link(key, targets)
    return Composed(edition=edition, path=desk.files.path(key), selection=chosen, notes=notes)


def _refuse_edited(key: EditionKey, before: EditionRecord | None, files: EditionFiles) -> None:
    text = files.read(key)
    if text is None or (before is not None and text == before.composed):
        return
    path = files.path(key)
    reason = "was edited since it was composed" if before else "is there, but was not composed here"
    raise EditionError(path, f"{reason}; it is left as it is. To compose anew, move the file away first")


def _previous(last: EditionRecord | None, files: EditionFiles) -> Edition | None:
    """The last edition as its editors left it, or as it was composed where the file is gone or broken."""
    if last is None:
        return None
    path = files.path(last.key)
    try:
        return editions.parse(files.read(last.key) or last.composed, source=path, key=last.key)
    except EditionError:
        return editions.parse(last.composed, source=path, key=last.key)


def _choose(
    newsletter: Newsletter, window: Window, previous: Edition | None, desk: Desk, now: datetime
) -> Selection:
    articles = desk.store.feeds.articles([feed.url for feed in newsletter.feeds], window)
    chosen = selection.choose(articles, newsletter=newsletter, window=window, now=now, recent=_ran(previous))
    words = f"{len(chosen.stories)} stories of {len(articles)} articles"
    desk.progress(Step("choose", len(chosen.stories), len(chosen.stories), words))
    return chosen


def _ran(previous: Edition | None) -> frozenset[str]:
    return (
        frozenset(canonical(blurb.url) for blurb in previous.used if blurb.url) if previous else frozenset()
    )


def _told(
    chosen: Selection, newsletter: Newsletter, desk: Desk, now: datetime
) -> tuple[list[Told], tuple[str, ...]]:
    """The chosen stories, then the pending ones, each with its summary.

    What cannot be told is left out, and the best that was pending takes its place.
    """
    reserve = chosen.spares[newsletter.quick_hits :][:PENDING]
    stories, notes = read((*chosen.stories, *reserve), newsletter.feeds, desk, now=now)
    told: list[Told] = []
    for count, story in enumerate(stories, 1):
        summary = _summary(story, desk, newsletter.summarizer.words)
        words = (
            "" if summary else f"{story.lead.outlet}: “{story.lead.title}” has too little text for a summary"
        )
        desk.progress(Step("summarize", count, len(stories), words))
        if summary is None:
            notes = (*notes, words)
        else:
            told.append(Told(story, summary, pending=len(told) >= len(chosen.stories)))
    order = {title: place for place, title in enumerate(newsletter.sections)}
    told.sort(key=lambda item: (item.pending, order.get(item.story.section, len(order))))
    return told, notes


def _summary(story: Story, desk: Desk, words: int) -> Summary | None:
    for summarizer in desk.summarizers:
        try:
            return summarizer.summarize(story, words=words)
        except SummaryError:
            continue
    return None


def _linked(
    told: Sequence[Told],
    newsletter: Newsletter,
    key: EditionKey,
    previous: Edition | None,
    window: Window,
    desk: Desk,
    now: datetime,
) -> tuple[list[tuple[Blurb, bool]], list[str]]:
    """Each story's blurb with its dig-deeper sentence (and whether it is pending), and where those lead."""
    urls = [feed.url for feed in newsletter.feeds]
    seen = desk.store.feeds.articles(urls, Window(since=now - ARCHIVE, until=window.until))
    pages = desk.store.feeds.pages(seen)
    archive = related.Archive([pages.get(article.id, article) for article in seen])
    used = set(desk.store.editions.sent_targets(newsletter.key, since=key.day - REPEAT))
    used |= {item.story.lead.canonical_url for item in told} | _ran(previous)
    blurbs: list[tuple[Blurb, bool]] = []
    targets: list[str] = []
    for item in told:
        sentence, target = related.dig_deeper(item.story, archive, newsletter=newsletter, used=used, now=now)
        used.add(target)
        if not item.pending:
            targets.append(target)
        blurbs.append((_blurb(item, sentence), item.pending))
    return blurbs, targets


def _blurb(told: Told, dig_deeper: str) -> Blurb:
    lead, summary = told.story.lead, told.summary
    headline, update = wording.headline(lead.title, lead.outlet, text=lead.text)
    return Blurb(
        id=lead.id,
        section=told.story.section,
        headline=headline,
        url=lead.url,
        outlet=lead.outlet,
        byline=wording.byline(lead.authors),
        summary=rendering.escape_marks(summary.text),
        question=summary.question,
        context=rendering.escape_marks(summary.context),
        dig_deeper=dig_deeper,
        image=_picture(lead, headline),
        update=update,
        subscription=lead.paywalled,
        written_by=summary.written_by,
        spans=summary.spans,
    )


def _picture(article: Article, headline: str) -> Image | None:
    """No credit, no picture. A caption that only repeats the headline is none; alt text there always is."""
    image = article.image
    if image is None or not image.credit:
        return None
    caption = "" if image.caption.rstrip(".") in {article.title.rstrip("."), headline} else image.caption
    return replace(image, caption=caption, alt=image.alt or image.caption or headline)


def _laid_out(
    key: EditionKey,
    number: int,
    window: Window,
    newsletter: Newsletter,
    blurbs: Sequence[tuple[Blurb, bool]],
    chosen: Selection,
    previous: Edition | None,
) -> Edition:
    used = tuple(blurb for blurb, pending in blurbs if not pending)
    waiting = tuple(blurb for blurb, pending in blurbs if pending)
    known = {blurb.id for blurb, _ in blurbs}
    held = tuple(
        replace(blurb, use=Use.YES)
        for blurb in (previous.blurbs if previous else ())
        if blurb.use is Use.HOLD and blurb.id not in known
    )
    headlines = [blurb.headline for blurb in used]
    return Edition(
        key=key,
        number=number,
        window=window,
        subject=wording.subject(headlines[0]),
        preheader=wording.preheader(headlines[1:]),
        blurbs=used,
        pending=(*held, *waiting),
        quick_hits=tuple(_quick_hit(story.lead) for story in chosen.spares[: newsletter.quick_hits]),
    )


def _quick_hit(article: Article) -> Link:
    headline, _ = wording.headline(article.title, article.outlet, text=article.text)
    return Link(text=headline, url=article.url, outlet=article.outlet)


def _record(edition: Edition, text: str, now: datetime) -> EditionRecord:
    return EditionRecord(
        key=edition.key,
        number=edition.number,
        window=edition.window,
        composed=text,
        composed_at=now,
        spans={blurb.id: blurb.spans for blurb in (*edition.blurbs, *edition.pending) if blurb.spans},
    )


def _remarks(told: Sequence[Told]) -> dict[str, str]:
    """What the file says beside each item: its outlet, and why it was chosen."""
    return {
        item.story.lead.id: " · ".join(
            [item.story.lead.outlet, *item.story.reasons, f"score {item.story.score:.2f}"]
        )
        for item in told
    }
