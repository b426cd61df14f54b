"""An edition as mail and as web page: Jinja2, then MJML. Pure: no I/O, no clock, no randomness.

::

    readable | shortened | variables | template.html   -> slots.split -> Rendered.html    the same for all,
                                     | template.text   -> slots.split -> Rendered.text    but for slots
                         | variables | template.web                   -> Rendered.web

What is previewed, approved and sent is the same ``Rendered``, known by its ``sha256``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from digest.errors import RenderError
from digest.model import GMAIL, Blurb, Edition, Rendered, Slotted
from digest.rendering import shortening, slots
from digest.rendering.page import readable, shown, variables
from digest.rendering.shortening import Shortened
from digest.rendering.templates import Template
from digest.settings import Newsletter

__all__ = ["SLOTS", "Template", "render"]

SLOTS = slots.SLOTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    html: Slotted
    text: Slotted
    web: str
    shortened: tuple[tuple[str, str], ...]


def render(edition: Edition, newsletter: Newsletter, template: Template) -> Rendered:
    """*edition* rendered once for all its subscribers, who fill the ``SLOTS``.

    A blurb that the template cannot take, alone in the edition, is left out and named in ``dropped``.
    Its HTML never has more than ``GMAIL`` bytes: what had to be cut of it is named in ``shortened``.

    Raises:
        RenderError: The template is wrong (file and line are in the message), or no blurb is left:
            nothing may be sent.
    """
    edition = readable(edition, newsletter)
    dropped: tuple[tuple[str, str], ...] = ()
    try:
        parts = _parts(edition, newsletter, template)
    except RenderError:
        # Compiling each blurb alone costs more than all else, so it is done when something is wrong.
        dropped = tuple(_faulty(edition, newsletter, template))
        if not dropped or len(dropped) == len(edition.blurbs):
            raise
        left_out = {blurb_id for blurb_id, _ in dropped}
        edition = replace(edition, blurbs=tuple(b for b in edition.blurbs if b.id not in left_out))
        parts = _parts(edition, newsletter, template)
    return Rendered(
        key=edition.key,
        subject=edition.subject,
        html=parts.html,
        text=parts.text,
        web=parts.web,
        sha256=_digest(edition, newsletter, parts),
        dropped=dropped,
        shortened=parts.shortened,
    )


def _parts(edition: Edition, newsletter: Newsletter, template: Template) -> Parts:
    whole = variables(edition, newsletter)
    marked = {"slots": slots.markers(preferences=bool(newsletter.web))}

    def mail_of(short: Shortened) -> dict[str, Any]:
        return variables(short.edition, newsletter, contents=short.contents) | marked

    def weigh(short: Shortened) -> int:
        weighed[short] = slots.split(template.html(mail_of(short)))
        return shortening.size(weighed[short])

    weighed: dict[Shortened, Slotted] = {}
    mail = whole | marked
    shortened: tuple[tuple[str, str], ...] = ()
    html = slots.split(template.html(mail))
    if (size := shortening.size(html)) > GMAIL:
        short = shortening.shortened(edition, shown(edition, newsletter), size, weigh)
        mail, shortened = mail_of(short), short.how
        html = weighed[short] if short in weighed else slots.split(template.html(mail))
    parts = Parts(
        html=html, text=slots.split(template.text(mail)), web=template.web(whole), shortened=shortened
    )
    _check(parts, template)
    return parts


def _check(parts: Parts, template: Template) -> None:
    for file, part in (("edition.mjml.j2", parts.html), ("edition.txt.j2", parts.text)):
        if "unsubscribe" not in part.slots:
            raise RenderError(f"{template.name}/{file}: every mail needs {{{{ slots.unsubscribe }}}}")
    if (size := shortening.size(parts.html)) > GMAIL:
        raise RenderError(
            f"{template.name}: the mail has {size:,} bytes of HTML with its items shortened, and Gmail cuts "
            f"it at {GMAIL:,}: shorten the letter, the sponsors' texts or whatever else is in it"
        )


def _faulty(edition: Edition, newsletter: Newsletter, template: Template) -> Sequence[tuple[str, str]]:
    """The blurbs that break the template, each with the complaint."""

    def complaint(blurb: Blurb) -> str:
        try:
            _parts(replace(edition, blurbs=(blurb,)), newsletter, template)
        except RenderError as error:
            return str(error)
        return ""

    return [(blurb.id, words) for blurb in edition.blurbs if (words := complaint(blurb))]


def _digest(edition: Edition, newsletter: Newsletter, parts: Parts) -> str:
    """SHA-256 over everything that a reader sees or a mail client shows, in one unambiguous line."""
    content = [
        edition.subject,
        edition.preheader,
        newsletter.from_,
        parts.html.pieces,
        parts.html.slots,
        parts.text.pieces,
        parts.text.slots,
        parts.web,
    ]
    return sha256(json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode("ascii")).hexdigest()
