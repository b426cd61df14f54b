"""Lay out: summarized stories become the blurbs of an edition, and the record that is kept of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from digest.model import (
    Article,
    Blurb,
    Context,
    Edition,
    EditionKey,
    EditionRecord,
    Image,
    Link,
    Provenance,
    Story,
    Summary,
    Use,
    Window,
)
from digest.pipeline.recalling import Recalled
from digest.settings import Newsletter
from digest.words import marks, wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A summarized story; *pending* if it is not in the edition."""

    story: Story
    summary: Summary
    #: The dig-deeper sentence, and the canonical address that it leads to.
    dig_deeper: str
    target: str
    pending: bool


def lay_out(
    told: Sequence[Told],
    newsletter: Newsletter,
    key: EditionKey,
    *,
    number: int,
    window: Window,
    hits: Sequence[Story],
    past: Recalled,
    quiet: bool = False,
    corrections: Sequence[str] = (),
) -> Edition:
    """The edition: today's stories, and under pending those that were held yesterday or just missed.

    If it is *quiet*, its letter is the newsletter's text for such a day.
    """
    blurbs = {item.story.lead.id: _blurb(item, newsletter) for item in told}
    used = tuple(blurbs[item.story.lead.id] for item in told if not item.pending)
    waiting = tuple(blurbs[item.story.lead.id] for item in told if item.pending)
    held = tuple(
        replace(blurb, use=Use.YES)
        for blurb in (past.last.blurbs if past.last else ())
        if blurb.use is Use.HOLD and blurb.id not in blurbs
    )
    headlines = [blurb.headline for blurb in used]
    return Edition(
        key=key,
        number=number,
        window=window,
        quiet=quiet,
        subject=wording.subject(headlines[0] if headlines else newsletter.quiet_day.subject),
        preheader=wording.preheader(headlines[1:], newsletter.language),
        letter=newsletter.quiet_day.letter if quiet else "",
        blurbs=used,
        pending=(*held, *waiting),
        quick_hits=tuple(_quick_hit(story.lead) for story in hits),
        corrections=tuple(corrections),
    )


def record_of(
    edition: Edition, told: Sequence[Told], text: str, *, before: EditionRecord | None, now: datetime
) -> EditionRecord:
    """What is kept beside the file *text*: above all, where each blurb's words come from.

    What *before* knows is kept: its items may be in a file that editors changed.
    """
    known = before.provenance if before else {}
    return EditionRecord(
        key=edition.key,
        number=edition.number,
        window=edition.window,
        composed=text,
        composed_at=now,
        # It is for one content: if composing again changes that, it is no longer an approval.
        approval=before.approval if before else None,
        provenance={**known, **{item.story.lead.id: _provenance(item) for item in told}},
    )


def remarks(told: Sequence[Told]) -> dict[str, str]:
    """Comments for the file, by item: its outlet, why it was chosen, and who did not write its summary."""
    return {item.story.lead.id: " · ".join(_remark(item)) for item in told}


def _remark(told: Told) -> list[str]:
    story = told.story
    parts = [story.lead.outlet, *story.reasons, f"score {story.score:.2f}"]
    if not story.update and wording.headline(story.lead.title, story.lead.outlet).update:
        parts.append("its publisher’s update, new here")
    return [*parts, told.summary.reason] if told.summary.reason else parts


def _blurb(told: Told, newsletter: Newsletter) -> Blurb:
    story, summary = told.story, told.summary
    lead, context = story.lead, summary.context
    headline, _ = wording.headline(lead.title, lead.outlet, text=lead.text)
    return Blurb(
        id=lead.id,
        section=story.section,
        headline=headline,
        url=lead.url,
        outlet=lead.outlet,
        byline=wording.byline(lead.authors, newsletter.language),
        summary=marks.escape_marks(summary.text),
        question=context.question if context else "",
        context=_with_source(context, story) if context else "",
        dig_deeper=told.dig_deeper,
        image=_picture(lead, headline, newsletter),
        # Not where only its publisher calls it one: no reader of ours has had it before.
        update=story.update,
        subscription=lead.paywalled,
        written_by=summary.written_by,
    )


def _with_source(context: Context, story: Story) -> str:
    """The paragraph; if it is not from the lead, with the outlet that it is from."""
    words = marks.escape_marks(context.text)
    others = {article.id: article for article in (*story.rivals, *story.background)}
    source = next((others[span.article_id] for span in context.spans if span.article_id in others), None)
    if source is None or not source.url:
        return words
    return f"{words} ({marks.link(source.outlet or 'source', source.url)})"


def _provenance(told: Told) -> Provenance:
    story, context = told.story, told.summary.context
    behind = [*story.told, *([story.deeper] if story.deeper else []), *story.background]
    spans = (*told.summary.spans, *(context.spans if context else ()))
    return Provenance(articles=tuple(dict.fromkeys(article.id for article in behind)), spans=spans)


def _picture(article: Article, headline: str, newsletter: Newsletter) -> Image | None:
    """The picture; none without a credit, unless the newsletter allows it.

    A caption that only repeats the headline is none. Alt text there always is; where it is the publisher's
    title, as with "Bridge open | Example Times", it is our headline.
    """
    image = article.image
    if image is None or newsletter.photos == "none" or (newsletter.photos == "credited" and not image.credit):
        return None
    title = article.title.rstrip(".")
    caption = "" if image.caption.rstrip(".") in {title, headline} else image.caption
    alt = image.alt or image.caption
    return replace(image, caption=caption, alt=headline if alt.rstrip(".") in {"", title} else alt)


def _quick_hit(article: Article) -> Link:
    headline, _ = wording.headline(article.title, article.outlet, text=article.text)
    return Link(text=headline, url=article.url, outlet=article.outlet)
