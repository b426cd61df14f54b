"""Publish: what was sent is kept, and shown as it was, whatever happens to the edition's file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from digest import editions
from digest.model import ArchivedEdition, Content, Correction, Edition, EditionKey, Rendered
from digest.ports import Store
from digest.rendering import Template
from digest.rendering.page import readable
from digest.settings import Newsletter

# The archive's pages and feeds are loaded only where they are made: sending saves a megabyte without them.
if TYPE_CHECKING:
    from digest.archive import Archive


def source_of(edition: Edition, newsletter: Newsletter, rendered: Rendered) -> str:
    """What *rendered* shows of the edition, and nothing else of it."""
    left_out = {blurb_id for blurb_id, _ in rendered.dropped}
    shown = readable(edition, newsletter)
    blurbs = tuple(blurb for blurb in shown.blurbs if blurb.id not in left_out)
    return editions.to_json(replace(shown, blurbs=blurbs))


def keep(rendered: Rendered, store: Store, *, at: datetime) -> None:
    """Keep what is sent; before the first mail leaves, in case of a crash. *at*: when readers get it."""
    if rendered.source:
        store.archive.keep(Content(key=rendered.key, sha256=rendered.sha256, source=rendered.source, at=at))


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a newsletter's archive is made from. Two that are equal make the same pages."""

    newsletter: str
    #: ``ArchiveStore.sent``.
    sent: Mapping[date, tuple[str, datetime]]
    #: The oldest first.
    corrections: Sequence[Correction]


def shelf(newsletter: Newsletter, store: Store, *, now: datetime) -> Shelf:
    """The editions that readers have by now: a provider may have been given one before its hour."""
    sent = store.archive.sent(newsletter.key)
    return Shelf(
        newsletter.key,
        {day: (sha256, at) for day, (sha256, at) in sent.items() if at <= now},
        tuple(store.archive.corrections(newsletter.key)),
    )


def open_archive(newsletter: Newsletter, template: Template, store: Store, on: Shelf) -> Archive:
    """The pages of all editions *on* the shelf; an edition is read when a page needs it."""
    corrections: dict[date, list[Correction]] = defaultdict(list)
    for correction in on.corrections:
        corrections[correction.key.day].append(correction)

    def past(day: date) -> ArchivedEdition:
        key = EditionKey(newsletter=newsletter.key, day=day)
        sha256, at = on.sent[day]
        edition = _edition(key, sha256, store)
        return ArchivedEdition(edition=edition, at=at, corrections=tuple(corrections[day]))

    from digest.archive import Archive

    return Archive(newsletter, template, days=tuple(on.sent), past=past)


def archived_edition(key: EditionKey, store: Store) -> ArchivedEdition | None:
    """An edition as the archive knows it; None when nobody was sent it."""
    if (found := store.archive.sent(key.newsletter).get(key.day)) is None:
        return None
    sha256, at = found
    corrections = tuple(one for one in store.archive.corrections(key.newsletter) if one.key == key)
    return ArchivedEdition(edition=_edition(key, sha256, store), at=at, corrections=corrections)


def _edition(key: EditionKey, sha256: str, store: Store) -> Edition:
    content = store.archive.content(key, sha256)
    if content is None:
        raise LookupError(f"{key}: its content {sha256} is gone")
    return _read(content.source)


_read = lru_cache(maxsize=512)(editions.from_json)
