"""A small drawing surface: polygons with smooth edges, written as a PNG."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from digest.png import TRUE_COLOUR, png

Colour = tuple[int, int, int]
Point = tuple[float, float]
#: The colour of a row of pixels, so that a paint may run from top to bottom.
Paint = Callable[[int], Colour]

#: A coverage above this is whole, one below its complement is nothing: a 256th part is not seen.
_WHOLE = 1 - 1 / 256
#: A span of so few pixels is blended one by one: edges need no table of all 256 values.
_SHORT = 12


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """*one* with a *share* (0 to 1) of *other*."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def flat(colour: Colour) -> Paint:
    return lambda _row: colour


def gradient(top: Colour, bottom: Colour, start: float, end: float) -> Paint:
    """*top* down to row *start*, *bottom* from row *end* on, and every shade between them."""
    # Three rows of one colour are not seen as a step, and compress far better than three shades.
    return lambda row: mix(top, bottom, min(1.0, max(0.0, (row - row % 3 - start) / (end - start))))


class Canvas:
    """Pixels in three planes, so that a span of one colour is a slice assignment."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._planes = tuple(bytearray(width * height) for _ in range(3))

    def fill(self, outline: Sequence[Point], paint: Paint, opacity: float = 1.0) -> None:
        """Fill the polygon *outline*, which is closed and does not cross itself."""
        for row, changes in self._coverage(outline).items():
            colour = paint(row)
            covered, begin = 0.0, 0
            for column in sorted(changes):
                self._span(row, begin, column, colour, _share(covered) * opacity)
                covered += changes[column]
                begin = column
            self._span(row, begin, self.width, colour, _share(covered) * opacity)

    def rectangle(
        self, left: float, top: float, width: float, height: float, paint: Paint, opacity: float = 1.0
    ) -> None:
        """Fill a rectangle snapped to whole pixels: crisp, and quicker than ``fill``."""
        first, last = max(0, round(left)), min(self.width, round(left + width))
        for row in range(max(0, round(top)), min(self.height, round(top + height))):
            self._span(row, first, last, paint(row), opacity)

    def png(self) -> bytes:
        """The picture as a PNG, 8 bits a channel, without any metadata."""
        pixels = bytearray(3 * self.width * self.height)
        for channel, plane in enumerate(self._planes):
            pixels[channel::3] = plane
        stride = 3 * self.width
        rows = (pixels[start : start + stride] for start in range(0, len(pixels), stride))
        return png(self.width, rows, depth=8, kind=TRUE_COLOUR)

    def _span(self, row: int, begin: int, end: int, colour: Colour, alpha: float) -> None:
        if end <= begin or alpha < 1 - _WHOLE:
            return
        start, stop = row * self.width + begin, row * self.width + end
        level = 256 if alpha >= _WHOLE else round(alpha * 256)
        for plane, value in zip(self._planes, colour, strict=True):
            if level == 256:
                plane[start:stop] = bytes((value,)) * (stop - start)
            elif stop - start > _SHORT:
                plane[start:stop] = plane[start:stop].translate(_blend(value, level))
            else:
                for pixel in range(start, stop):
                    plane[pixel] = (plane[pixel] * (256 - level) + value * level) >> 8

    def _coverage(self, outline: Sequence[Point]) -> dict[int, dict[int, float]]:
        """By row and column, how much the covered share changes there, going from left to right."""
        rows: dict[int, dict[int, float]] = {}
        for (x0, y0), (x1, y1) in pairwise([*outline, outline[0]]):
            if y0 == y1:
                continue
            if y0 < y1:
                sign, upper, lower, x = 1.0, y0, y1, x0
            else:
                sign, upper, lower, x = -1.0, y1, y0, x1
            slope = (x1 - x0) / (y1 - y0)
            first, last = max(upper, 0.0), min(lower, float(self.height))
            for row in range(int(first), math.ceil(last)):
                top, bottom = max(first, row), min(last, row + 1)
                ends = sorted((x + (top - upper) * slope, x + (bottom - upper) * slope))
                self._spread(rows.setdefault(row, {}), ends[0], ends[1], sign * (bottom - top))
        return rows

    def _spread(self, changes: dict[int, float], left: float, right: float, amount: float) -> None:
        """Share *amount* of an edge from *left* to *right* out among the columns that it passes."""
        right = min(max(right, 0.0), float(self.width))
        left = min(max(left, 0.0), right)
        first, last = int(left), max(int(left) + 1, math.ceil(right))
        for column in range(first, last):
            begin, end = max(left, column), min(right, column + 1)
            part = amount if last - first == 1 else amount * (end - begin) / (right - left)
            beyond = part * ((begin + end) / 2 - column)
            for where, change in ((column, part - beyond), (column + 1, beyond)):
                if where < self.width:
                    changes[where] = changes.get(where, 0.0) + change


def _share(covered: float) -> float:
    """A covered share in sixths: enough for a smooth edge, and far easier to compress."""
    return round(abs(covered) * 6) / 6


@lru_cache(maxsize=4096)
def _blend(value: int, level: int) -> bytes:
    """What each old value becomes under *level* 256ths of *value*."""
    return bytes((old * (256 - level) + value * level) >> 8 for old in range(256))


def ellipse(x: float, y: float, width: float, height: float) -> list[Point]:
    """The outline of an ellipse around (*x*, *y*) with these radii."""
    steps = max(12, min(72, int(max(width, height))))
    turns = (2 * math.pi * step / steps for step in range(steps))
    return [(x + width * math.cos(turn), y + height * math.sin(turn)) for turn in turns]


def stroke(points: Iterable[Point], thickness: float) -> list[Point]:
    """The outline of a line through *points*, which run from left to right or straight up."""
    line = list(points)
    over, under = [], []
    for index, (x, y) in enumerate(line):
        (x0, y0), (x1, y1) = line[max(0, index - 1)], line[min(len(line) - 1, index + 1)]
        length = math.hypot(x1 - x0, y1 - y0)
        dx, dy = (y1 - y0) / length * thickness / 2, (x1 - x0) / length * thickness / 2
        over.append((x + dx, y - dy))
        under.append((x - dx, y + dy))
    return over + under[::-1]
