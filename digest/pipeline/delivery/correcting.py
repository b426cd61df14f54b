"""Correct: an error in a sent edition is corrected where that was read, and in the next edition.

::

    correct     the archive's pages and feeds, from now on; the draft of the next edition, if there is one
    untold      what a new draft is given, so that no correction is told twice or never
    rendered    the correction as a mail                              (sent by ``mailing``)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from digest import editions, rendering, timetable
from digest.addresses import addresses, item_path
from digest.archive import amended, missing, slugs
from digest.errors import EditionError
from digest.logs import log
from digest.model import ArchivedEdition, Blurb, Correction, Edition, EditionKey, Rendered
from digest.pipeline.delivery.publishing import archived_edition
from digest.pipeline.desk import Desk
from digest.ports import EditionFiles, Store
from digest.rendering import Template
from digest.rendering.page import frame, shown
from digest.settings import Newsletter
from digest.words import marks
from digest.words.text import clean

#: Characters of a correction.
LONGEST = 1000
#: How often a draft is written again because an editor saved meanwhile.
_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    correction: Correction
    #: What it is about, as readers know it.
    headline: str
    #: False when it had been made before.
    new: bool
    #: The file of the next edition that it was put into; "" when a later draft will have it.
    draft: str


def correct(
    newsletter: Newsletter,
    key: EditionKey,
    desk: Desk,
    *,
    item: str,
    text: str,
    replaced: Sequence[tuple[str, str]],
    now: datetime,
) -> Corrected:
    """Correct an item of a sent edition (by its number or id; "" is the edition as a whole). Once is enough.

    *replaced*: (wrong words, right words), for the pages of the archive.

    Raises:
        EditionError: Nobody was sent the edition, there is no such item, its words are others, or the text
            is none.
    """
    past = _require_sent(key, desk)
    blurb = _item(past, newsletter, item)
    if not all(wrong.strip() for wrong, _ in replaced):
        raise EditionError(str(key), "--replace needs the wrong words, then the right ones")
    given = Correction(
        key=key,
        item=blurb.id if blurb else "",
        text=_read(text, key),
        replaced=tuple(replaced),
        at=now,
    )
    others = tuple(one for one in past.corrections if one.id != given.id)
    present = amended(replace(past, corrections=others), newsletter.timezone).edition
    if absent := missing(present, given):
        raise EditionError(str(key), f"these words are not in the item: {absent[0]!r}; nothing was corrected")
    new = desk.store.archive.correct(given)
    log.info("corrected", newsletter=key.newsletter, day=str(key.day), item=given.item, new=new)
    correction = next(one for one in desk.store.archive.corrections(key.newsletter) if _same(one, given))
    return Corrected(
        correction=correction,
        headline=blurb.headline if blurb else past.edition.subject,
        new=new,
        draft=_into_draft(correction, newsletter, desk, now) if correction.told_on is None else "",
    )


def untold(newsletter: Newsletter, key: EditionKey, store: Store) -> Sequence[Correction]:
    """Corrections of earlier editions for the draft of this one: those that no other, sent one had."""
    sent = store.archive.sent(newsletter.key)
    return [
        one
        for one in store.archive.corrections(newsletter.key)
        if one.key.day < key.day and (one.told_on in (None, key.day) or one.told_on not in sent)
    ]


def in_words(correction: Correction, newsletter: Newsletter, store: Store) -> str:
    """As a paragraph of another edition: what it is about, with a link to its page, and the text."""
    past = archived_edition(correction.key, store)
    if past is None:
        return correction.text
    blurb = next((one for one in past.edition.blurbs if one.id == correction.item), None)
    headline = blurb.headline if blurb else past.edition.subject
    url = page_of(correction, past, newsletter)
    about = marks.link(headline, url) if url else f"“{marks.escape_marks(headline)}”"
    return f"{about}: {correction.text}"


def page_of(correction: Correction, past: ArchivedEdition, newsletter: Newsletter) -> str:
    """The address of the corrected page; "" for a newsletter without pages."""
    names = slugs(shown(past.edition, newsletter))
    own, day = addresses(newsletter), correction.key.day
    return own.page(item_path(day, names[correction.item])) if correction.item in names else own.edition(day)


def rendered_correction(
    corrected: Corrected, newsletter: Newsletter, template: Template, desk: Desk
) -> Rendered:
    """The correction as a mail, in the newsletter's own look.

    Raises:
        RenderError: The template is wrong.
    """
    correction = corrected.correction
    past = _require_sent(correction.key, desk)
    words = frame(newsletter, correction.key.day.year, correction.key.day) | {"headline": corrected.headline}
    subject = clean(template.text(words, "archive/correction.subject.txt.j2"))
    mail = Edition(
        key=correction.key,
        number=past.edition.number,
        window=past.edition.window,
        subject=subject,
        preheader=marks.plain(marks.read(correction.text)),
        corrections=(in_words(correction, newsletter, desk.store),),
    )
    return replace(rendering.render(mail, newsletter, template), about=f"correction-{correction.id}")


def _require_sent(key: EditionKey, desk: Desk) -> ArchivedEdition:
    if (past := archived_edition(key, desk.store)) is None:
        raise EditionError(
            desk.files.path(key),
            "nobody was sent this edition, so there is nothing to correct: change its file",
        )
    return past


def _item(past: ArchivedEdition, newsletter: Newsletter, name: str) -> Blurb | None:
    """By the number that readers count, or by id; None for the edition as a whole."""
    if not name:
        return None
    blurbs = shown(past.edition, newsletter)
    for number, blurb in enumerate(blurbs, start=1):
        if name in (blurb.id, str(number)):
            return blurb
    known = ", ".join(f"{number} ({blurb.headline})" for number, blurb in enumerate(blurbs, start=1))
    raise EditionError(str(past.edition.key), f"there is no item {name!r}; known are {known}")


def _read(text: str, key: EditionKey) -> str:
    """One clean paragraph."""
    words = clean(" ".join(text.split()))
    if not words:
        raise EditionError(str(key), "a correction needs a text: what was wrong, and what is right")
    if len(words) > LONGEST:
        raise EditionError(str(key), f"a correction has at most {LONGEST} characters; this has {len(words)}")
    return words


def _same(one: Correction, other: Correction) -> bool:
    return (one.key, one.id) == (other.key, other.id)


def _into_draft(correction: Correction, newsletter: Newsletter, desk: Desk, now: datetime) -> str:
    """The file of the next edition, once it has the correction; "" if there is none, or it is broken."""
    sent = desk.store.archive.sent(newsletter.key)
    for day in _next_days(newsletter, now):
        key = EditionKey(newsletter=newsletter.key, day=day)
        if day <= correction.key.day or day in sent or desk.store.ledger.tally(key).total:
            continue
        line = in_words(correction, newsletter, desk.store)
        if _written(desk.files, key, line):
            desk.store.archive.tell([correction], on=day)
            return desk.files.path(key)
    return ""


def _next_days(newsletter: Newsletter, now: datetime) -> Iterator[date]:
    today = timetable.today(newsletter, now)
    yield today
    yield timetable.next_day(newsletter, today)


def _written(files: EditionFiles, key: EditionKey, line: str) -> bool:
    for _ in range(_TRIES):
        try:
            text = files.read(key)
            if text is None:
                return False
            present = editions.parse(text, source=files.path(key), key=key).corrections
            if line in present:
                return True
            put = editions.Write(id="", key="corrections", value=(*present, line), was=present)
            after = editions.apply(text, put, source=files.path(key), key=key)
        except EditionError:
            return False  # its editors are told so where they work; the next draft has it
        if files.write(key, after, over=text):
            return True
    return False
