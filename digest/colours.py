"""Colours: how readable one is on another (WCAG 2.2), and the shades that a page makes from three of them."""

from __future__ import annotations

import re
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass
from typing import NamedTuple, Self

#: WCAG 2.2, success criterion 1.4.3 (AA), for text that is not large.
ENOUGH = 4.5

#: Those of CSS that many know.
_NAMES = {
    "black": "#000000",
    "silver": "#c0c0c0",
    "gray": "#808080",
    "grey": "#808080",
    "white": "#ffffff",
    "maroon": "#800000",
    "red": "#ff0000",
    "purple": "#800080",
    "fuchsia": "#ff00ff",
    "green": "#008000",
    "lime": "#00ff00",
    "olive": "#808000",
    "yellow": "#ffff00",
    "navy": "#000080",
    "blue": "#0000ff",
    "teal": "#008080",
    "aqua": "#00ffff",
    "orange": "#ffa500",
}

_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")


class Colour(NamedTuple):
    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    def towards(self, other: Self, share: float) -> Colour:
        """This colour with *share* (from 0 to 1) of *other* in it."""
        return Colour(*(round(a + (b - a) * share) for a, b in zip(self, other, strict=True)))


BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)


def read(text: str) -> Colour | None:
    """``#98201b`` or ``#fff`` as a colour; None for anything else."""
    if (found := _HEX.fullmatch(text)) is None:
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    return Colour(*bytes.fromhex(digits))


def colour_of(value: str) -> Colour | None:
    """The colour that CSS means by *value*; None when it is no plain colour that we know."""
    value = _NAMES.get(value.strip().lower(), value.strip().lower())
    if plain := read(value):
        return plain
    if found := _RGB.fullmatch(value):
        return Colour(*(min(int(part), 255) for part in found.groups()))
    return None


def ratio(one: Colour, other: Colour) -> float:
    """WCAG's contrast ratio, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def legible(colour: Colour, *grounds: Colour, enough: float = ENOUGH) -> Colour:
    """*colour*, or the nearest darker or lighter shade of its hue that is read on all *grounds*.

    Where no shade is, it is black or white, whichever is read better.
    """
    pole = max((BLACK, WHITE), key=lambda end: min(ratio(end, ground) for ground in grounds))
    hue, light, saturation = rgb_to_hls(*(part / 255 for part in colour))
    end = 1.0 if pole == WHITE else 0.0
    steps = (hls_to_rgb(hue, light + (end - light) * step / 50, saturation) for step in range(51))
    shades = (Colour(*(round(part * 255) for part in parts)) for parts in steps)
    return next((shade for shade in shades if all(ratio(shade, g) >= enough for g in grounds)), pole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """The colours of a page. Each of *ink*, *muted* and *accent* is read on *paper* and on *box*."""

    paper: Colour
    ink: Colour
    #: Labels, flags and the house's own link.
    accent: Colour
    #: Bylines, captions and the footer.
    muted: Colour
    #: Thin lines.
    rule: Colour
    #: The ground of boxes.
    box: Colour


def scheme(*, paper: Colour, ink: Colour, accent: Colour) -> Scheme:
    """What a page makes of three colours, of which the last two are read on ``box_on`` the first."""
    box = box_on(paper, ink)
    return Scheme(
        paper=paper,
        ink=ink,
        accent=accent,
        muted=_muted(ink, paper, box),
        rule=paper.towards(ink, 0.18),
        box=box,
    )


def box_on(paper: Colour, ink: Colour) -> Colour:
    """The ground of a box on *paper*: a little of *ink* in it."""
    return paper.towards(ink, 0.05)


def _muted(ink: Colour, *grounds: Colour) -> Colour:
    """The quietest shade of *ink* that is read on *grounds*, with at most a third of the first in it."""
    shades = (ink.towards(grounds[0], share / 100) for share in range(32, 0, -2))
    return next((shade for shade in shades if all(ratio(shade, g) >= ENOUGH for g in grounds)), ink)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
