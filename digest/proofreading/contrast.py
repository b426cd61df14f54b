"""Whether the text of a mail can be read on its background: WCAG 2.2, success criterion 1.4.3 (AA).

It is computed from the inline styles, which is what most mail programs go by; what those do not tell
(a picture behind the text, a colour with a name that few know) is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import html as lxml_html
from lxml.etree import _Element

from digest.colours import ENOUGH, Colour, colour_of, ratio
from digest.model import Finding
from digest.proofreading.places import named

#: Enough for text that is large: from so many pixels on, or from so many in bold.
ENOUGH_IF_LARGE = 3.0
LARGE, LARGE_IF_BOLD = 24.0, 18.66

_LENGTH = re.compile(r"([\d.]+)(px|pt|em|rem|%)")
_PIXELS = {"px": 1.0, "pt": 4 / 3, "rem": 16.0}
#: What browsers make of headings without a style: times the size around them.
_HEADINGS = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h4": 1.0, "h5": 0.83, "h6": 0.67}
_BOLD = frozenset((*_HEADINGS, "b", "strong", "th"))
_BOLD_WEIGHTS = frozenset(("bold", "bolder", "700", "800", "900"))


@dataclass(frozen=True, slots=True)
class Look:
    """How text looks; None where that cannot be known."""

    colour: Colour | None = None
    background: Colour | None = None
    size: float | None = 16.0
    bold: bool = False
    hidden: bool = False

    @property
    def enough(self) -> float:
        """The contrast that it needs; the lower one when its size is not known."""
        large = self.size is None or self.size >= (LARGE_IF_BOLD if self.bold else LARGE)
        return ENOUGH_IF_LARGE if large else ENOUGH


def findings(html: str) -> Iterator[Finding]:
    """Each pair of colours that is too weak, once."""
    said: set[tuple[Colour, Colour]] = set()
    for text, look in _texts(html):
        colour, background = look.colour, look.background
        if look.hidden or colour is None or background is None or (colour, background) in said:
            continue
        if (found := ratio(colour, background)) < look.enough:
            said.add((colour, background))
            contrast = f"{int(found * 10) / 10:g}:1"
            words = (
                f"{colour} on {background}, as in {named(text)}, has a contrast of {contrast}; "
                f"to be read it needs {look.enough:g}:1: change one of them in the template"
            )
            yield Finding(level="warning", item="", key="html", words=words)


def _texts(html: str) -> Iterator[tuple[str, Look]]:
    """Each stretch of text that has a letter or a digit, with its look."""
    looks: dict[_Element, Look] = {}
    for element in lxml_html.document_fromstring(html).iter():
        parent = element.getparent()
        around = looks[parent] if parent is not None else Look()
        stretches = [(element.tail, around)]
        if isinstance(element.tag, str):  # not a comment
            looks[element] = _look(element, around)
            stretches.append((element.text, looks[element]))
        for text, look in stretches:
            if text and any(map(str.isalnum, text)):
                yield text, look


def _look(element: _Element, around: Look) -> Look:
    tag = element.tag
    look = around
    if tag in _HEADINGS and look.size is not None:
        look = replace(look, size=look.size * _HEADINGS[tag])
    if tag in _BOLD:
        look = replace(look, bold=True)
    if tag == "a":
        look = replace(look, colour=None)  # a link has a colour of its own in each mail program
    if tag in ("script", "style", "title"):
        look = replace(look, hidden=True)
    if given := element.get("bgcolor"):
        look = replace(look, background=colour_of(given))
    for declaration in (element.get("style") or "").lower().split(";"):
        name, _, value = declaration.partition(":")
        look = _declared(look, name.strip(), value.replace("!important", "").strip(), around)
    return look


def _declared(look: Look, name: str, value: str, around: Look) -> Look:
    match name:
        case "color":
            return replace(look, colour=around.colour if value == "inherit" else colour_of(value))
        case "background-color" | "background":
            return replace(look, background=_background(value, look.background))
        case "background-image":
            return look if value == "none" else replace(look, background=None)
        case "font-size":
            return replace(look, size=_size(value, around.size))
        case "font-weight":
            return replace(look, bold=value in _BOLD_WEIGHTS)
        case "display" | "visibility":
            return replace(look, hidden=look.hidden or value in ("none", "hidden"))
        case "opacity":
            return look if value in ("1", "1.0") else replace(look, colour=None, background=None)
        case _:
            return look


def _background(value: str, before: Colour | None) -> Colour | None:
    if value in ("transparent", "none", "inherit", ""):
        return before
    if "(" in value and not value.startswith("rgb("):  # a picture, a gradient, a colour that lets through
        return None
    return colour_of(value) or next(filter(None, map(colour_of, value.split())), None)


def _size(value: str, around: float | None) -> float | None:
    found = _LENGTH.fullmatch(value)
    if found is None:
        return around if value == "inherit" else None
    number = float(found[1])
    if found[2] in _PIXELS:
        return number * _PIXELS[found[2]]
    return None if around is None else around * (number / 100 if found[2] == "%" else number)
