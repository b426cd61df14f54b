"""A letter: a mail to one reader who asked for something, in the newsletter's look, with one link in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

from digest.model import EditionKey, Letter, Rendered
from digest.rendering import slots
from digest.rendering.page import frame
from digest.rendering.templates import Template
from digest.settings import Newsletter
from digest.words.text import clean

#: The slot that the link fills.
LINK = "link"

HTML, TEXT, SUBJECT = (f"public/letter.{kind}.j2" for kind in ("mjml", "txt", "subject.txt"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the head that all mails share knows of an edition."""

    key: EditionKey
    subject: str
    preheader: str = ""


def letter(kind: Letter, newsletter: Newsletter, template: Template, key: EditionKey) -> Rendered:
    """A letter of that day, rendered once for all who are sent one.

    Raises:
        RenderError: The template is wrong.
    """
    given = frame(newsletter, key.day.year) | {"letter": kind.value, "link": slots.marker(LINK)}
    subject = clean(template.text(given, SUBJECT))
    given |= {"edition": Heading(key=key, subject=subject)}
    html, text = slots.split(template.html(given, HTML)), slots.split(template.text(given, TEXT))
    content = json.dumps([subject, html.pieces, html.slots, text.pieces, text.slots])
    return Rendered(
        key=key,
        subject=subject,
        html=html,
        text=text,
        web="",
        sha256=sha256(content.encode("ascii")).hexdigest(),
        about=kind.value,
    )
