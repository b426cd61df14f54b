"""The size of a mail's HTML: Gmail shows its first 102,400 bytes, and cuts off the rest and the footer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from digest.model import GMAIL, Blurb, Edition, Finding, Mail
from digest.proofreading.places import named
from digest.settings import Newsletter

#: From here on, an item more may be too many.
CLOSE = 92_160
#: Where each item begins in the HTML that a template makes.
_ITEM = re.compile(rb'\bid="story-(\d+)"')


def findings(edition: Edition, mail: Mail, newsletter: Newsletter) -> Iterator[Finding]:
    dropped = dict(mail.rendered.dropped)
    for blurb_id, why in dropped.items():
        words = f"breaks the template, and is left out: {why}"
        yield Finding(level="error", item=blurb_id, key="", words=words)
    for blurb_id, how in mail.rendered.shortened:
        words = f"{how}, so that Gmail does not cut the mail at {GMAIL:,} bytes: drop or shorten items"
        yield Finding(level="warning", item=blurb_id, key="", words=words)
    sections = edition.sections(newsletter.sections)
    shown = [blurb for section in sections for blurb in section.blurbs if blurb.id not in dropped]
    yield _size(mail.html.encode(), shown)


def _size(html: bytes, shown: Sequence[Blurb]) -> Finding:
    size = len(html)
    if size <= GMAIL:
        words = f"{size:,} bytes of HTML, {GMAIL - size:,} below the {GMAIL:,} at which Gmail cuts a mail"
        if size <= CLOSE:
            return Finding(level="note", item="", key="html", words=words)
        return Finding(level="warning", item="", key="html", words=f"{words}: add nothing more")
    number = cut_item(html)
    blurb = shown[number - 1] if 0 < number <= len(shown) else None
    where = "before the first item"
    if blurb:
        or_behind = " or behind it" if number == len(shown) else ""
        where = f"in {named(blurb.headline)}, item {number} of {len(shown)}{or_behind}"
    words = (
        f"{size:,} bytes of HTML, {size - GMAIL:,} more than the {GMAIL:,} at which Gmail cuts a mail; "
        f"the cut falls {where}, and the link to unsubscribe is behind it: drop or shorten items"
    )
    return Finding(level="error", item=blurb.id if blurb else "", key="html", words=words)


def cut_item(html: bytes) -> int:
    """The number of the last item that begins before Gmail's cut; 0 when none does."""
    return max((int(match[1]) for match in _ITEM.finditer(html, 0, GMAIL)), default=0)
