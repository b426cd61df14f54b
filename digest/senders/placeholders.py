"""Keeps a provider from finding its own placeholders in an edition: readers see the text as it was written.

An article about templates may say ``{{ name }}`` or ``%recipient.name%``, and the provider would put
something in its place, or refuse the mail. So the first character of each is separated from the second: in
HTML by writing it as a character reference, in an address by percent-encoding (RFC 3986, 2.1), and in
plain text by a word joiner (U+2060), which has no width and allows no line break.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from digest.model import Mail, Rendered, Slotted

#: What opens a placeholder; ``\Z`` because the next piece may begin with the other half.
CURLY = re.compile(r"\{(?=[{%#]|\Z)")
#: Only names that Mailgun knows: in an address ``%ab%cd`` is no placeholder.
PERCENT = re.compile(r"%(?=recipient|unsubscribe|tag_unsubscribe|mailing_list|\Z)")
#: SendGrid's tags in both of its spellings: ``<%asm_group_unsubscribe_url%>`` and ``{{ }}``.
ANGLE = re.compile(r"[<\[](?=%|\Z)|\{(?=\{|\Z)")
#: listmonk's templates, and its mark behind an address that is to be tracked.
LISTMONK = re.compile(r"\{(?=[{%#]|\Z)|@(?=TrackLink|\Z)")
#: Mailchimp's merge tags: ``*|UNSUB|*``.
STAR = re.compile(r"\*(?=\||\Z)")

_JOINER = "\u2060"
_ADDRESS = re.compile(r"(?:https?://|mailto:)\S+")
#: Here a character reference is not read: a space does no harm to CSS.
_RAW = re.compile(r"(<style\b.*?</style>|<!--.*?-->)", re.DOTALL | re.IGNORECASE)


def neutral(mail: Mail, placeholder: re.Pattern[str]) -> Mail:
    """*mail*, in which no *placeholder* stands any more."""
    values = {slot: in_text(value, placeholder) for slot, value in mail.values.items()}
    return replace(mail, rendered=neutral_edition(mail.rendered, placeholder), values=values)


@lru_cache(maxsize=4)
def neutral_edition(rendered: Rendered, placeholder: re.Pattern[str]) -> Rendered:
    """*rendered*, in which no *placeholder* stands any more; its slots stay."""
    html, text = rendered.html, rendered.text
    return replace(
        rendered,
        subject=in_text(rendered.subject, placeholder),
        html=Slotted(tuple(in_html(piece, placeholder) for piece in html.pieces), html.slots),
        text=Slotted(tuple(in_text(piece, placeholder) for piece in text.pieces), text.slots),
    )


def in_html(html: str, placeholder: re.Pattern[str]) -> str:
    if not placeholder.search(html):
        return html
    parts = _RAW.split(html)
    parts[::2] = [placeholder.sub(lambda found: f"&#{ord(found[0])};", part) for part in parts[::2]]
    parts[1::2] = [placeholder.sub(lambda found: f"{found[0]} ", part) for part in parts[1::2]]
    return "".join(parts)


def in_text(text: str, placeholder: re.Pattern[str]) -> str:
    if not placeholder.search(text):
        return text
    encoded = _ADDRESS.sub(
        lambda address: placeholder.sub(lambda found: f"%{ord(found[0]):02X}", address[0]), text
    )
    return placeholder.sub(lambda found: f"{found[0]}{_JOINER}", encoded)
