"""A notice as a mail: subject, HTML and text, in the newsletter's colours. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from digest import colours
from digest.model import Notice
from digest.settings import Brand, Newsletter
from digest.words.text import clean, shorten

#: Characters of a subject; the headline stands in the mail as a whole.
SUBJECT = 120
#: Characters of a line: servers and feeds can be wordy.
LINE = 500

_NUMBERED = re.compile(r"\d+\. ")
_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>{subject}</title>
<style>{dark}</style></head>
<body class="paper ink" style="margin:0;background:{paper};color:{ink}">
<table role="presentation" class="paper" width="100%" cellpadding="0" cellspacing="0"
 style="background:{paper}">
<tr><td align="center" style="padding:24px 16px">
<table role="presentation" width="560" cellpadding="0" cellspacing="0" style="width:100%;max-width:560px">
<tr><td class="rule" style="padding:0 0 12px;border-bottom:1px solid {rule};font:700 20px/1.2 Georgia,serif">\
{title}</td></tr>
<tr><td class="accent" style="padding:16px 0 0;color:{accent};font:700 12px/1.4 Helvetica,Arial,sans-serif;\
letter-spacing:.06em;text-transform:uppercase">{kind}</td></tr>
<tr><td style="padding:4px 0 8px"><h1 style="margin:0;font:700 24px/1.25 Georgia,serif">{headline}</h1>
</td></tr>
<tr><td style="font:16px/1.5 Helvetica,Arial,sans-serif;overflow-wrap:anywhere">
{body}
</td></tr>
<tr><td class="rule muted" style="padding:16px 0 0;border-top:1px solid {rule};color:{muted};\
font:13px/1.5 Helvetica,Arial,sans-serif">{footer}</td></tr>
</table></td></tr></table></body></html>
"""
_DARK = (
    "@media (prefers-color-scheme:dark){{.paper{{background:{paper}!important}}.ink{{color:{ink}!important}}"
    ".accent,a{{color:{accent}!important}}.muted{{color:{muted}!important}}"
    ".rule{{border-color:{rule}!important}}}}"
)


class Letter(NamedTuple):
    subject: str
    html: str
    text: str


def write(notice: Notice, newsletter: Newsletter) -> Letter:
    """What feeds and servers said in it stands on its line as words, and no more."""
    headline = clean(notice.headline)
    lines = [shorten(clean(line), LINE) for line in notice.lines]
    footer = f"You get this because you are one of the editors of {newsletter.title} in schedules.toml."
    subject = shorten(f"[{newsletter.title}] {headline}", SUBJECT)
    text = "\n\n".join([headline, *("\n".join(group) for group in grouped(lines)), f"-- \n{footer}"])
    return Letter(subject, _html(notice, newsletter, subject, headline, lines, footer), f"{text}\n")


def grouped(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    """The lines of a numbered list together, all others alone."""
    together: list[str] = []
    for line in lines:
        if _NUMBERED.match(line):
            together.append(line)
            continue
        if together:
            yield together
            together = []
        yield [line]
    if together:
        yield together


def _html(
    notice: Notice, newsletter: Newsletter, subject: str, headline: str, lines: Sequence[str], footer: str
) -> str:
    light, dark = _schemes(newsletter.brand)
    preview = newsletter.notices.preview
    accent = light["accent"]
    paragraphs = ("<br>".join(_linked(line, preview, accent) for line in group) for group in grouped(lines))
    return _PAGE.format(
        subject=escape(subject),
        title=escape(newsletter.title),
        kind=escape(notice.kind),
        headline=escape(headline),
        body="\n".join(f'<p style="margin:0 0 12px">{paragraph}</p>' for paragraph in paragraphs),
        footer=escape(footer),
        dark=_DARK.format(**dark),
        **light,
    )


def _linked(line: str, preview: str, colour: str) -> str:
    """The line escaped, with a link to the desk where it stands at its end; no other is made of it."""
    if preview and line.endswith(f" {preview}"):
        before, address = escape(line.removesuffix(preview)), escape(preview)
        return f'{before}<a href="{address}" style="color:{colour}">{address}</a>'
    return escape(line)


def _schemes(brand: Brand) -> tuple[dict[str, str], dict[str, str]]:
    """The colours of the light and the dark page, by name."""
    return _scheme(brand.paper, brand.ink, brand.accent), _scheme(
        brand.dark.paper, brand.dark.ink, brand.dark.accent or brand.accent
    )


def _scheme(paper: str, ink: str, accent: str) -> dict[str, str]:
    ground, words, label = (colours.read(text) or colours.BLACK for text in (paper, ink, accent))
    box = colours.box_on(ground, words)
    made = colours.scheme(paper=ground, ink=words, accent=colours.legible(label, ground, box))
    return {name: str(getattr(made, name)) for name in ("paper", "ink", "accent", "muted", "rule")}
