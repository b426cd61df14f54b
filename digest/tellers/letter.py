"""A notice as a mail: subject, HTML and text, in the house's colours. Pure."""

from __future__ import annotations

from html import escape

from digest.model import Notice
from digest.settings import Newsletter
from digest.text import clean


def write(notice: Notice, newsletter: Newsletter) -> tuple[str, str, str]:
    """Subject, HTML and text. What feeds and servers said in it stands on its line as words, and no more."""
    headline = clean(notice.headline)
    lines = [clean(line) for line in notice.lines]
    subject = f"[{newsletter.title}] {headline}"
    text = "\n\n".join([headline, *lines]) + "\n"
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    html = f'<!doctype html><html lang="en"><body><h1>{escape(headline)}</h1>{paragraphs}</body></html>'
    return subject, html, text
