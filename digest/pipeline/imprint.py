"""What the law asks of each mail: the publisher's postal address and a way out, where readers see them.

CAN-SPAM, 15 U.S.C. 7704 (a)(3) and (5); Gmail and Yahoo ask their senders for the link as well.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from digest.errors import RenderError
from digest.model import Rendered

#: What stands for a subscriber's link while the parts are read.
LINK = "https://reader.invalid/unsubscribe"
HIDDEN = re.compile(r"display:none|visibility:hidden|opacity:0(?![.\d])|mso-hide:all")
#: The size of the letters; MJML's boxes have 0, and what is in them its own.
SIZE = re.compile(r"(?:^|;)font(?:-size)?:[^;]*?(\d[\d.]*)(?:px|pt|em|rem|%|;|/|$)")
#: Elements whose content nobody sees.
UNSEEN = {"head", "script", "style", "template", "title"}


@lru_cache(maxsize=4)
def require_imprint(rendered: Rendered, postal_address: str) -> None:
    """Nothing, when all is there.

    Raises:
        RenderError: A part of the mail is without it.
    """
    values = dict.fromkeys(("preferences", "address"), "") | {"unsubscribe": LINK}
    html = _Page(rendered.html.fill(values))
    parts = (
        ("HTML part", html.words, html.links),
        ("text part", rendered.text.fill(values), rendered.text.fill(values)),
    )
    for part, words, links in parts:
        if _bare(postal_address) not in _bare(words):
            raise RenderError(
                f"the postal address is not to be seen in the {part}: the law asks for it in each mail; "
                "put {{ newsletter.postal_address }} into the template"
            )
        if LINK not in links:
            raise RenderError(
                f"the link to unsubscribe is not to be seen in the {part}: no mail leaves without it; put "
                "{{ slots.unsubscribe }} into the template, in the HTML as the address of a link with words"
            )


def _bare(words: str) -> str:
    """*words* without white space and commas: templates break an address into lines as they like."""
    return re.sub(r"[\s,]+", "", words)


class _Page:
    """What readers see of an HTML part, and the links that have words or a picture."""

    def __init__(self, html: str) -> None:
        import lxml.html

        self._words: list[str] = []
        self.links: set[str] = set()
        self._read(lxml.html.document_fromstring(html), seen=True)

    @property
    def words(self) -> str:
        return "".join(self._words)

    def _read(self, element: Any, *, seen: bool) -> None:
        """*seen*: whether letters have a size here."""
        if not isinstance(element.tag, str) or element.tag in UNSEEN or "hidden" in element.attrib:
            return
        style = "".join(element.get("style", "").lower().split())
        if HIDDEN.search(style):
            return
        if sizes := SIZE.findall(style):
            seen = float(sizes[-1].rstrip(".")) > 0
        before = len(self._words)
        self._say(element.text, seen=seen)
        for child in element:
            self._read(child, seen=seen)
            self._say(child.tail, seen=seen)
        if element.tag == "img":
            self._say(element.get("alt"), seen=True)
        if element.tag == "a" and "".join(self._words[before:]).strip():
            self.links.add(element.get("href", ""))

    def _say(self, words: str | None, *, seen: bool) -> None:
        if words and seen:
            self._words.append(words)
