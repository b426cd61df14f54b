"""The icon of a browser's tab: a printed page in the brand's colours, in hardly more than a hundred bytes.

It is no file beside the pages: each has it in itself, so that no request is made for it, and an archive can
lie anywhere. A logo is as a rule too wide to be one.
"""

from __future__ import annotations

from base64 import b64encode

from digest.colours import Colour
from digest.png import INDEXED, png

TYPE = "image/png"
SIDE = 32
#: The lines of the page, a heading and three of text: left, top, right and bottom.
_LINES = ((6, 7, 26, 12), (6, 15, 26, 17), (6, 20, 26, 22), (6, 25, 18, 27))


def icon(ground: Colour, lines: Colour) -> bytes:
    """A PNG, one bit a pixel."""
    rows = [0] * SIDE
    for left, top, right, bottom in _LINES:
        for row in range(top, bottom):
            rows[row] |= (1 << (SIDE - left)) - (1 << (SIDE - right))
    written = (row.to_bytes(SIDE // 8, "big") for row in rows)
    return png(SIDE, written, depth=1, kind=INDEXED, palette=bytes((*ground, *lines)))


def in_itself(picture: bytes) -> str:
    """Its address, which is the picture itself (RFC 2397)."""
    return f"data:{TYPE};base64,{b64encode(picture).decode()}"
