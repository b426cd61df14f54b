"""Composing again: what an editor touched stays, what nobody touched is renewed.

A three-way merge, key by key, of the last machine version (base), the file as the editors left it (mine)
and the new machine version (theirs)::

    an item or key that only the machine changed    is renewed
    one that only an editor changed                 stays
    one that both changed                           keeps the editor's words, and a comment says the machine's
    an item that an editor deleted                  stays deleted
    an item of the editors' own                     stays
    subject and preheader                           are renewed where they speak of the file's own items
    a story that is new to both                     comes under pending, at its end
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from digest.editions.fields import with_item_field, with_item_remark, with_top_field, with_top_remark
from digest.editions.reading import parse
from digest.editions.shape import ITEM_KEYS, TOP_KEYS
from digest.editions.sheet import ITEMS, PENDING, Sheet, read
from digest.model import Blurb, Edition, EditionKey

#: How the comment begins that a conflict leaves above the editor's words.
REMARK = "The new draft has: "

_NOT_MERGED = frozenset(("id", "use", "newsletter", "day", ITEMS, PENDING))


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides changed *key* (of the item with that id, or of the file: ""); the editor's words stayed."""

    item: str
    key: str


@dataclass(frozen=True, slots=True)
class Merged:
    text: str
    #: Keys that were renewed, of items and of the file.
    renewed: int
    #: Ids of the stories that came under pending.
    late: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


def merge(base: str, mine: str, theirs: str, *, source: str, key: EditionKey) -> Merged:
    """The file *mine* with what is new in *theirs*; every line that need not change stays as it is.

    Raises:
        EditionError: *mine* is not valid: it is left as it is, and merged when it is mended.
    """
    was, is_, new = (parse(text, source=source, key=key) for text in (base, mine, theirs))
    sheet = read(mine, source=source)
    sheet, renewed, conflicts = _items(sheet, was, is_, new)
    sheet, late = _late(sheet, read(theirs, source=source), was, is_, new)
    text, more, others = _top(sheet, was, is_, _fitting(new, is_))
    return Merged(text=text, renewed=renewed + more, late=late, conflicts=(*conflicts, *others))


def _by_id(edition: Edition) -> Mapping[str, Blurb]:
    return {blurb.id: blurb for blurb in (*edition.blurbs, *edition.pending)}


def _items(sheet: Sheet, was: Edition, is_: Edition, new: Edition) -> tuple[Sheet, int, list[Conflict]]:
    before, after = _by_id(was), _by_id(new)
    renewed, conflicts = 0, list[Conflict]()
    for id_, blurb in _by_id(is_).items():
        if id_ not in before or id_ not in after:
            continue
        for key in ITEM_KEYS:
            old, ours, given = (getattr(one, key) for one in (before[id_], blurb, after[id_]))
            if key in _NOT_MERGED or given in (old, ours):
                continue
            listing, at = sheet.where(id_)
            block = listing.blocks[at]
            if ours == old:
                block = with_item_field(block, key, given, source=sheet.source, newline=sheet.newline)
                renewed += 1
            else:
                conflicts.append(Conflict(id_, key))
                block = with_item_remark(
                    block, key, REMARK + _said(given), source=sheet.source, newline=sheet.newline
                )
            sheet = sheet.with_block(block)
    return sheet, renewed, conflicts


def _late(
    sheet: Sheet, theirs: Sheet, was: Edition, is_: Edition, new: Edition
) -> tuple[Sheet, tuple[str, ...]]:
    known = _by_id(was).keys() | _by_id(is_).keys()
    late = tuple(id_ for id_ in _by_id(new) if id_ not in known)
    for id_ in late:
        listing, at = theirs.where(id_)
        block = listing.blocks[at]
        lines = tuple(line.replace("\n", sheet.newline) for line in block.lines)
        sheet = sheet.inserted(replace(block, lines=lines), PENDING, len(sheet.list(PENDING).blocks))
    return sheet, late


def _fitting(new: Edition, is_: Edition) -> Edition:
    """*new* without what would speak of other items than the file has, or say one of them twice."""
    items = [blurb.id for blurb in is_.blurbs]
    leads, others = [blurb.id for blurb in new.blurbs][:1] == items[:1], {blurb.url for blurb in is_.blurbs}
    return replace(
        new,
        subject=new.subject if leads else is_.subject,
        preheader=new.preheader if [blurb.id for blurb in new.blurbs] == items else is_.preheader,
        quick_hits=tuple(hit for hit in new.quick_hits if hit.url not in others),
    )


def _top(sheet: Sheet, was: Edition, is_: Edition, new: Edition) -> tuple[str, int, list[Conflict]]:
    text, renewed, conflicts = sheet.text, 0, list[Conflict]()
    for key, old, ours, given in _top_values(was, is_, new):
        if given in (old, ours):
            continue
        if ours == old:
            text = with_top_field(text, key, given, source=sheet.source, newline=sheet.newline)
            renewed += 1
        else:
            conflicts.append(Conflict("", key))
            remark = REMARK + _said(given)
            text = with_top_remark(text, key, remark, source=sheet.source, newline=sheet.newline)
    return text, renewed, conflicts


def _top_values(*editions: Edition) -> Iterator[tuple[str, object, object, object]]:
    for key in TOP_KEYS:
        if key not in _NOT_MERGED:
            old, ours, given = (getattr(one, "window" if key == "covers" else key) for one in editions)
            yield key, old, ours, given


def _said(value: object) -> str:
    """A value in one line of a comment."""
    words = value.url if hasattr(value, "url") else value
    return " ".join(str(words).split()) or "nothing"
