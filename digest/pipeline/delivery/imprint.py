"""What the law requires in each mail: the publisher's postal address and a way to unsubscribe, both visible.

CAN-SPAM, 15 U.S.C. 7704 (a)(3) and (5); Gmail and Yahoo ask their senders for the link as well.

What hides words is looked for in attributes and in the page's own style sheet (``stylesheet`` says how far
that is read): no display, no size, no colour of their own against what is behind them. It is no browser: what
is moved out of the window, covered, clipped, or hidden on some screens only is taken for seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from html.parser import HTMLParser
from typing import NamedTuple

from digest.colours import BLACK, WHITE, Colour, colour_of, ratio
from digest.errors import RenderError
from digest.model import Rendered
from digest.pipeline.delivery.stylesheet import Kind, StyleSheet
from digest.words.text import listed

#: Stands in for a subscriber's link while the parts are read.
LINK = "https://reader.invalid/unsubscribe"
HIDDEN = re.compile(r"display:none|visibility:hidden|opacity:0(?![.\d])|mso-hide:all")
#: The size of the letters; MJML's boxes have 0, and what is in them its own.
SIZE = re.compile(r"(?:^|;)font(?:-size)?:[^;]*?(\d[\d.]*)(?:px|pt|em|rem|%|;|/|$)")
#: A contrast below this is none: nobody sees letters there.
LEAST_CONTRAST = 1.1
#: Style sheets for these media are for readers of mails.
SCREENS = {"", "all", "screen"}
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

    kind: Kind
    is_shown: bool
    #: Letters have a size here.
    has_size: bool
    #: The colour of the letters, and what is behind them; None where that is not known.
    colour: Colour | None
    ground: Colour | None
    #: How many words came before it.
    before: int
    href: str

    @property
    def shows_letters(self) -> bool:
        if not (self.is_shown and self.has_size):
            return False
        if self.colour is None or self.ground is None:
            return True
        return ratio(self.colour, self.ground) >= LEAST_CONTRAST


class _Styles(HTMLParser):
    """The texts of a page's style sheets."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._is_read = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_read = tag == "style" and (dict(attrs).get("media") or "").strip().lower() in SCREENS

    def handle_data(self, data: str) -> None:
        if self._is_read and self.cdata_elem == "style":
            self.texts.append(data)


class _Page(HTMLParser):
    """What readers see of an HTML part, and the links that have words or a picture.

    An element that is left open hides what a browser would show behind it: then the template is refused.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self._words: list[str] = []
        self._sheet = StyleSheet(_Styles(html).texts)
        nothing = Kind("")
        self._open = [
            _Open(nothing, is_shown=True, has_size=True, colour=BLACK, ground=WHITE, before=0, href="")
        ]
        self.links: set[str] = set()
        self.feed(html)
        self.close()

    @property
    def words(self) -> str:
        return "".join(self._words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given, outer = dict(attrs), self._open[-1]
        kind = Kind(tag, given.get("id") or "", frozenset((given.get("class") or "").split()))
        around = [element.kind for element in self._open]
        declared = self._sheet.of(kind, around, given.get("style") or "")
        style = ";".join(f"{name}:{value}" for name, value in declared.items())
        sizes = SIZE.findall(style)
        is_hidden = tag in UNSEEN or "hidden" in given or HIDDEN.search(style) is not None
        if tag not in VOID:
            self._open.append(
                _Open(
                    kind,
                    is_shown=outer.is_shown and not is_hidden,
                    has_size=float(sizes[-1].rstrip(".")) > 0 if sizes else outer.has_size,
                    colour=_colour(tag, declared, outer.colour),
                    ground=_ground(given, declared, outer.ground),
                    before=len(self._words),
                    href=given.get("href") or "",
                )
            )
        elif tag == "img" and outer.is_shown and not is_hidden:
            self._words.append(given.get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if not any(element.kind.tag == tag for element in self._open):
            return
        while self._end(self._open.pop()) != tag:
            pass

    def _end(self, element: _Open) -> str:
        if element.kind.tag == "a" and "".join(self._words[element.before :]).strip():
            self.links.add(element.href)
        return element.kind.tag

    def handle_data(self, data: str) -> None:
        if self._open[-1].shows_letters:
            self._words.append(data)


def _colour(tag: str, declared: Mapping[str, str], outer: Colour | None) -> Colour | None:
    if "color" not in declared:
        return None if tag == "a" else outer  # a link has a colour of its own in each mail program
    value = declared["color"]
    return outer if value == "inherit" else colour_of(value)


def _ground(
    given: Mapping[str, str | None], declared: Mapping[str, str], outer: Colour | None
) -> Colour | None:
    """None behind pictures, gradients, and whatever else is no plain colour."""
    if given.get("background") or declared.get("background-image", "none") != "none":
        return None
    named = [declared[name] for name in declared if name in ("background", "background-color")]
    value = named[-1] if named else given.get("bgcolor") or "transparent"
    return outer if value in ("transparent", "none", "inherit", "initial", "unset") else colour_of(value)
