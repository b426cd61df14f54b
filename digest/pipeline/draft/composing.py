"""Compose: choose | read | relate | summarize. The result is an edition, written as its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from digest import context, editions, related, selection, timetable
from digest.errors import EditionError, GatherError, NothingToDo, SummaryError
from digest.logs import log
from digest.model import (
    Edition,
    EditionKey,
    EditionRecord,
    Selection,
    Story,
    Summary,
    Window,
)
from digest.pipeline.delivery.correcting import in_words, untold
from digest.pipeline.desk import Desk, read_edition
from digest.pipeline.draft.backfilling import backfilled
from digest.pipeline.draft.laying_out import Told, lay_out, record_of, remarks
from digest.pipeline.draft.reading import read
from digest.pipeline.draft.relating import related_to
from digest.pipeline.draft.revising import Revised, revised, settled
from digest.pipeline.draft.summarizing import summarize
from digest.pipeline.recalling import Recalled, recall
from digest.ports import EditionFiles, Step
from digest.settings import Newsletter

#: Spare stories that wait, summarized, under ``pending``.
PENDING = 4
#: How often a draft is merged again because an editor saved meanwhile.
_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    edition: Edition
    #: The file as the machine wrote it: what editors changed in theirs is not in it.
    text: str
    path: str
    selection: Selection
    #: How the new draft went into a file that editors had changed; None where it is the file.
    merged: editions.Merged | None
    #: Pages that could not be read, and whose words a summary is when not the summarizer's: a line each.
    notes: tuple[str, ...]


def proceed() -> None:
    """Nothing has come between."""


def compose(
    newsletter: Newsletter,
    key: EditionKey,
    desk: Desk,
    *,
    now: datetime,
    failed: int = 0,
    ready: Callable[[], None] = proceed,
) -> Composed:
    """Make the day's edition from what was gathered, and write it as its file.

    What editors have changed in the file stays: what is new is merged into it. *failed*: how many feeds
    failed, if they are too many for few stories to mean a quiet day; else 0. *ready* is called
    when only writing the file is left: it raises if that must not happen.

    Raises:
        EditionError: The day's file is not valid, or was not composed here: it is left as it is.
        NothingToDo: There are too few stories for an edition, and the newsletter skips a quiet day.
        GatherError: There are too few, and too many feeds failed.
    """
    before = desk.store.editions.get(key)
    _refuse_unmergeable(key, before, desk.files)
    past = recall(newsletter, key, desk)
    window = timetable.window(newsletter, key.day, last=past.window, now=now)
    chosen = _choose(newsletter, key, window, past, desk, now, failed=failed)
    seen, hits, notes = _read(chosen, newsletter, window, desk, now)
    seen = related_to(seen, hits, newsletter, key, window, desk, now=now)
    notes = (*notes, *seen.notes)
    told, lost, more = _told(seen, newsletter, desk, now, places=len(chosen.stories))
    chosen = _settled(chosen, told, {**seen.lost, **lost})
    desk.chosen(chosen)
    quiet = _is_quiet(told, chosen, window, newsletter, key, failed=failed)
    corrections = untold(newsletter, key, desk.store)
    draft = lay_out(
        told,
        newsletter,
        key,
        number=desk.store.editions.number(key),
        window=window,
        hits=hits,
        past=past,
        quiet=quiet,
        corrections=[in_words(one, newsletter, desk.store) for one in corrections],
    )
    text = editions.write(draft, newsletter, notes=remarks(told))
    record = record_of(draft, told, text, before=before, now=now)
    ready()
    merged = _keep(record, before, desk)
    desk.store.editions.link(key, [item.target for item in told if item.target and not item.pending])
    desk.store.archive.tell(corrections, on=key.day)
    return _composed(draft, record, chosen, merged, desk, (*notes, *more))


def _composed(
    draft: Edition,
    record: EditionRecord,
    chosen: Selection,
    merged: editions.Merged | None,
    desk: Desk,
    notes: tuple[str, ...],
) -> Composed:
    """What was made, with the edition as its file has it now."""
    key = record.key
    edition = read_edition(key, desk.files) if merged else draft
    items, pending = len(edition.blurbs), len(edition.pending)
    log.info("composed", number=draft.number, items=items, pending=pending, merged=bool(merged))
    return Composed(
        edition=edition,
        text=record.composed,
        path=desk.files.path(key),
        selection=chosen,
        merged=merged,
        notes=notes,
    )


def _is_quiet(
    told: Sequence[Told],
    chosen: Selection,
    window: Window,
    newsletter: Newsletter,
    key: EditionKey,
    *,
    failed: int,
) -> bool:
    """Whether there are so few stories that the edition is a short notice.

    Raises:
        NothingToDo: Such a day has no edition.
        GatherError: It is not the day that is quiet.
    """
    count, least = sum(not item.pending for item in told), max(newsletter.min_items, 1)
    if count >= least:
        return False
    material = f"{len(chosen.candidates)} articles since {window.since:%A %Y-%m-%d %H:%M} UTC"
    few = f"{count or 'no'} {'story' if count == 1 else 'stories'} came together from {material}"
    if newsletter.min_items > 1:
        few += f", and min_items is {newsletter.min_items}"
    if failed:
        raise GatherError(f"{key}: no edition, because {failed} feeds failed, and {few}")
    if newsletter.quiet_day.do != "notice":
        raise NothingToDo(f"{key}: no edition, because {few}")
    return True


def _refuse_unmergeable(key: EditionKey, before: EditionRecord | None, files: EditionFiles) -> None:
    """Before any work is done: a file that the new draft cannot go into."""
    text = files.read(key)
    if text is None or (before and text == before.composed):
        return
    if before is None:
        raise EditionError(
            files.path(key),
            "exists, but was not composed here; it is left as it is. To compose again, move it away",
        )
    editions.parse(text, source=files.path(key), key=key)


def _keep(record: EditionRecord, before: EditionRecord | None, desk: Desk) -> editions.Merged | None:
    """Keep the new draft as the day's file, and as what is known of it."""
    key, store = record.key, desk.store.editions
    # First, for who dies between the two leaves no file that nobody knows, nor one that seems to be edited.
    if before is None:
        _refuse_unmergeable(key, before, desk.files)
        store.save(record)
        return _lay_down(record.composed, key, None, desk.files)
    base = _draft_of(desk.files.read(key), before)
    store.save(replace(record, former=base))
    try:
        merged = _lay_down(record.composed, key, base, desk.files)
    except EditionError:
        store.save(before)
        raise
    store.save(record)
    return merged


def _draft_of(present: str | None, record: EditionRecord) -> str:
    """The machine's draft that the present file is of, be it edited since.

    Whoever laid down the last one may have died before the file was written: then it is of the one before,
    and has more lines of that.
    """
    if not record.former or present is None:
        return record.composed
    lines = set(present.splitlines())
    return max(record.composed, record.former, key=lambda draft: len(lines.intersection(draft.splitlines())))


def _lay_down(text: str, key: EditionKey, base: str | None, files: EditionFiles) -> editions.Merged | None:
    """Write the new draft as the day's file, or merge it into the one that editors made of *base*."""
    path = files.path(key)
    for _ in range(_TRIES):
        present = files.read(key)
        merged = None
        if base is None:
            _refuse_unmergeable(key, None, files)
        elif present is not None and present != base:
            merged = editions.merge(base, present, text, source=path, key=key)
        if files.write(key, merged.text if merged else text, over=present):
            return merged
    raise EditionError(path, "was saved again while it was being merged; wait a moment, then: digest build")


def _choose(
    newsletter: Newsletter,
    key: EditionKey,
    window: Window,
    past: Recalled,
    desk: Desk,
    now: datetime,
    *,
    failed: int,
) -> Selection:
    """The day's stories; on a quiet day with those that older articles fill up, if it is really quiet."""
    fresh = desk.store.feeds.articles([feed.url for feed in newsletter.feeds], window)
    articles = [*fresh, *past.updated(window)]
    chosen = selection.choose(articles, newsletter=newsletter, window=window, now=now, recent=past.ran)
    words = f"{len(chosen.stories)} stories of {len(articles)} articles"
    desk.progress(Step("choose", len(chosen.stories), len(chosen.stories), words))
    if newsletter.quiet_day.do == "backfill" and not failed:
        chosen = backfilled(chosen, newsletter, key, window, past, desk, now=now)
    desk.chosen(chosen)
    return chosen


def _read(
    chosen: Selection, newsletter: Newsletter, window: Window, desk: Desk, now: datetime
) -> tuple[Revised, Sequence[Story], tuple[str, ...]]:
    """As their pages tell them: the chosen stories, with those that may take a place; and the quick hits.

    A quick hit is only a headline, but its page says which words of that are names.
    """
    end = newsletter.quick_hits
    hits, reserve = chosen.spares[:end], chosen.spares[end:][:PENDING]
    found, notes = read((*chosen.stories, *reserve, *hits), newsletter.feeds, desk, now=now)
    places, count = len(chosen.stories), len(found) - len(hits)
    seen = revised(found[:places], found[places:count], found[count:], newsletter, window, desk, now=now)
    return seen, seen.hits, (*notes, *seen.notes)


def _told(
    seen: Revised, newsletter: Newsletter, desk: Desk, now: datetime, *, places: int
) -> tuple[list[Told], dict[str, str], list[str]]:
    """The stories in words, in the order of their sections, in each its reports first; why others have none,
    by id; and a line for each that went another way.

    What cannot be told is left out, and the best that was pending takes its place, if its outlet and its
    section may have one more.
    """
    stories = (*seen.stories, *seen.spares)
    answers = summarize(stories, desk.summarizers, words=newsletter.summarizer.words, at=now)
    spoken = {
        story.lead.id: answer
        for story, answer in zip(stories, answers, strict=True)
        if isinstance(answer, Summary)
    }
    seated, spares = (
        [story for story in some if story.lead.id in spoken] for some in (seen.stories, seen.spares)
    )
    taking = selection.filling(seated, spares, newsletter, places=places)
    placed = {story.lead.id for story in (*seated, *taking)}
    told: list[Told] = []
    lost: dict[str, str] = {}
    notes: list[str] = []
    for count, (story, answer) in enumerate(zip(stories, answers, strict=True), 1):
        words = _way(story, answer)
        if words:
            notes.append(words)
            log.info("summarized", **_fields(story, answer))
        if isinstance(answer, Summary):
            told.append(_with_words(story, answer, newsletter, pending=story.lead.id not in placed))
        else:
            lost[story.lead.id] = str(answer)
        desk.progress(Step("summarize", count, len(stories), words))
    order = {title: place for place, title in enumerate(newsletter.sections)}
    told.sort(
        key=lambda item: (
            item.pending,
            order.get(item.story.section, len(order)),
            not selection.is_report(item.story.lead),
        )
    )
    return told, lost, notes


def _settled(chosen: Selection, told: Sequence[Told], lost: Mapping[str, str]) -> Selection:
    """What was chosen, as it turned out."""
    spares = {story.lead.id for story in chosen.spares}
    in_words = [item.story for item in told if not item.pending]
    chosen = settled(chosen, in_words, [story for story in in_words if story.lead.id in spares], lost)
    why = {item.story.lead.id: item.summary.reason for item in told if item.summary.reason}
    candidates = (
        replace(one, reasons=(*one.reasons, why[one.article.id])) if one.article.id in why else one
        for one in chosen.candidates
    )
    return replace(chosen, candidates=tuple(candidates))


def _way(story: Story, answer: Summary | SummaryError) -> str:
    """How a story came to its words, where that needs saying; else ""."""
    piece = f"{story.lead.outlet}: “{story.lead.title}”"
    if isinstance(answer, SummaryError):
        return f"{piece} has no summary: {answer}"
    return f"{piece} is summarized by {answer.written_by} ({answer.reason})" if answer.reason else ""


def _fields(story: Story, answer: Summary | SummaryError) -> dict[str, str]:
    """The same for the log."""
    by, reason = "nobody", str(answer)
    if isinstance(answer, Summary):
        by, reason = answer.written_by, answer.reason
    return {"outlet": story.lead.outlet, "title": story.lead.title, "by": by, "reason": reason}


def _with_words(story: Story, summary: Summary, newsletter: Newsletter, *, pending: bool) -> Told:
    summary = replace(summary, context=summary.context or context.answer(story, summary))
    sentence, target = related.sentence(story, topic=summary.topic, language=newsletter.language)
    return Told(story=story, summary=summary, dig_deeper=sentence, target=target, pending=pending)
