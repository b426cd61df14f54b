"""An edition as mail and as web page: Jinja2, then MJML. Pure: no I/O, no clock, no chance.

::

    readable | variables | template.html   -> slots.split -> Rendered.html    the same for all, but for slots
                         | template.text   -> slots.split -> Rendered.text
                         | template.web                   -> Rendered.web

What is previewed, approved and sent is the same ``Rendered``, known by its ``sha256``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from digest.errors import RenderError
from digest.model import Blurb, Edition, Rendered, Slotted
from digest.rendering import slots
from digest.rendering.page import readable, variables
from digest.rendering.templates import Template
from digest.settings import Newsletter

__all__ = ["SLOTS", "Template", "render"]

SLOTS = slots.SLOTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    html: Slotted
    text: Slotted
    web: str


def render(edition: Edition, newsletter: Newsletter, template: Template) -> Rendered:
    """*edition* rendered once for all its subscribers, who fill the ``SLOTS``.

    A blurb that the template cannot take, alone in the edition, is left out and named in ``dropped``.

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
    )


def _parts(edition: Edition, newsletter: Newsletter, template: Template) -> Parts:
    common = variables(edition, newsletter)
    mail = common | {"slots": slots.markers(preferences=bool(newsletter.web))}
    parts = Parts(
        html=slots.split(template.html(mail)),
        text=slots.split(template.text(mail)),
        web=template.web(common),
    )
    for file, part in (("edition.mjml.j2", parts.html), ("edition.txt.j2", parts.text)):
        if "unsubscribe" not in part.slots:
            raise RenderError(f"{template.name}/{file}: every mail needs {{{{ slots.unsubscribe }}}}")
    return parts


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
