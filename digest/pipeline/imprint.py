"""What the law requires in each mail: the publisher's postal address and a way to unsubscribe, both visible.

CAN-SPAM, 15 U.S.C. 7704 (a)(3) and (5); Gmail and Yahoo ask their senders for the link as well.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser
from typing import NamedTuple

from digest.errors import RenderError
from digest.model import Rendered
from digest.text import listed

#: Stands in for a subscriber's link while the parts are read.
LINK = "https://reader.invalid/unsubscribe"
HIDDEN = re.compile(r"display:none|visibility:hidden|opacity:0(?![.\d])|mso-hide:all")
#: The size of the letters; MJML's boxes have 0, and what is in them its own.
SIZE = re.compile(r"(?:^|;)font(?:-size)?:[^;]*?(\d[\d.]*)(?:px|pt|em|rem|%|;|/|$)")
#: Elements whose content nobody sees.
UNSEEN = {"head", "script", "style", "template", "title"}
#: Elements that have no end (HTML Standard, 13.1.2).
VOID = listed("area base br col embed hr img input link meta source track wbr")


@lru_cache(maxsize=4)
def require_imprint(rendered: Rendered, postal_address: str) -> None:
    """Do nothing if everything is there.

    Raises:
        RenderError: A part of the mail lacks it.
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
                f"the postal address is not visible in the {part}: the law asks for it in each mail; "
                "put {{ newsletter.postal_address }} into the template"
            )
        if LINK not in links:
            raise RenderError(
                f"the link to unsubscribe is not visible in the {part}, and no mail leaves without it; put "
                "{{ slots.unsubscribe }} into the template, in the HTML as the address of a link with words"
            )


def _bare(words: str) -> str:
    """*words* without white space and commas: templates break an address into lines as they like."""
    return re.sub(r"[\s,]+", "", words)


class _Open(NamedTuple):
    """An element whose end has not come yet."""

    tag: str
    is_shown: bool
    #: Letters have a size here.
    has_size: bool
    #: How many words came before it.
    before: int
    href: str


class _Page(HTMLParser):
    """What readers see of an HTML part, and the links that have words or a picture.

    An element that is left open hides what a browser would show behind it: then the template is refused.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self._words: list[str] = []
        self._open = [_Open("", is_shown=True, has_size=True, before=0, href="")]
        self.links: set[str] = set()
        self.feed(html)
        self.close()

    @property
    def words(self) -> str:
        return "".join(self._words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given, outer = dict(attrs), self._open[-1]
        style = "".join((given.get("style") or "").lower().split())
        sizes = SIZE.findall(style)
        is_hidden = tag in UNSEEN or "hidden" in given or HIDDEN.search(style) is not None
        if tag not in VOID:
            self._open.append(
                _Open(
                    tag,
                    is_shown=outer.is_shown and not is_hidden,
                    has_size=float(sizes[-1].rstrip(".")) > 0 if sizes else outer.has_size,
                    before=len(self._words),
                    href=given.get("href") or "",
                )
            )
        elif tag == "img" and outer.is_shown and not is_hidden:
            self._words.append(given.get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if not any(element.tag == tag for element in self._open):
            return
        while self._end(self._open.pop()) != tag:
            pass

    def _end(self, element: _Open) -> str:
        if element.tag == "a" and "".join(self._words[element.before :]).strip():
            self.links.add(element.href)
        return element.tag

    def handle_data(self, data: str) -> None:
        if self._open[-1].is_shown and self._open[-1].has_size:
            self._words.append(data)
