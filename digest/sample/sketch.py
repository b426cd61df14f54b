"""The parts of the sample's pictures: sky, sun, clouds, hills, water, trees, houses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from digest.sample.canvas import Canvas, Colour, Paint, Point, ellipse, flat, gradient, mix, stroke

WIDTH, HEIGHT = 1200, 675
RUST, BRICK, CREAM, TEAL = (178, 92, 64), (166, 78, 66), (240, 226, 200), (58, 112, 120)


@dataclass(frozen=True, slots=True)
class Light:
    """The colours of an hour of the day."""

    sky: Colour
    horizon: Colour
    sun: Colour
    #: Land far away and close by; what lies between is mixed.
    far: Colour
    near: Colour
    water: Colour
    #: Lit windows, lamps and signs.
    lamp: Colour


LIGHTS = {
    "dawn": Light(
        sky=(84, 116, 158),
        horizon=(253, 214, 170),
        sun=(255, 240, 212),
        far=(176, 156, 168),
        near=(44, 56, 82),
        water=(102, 122, 156),
        lamp=(255, 214, 140),
    ),
    "day": Light(
        sky=(96, 160, 206),
        horizon=(226, 240, 240),
        sun=(255, 250, 228),
        far=(150, 186, 196),
        near=(36, 82, 88),
        water=(64, 124, 156),
        lamp=(246, 236, 206),
    ),
    "dusk": Light(
        sky=(54, 48, 98),
        horizon=(246, 156, 116),
        sun=(255, 214, 150),
        far=(150, 94, 120),
        near=(36, 30, 62),
        water=(84, 66, 112),
        lamp=(255, 206, 120),
    ),
    "night": Light(
        sky=(10, 18, 44),
        horizon=(54, 80, 122),
        sun=(240, 240, 224),
        far=(38, 56, 92),
        near=(10, 16, 34),
        water=(22, 38, 70),
        lamp=(255, 214, 130),
    ),
}


class Sketch:
    """A canvas, the light on it, and a random that always falls the same way for the same *seed*."""

    def __init__(self, seed: str, light: Light) -> None:
        self.canvas = Canvas(WIDTH, HEIGHT)
        self.light = light
        self.random = Random(seed)

    def land(self, depth: float) -> Colour:
        """The colour of land at *depth*: 0 is far away, 1 is close by."""
        return mix(self.light.far, self.light.near, depth)

    def fill(self, outline: list[Point], colour: Colour, opacity: float = 1.0) -> None:
        self.canvas.fill(outline, flat(colour), opacity)

    def box(
        self, left: float, top: float, width: float, height: float, colour: Colour, opacity: float = 1.0
    ) -> None:
        self.canvas.rectangle(left, top, width, height, flat(colour), opacity)

    def line(self, points: list[Point], thickness: float, colour: Colour, opacity: float = 1.0) -> None:
        self.fill(stroke(points, thickness), colour, opacity)

    def sky(self, horizon: float = 470) -> None:
        self.canvas.rectangle(0, 0, WIDTH, HEIGHT, gradient(self.light.sky, self.light.horizon, 0, horizon))

    def sun(self, x: float, y: float, radius: float) -> None:
        """The sun, or the moon, with a glow."""
        for step in range(8, 0, -1):
            reach = radius + step * (step + 3) * 1.9
            self.fill(ellipse(x, y, reach, reach), self.light.sun, 0.055)
        self.fill(ellipse(x, y, radius, radius), self.light.sun)

    def stars(self, count: int, *, below: float = 380) -> None:
        for _ in range(count):
            x, y = self.random.uniform(0, WIDTH), self.random.uniform(0, below)
            size = self.random.choice((1.0, 1.2, 1.6, 2.4))
            self.fill(ellipse(x, y, size, size), (255, 255, 244), self.random.uniform(0.4, 1.0))

    def clouds(self, count: int, *, bottom: float = 240) -> None:
        colour = mix(self.light.horizon, (255, 255, 255), 0.35)
        for _ in range(count):
            x, y = self.random.uniform(80, WIDTH - 80), self.random.uniform(60, bottom)
            size = self.random.uniform(0.7, 1.3)
            for dx, dy, length in ((0, 0, 120), (50, -22, 80), (-60, 22, 90)):
                self.bar(x + dx * size, y + dy * size, length * size, 11 * size, colour, 0.34)

    def bar(
        self, x: float, y: float, width: float, height: float, colour: Colour, opacity: float = 1.0
    ) -> None:
        """A bar with round ends around (*x*, *y*); *width* and *height* are to its sides."""
        right = [(x + width + height * math.sin(t), y - height * math.cos(t)) for t in half_turn(10)]
        left = [(x - width - height * math.sin(t), y + height * math.cos(t)) for t in half_turn(10)]
        self.fill(right + left, colour, opacity)

    def ridge(self, base: float, height: float) -> list[Point]:
        """The line of a range of hills from left to right."""
        waves = [
            (self.random.uniform(0, 2 * math.pi), bends, height / (0.8 + bends * 0.55))
            for bends in (1.3, 2.7, 4.6)
        ]
        line = []
        for x in range(-10, WIDTH + 31, 20):
            swing = sum(size * math.sin(phase + bends * x / 250) for phase, bends, size in waves)
            line.append((float(x), base - swing))
        return line

    def hills(self, base: float, height: float, depth: float) -> list[Point]:
        """A range of hills down to the picture's edge, and its line."""
        line = self.ridge(base, height)
        low = mix(self.land(depth), self.light.horizon, 0.28)
        self._to_edge(line, gradient(self.land(depth), low, base - height, base + 190))
        return line

    def mountains(self, base: float, height: float, depth: float) -> None:
        """Peaks with snow on their sunlit sides."""
        colour, shade = self.land(depth), mix(self.land(depth), self.light.near, 0.35)
        snow = mix(self.light.horizon, (255, 255, 255), 0.6)
        self.box(0, base - 1, WIDTH, 90, colour)
        x = -120.0
        while x < WIDTH + 120:
            top = base - height * self.random.uniform(0.55, 1.0)
            half = (base - top) * self.random.uniform(0.85, 1.1)
            foot = x + half * 0.18
            self.fill([(x - half, base), (x, top), (x + half, base)], colour)
            self.fill([(x, top), (x + half, base), (foot, base)], shade)
            cap = (base - top) * 0.24
            ragged = [(x + half * 0.05, top + cap * 1.25), (x - half * 0.1, top + cap * 0.8)]
            self.fill([(x, top), (x + half * 0.04, top + cap), *ragged, (x - half * 0.24, top + cap)], snow)
            x += half * self.random.uniform(0.8, 1.2)

    def water(self, top: float, *, glitter: float | None = None) -> None:
        """Water from row *top* to the edge; *glitter* is the column where the sun lies on it."""
        near = mix(self.light.water, self.light.near, 0.45)
        shore = mix(self.light.water, self.light.horizon, 0.45)
        self.canvas.rectangle(0, top, WIDTH, HEIGHT - top, gradient(shore, near, top, HEIGHT))
        for _ in range(46):
            depth = self.random.random() ** 1.4
            y, length = top + 8 + depth * (HEIGHT - top - 16), 14 + depth * 60
            self.bar(self.random.uniform(0, WIDTH), y, length, 1.1 + depth, self.light.horizon, 0.16)
        if glitter is not None:
            for step in range(15):
                y = top + 6 + step * (HEIGHT - top) / 15
                wide = 26 + step * 4 + self.random.uniform(-10, 10)
                self.bar(glitter + self.random.uniform(-9, 9), y, wide, 2.2, self.light.sun, 0.5)

    def fir(self, x: float, foot: float, height: float, colour: Colour) -> None:
        wide = height * 0.24
        self.box(x - height * 0.025, foot - height * 0.15, height * 0.05, height * 0.15, colour)
        for level, scale in ((0.1, 1.0), (0.34, 0.78), (0.58, 0.54)):
            low, tip = foot - height * level, foot - height * min(1.0, level + 0.46)
            self.fill([(x - wide * scale, low), (x, tip), (x + wide * scale, low)], colour)

    def block(self, left: float, top: float, width: float, foot: float, colour: Colour) -> None:
        """A building with windows, some of them lit."""
        self.box(left, top, width, foot - top, colour)
        self.box(left + width * 0.72, top, width * 0.28, foot - top, self.light.near, 0.22)
        dark = mix(colour, self.light.horizon, 0.22)
        columns = max(1, int((width - 12) // 20))
        gap = (width - columns * 9) / (columns + 1)
        for row in range(int((foot - top - 26) // 26)):
            for column in range(columns):
                lit = self.random.random() < 0.38
                x, y = left + gap + column * (9 + gap), top + 16 + row * 26
                self.box(x, y, 9, 13, self.light.lamp if lit else dark, 0.95 if lit else 0.6)

    def house(self, left: float, foot: float, width: float, wall: Colour, roof: Colour) -> None:
        """A small house with a gable roof, a door and a window."""
        top = foot - width * 0.62
        self.box(left, top, width, foot - top, wall)
        peak = (left + width / 2, top - width * 0.46)
        self.fill([(left - width * 0.1, top + 1), peak, (left + width * 1.1, top + 1)], roof)
        self.box(left + width * 0.16, foot - width * 0.4, width * 0.2, width * 0.4, roof)
        self.box(left + width * 0.58, top + width * 0.16, width * 0.22, width * 0.2, self.light.lamp)

    def birds(self, x: float, y: float, count: int) -> None:
        for _ in range(count):
            a, b = x + self.random.uniform(-90, 90), y + self.random.uniform(-40, 40)
            size = self.random.uniform(6, 12)
            wings = [(a - size, b - size * 0.4), (a - size * 0.4, b - size * 0.7), (a, b)]
            wings += [(a + size * 0.4, b - size * 0.7), (a + size, b - size * 0.4)]
            self.line(wings, 2.2, self.light.near, 0.7)

    def _to_edge(self, line: list[Point], paint: Paint) -> None:
        self.canvas.fill([*line, (line[-1][0], HEIGHT), (line[0][0], HEIGHT)], paint)


def half_turn(steps: int) -> list[float]:
    """Angles from 0 to a half turn, for arches and round ends."""
    return [math.pi * step / steps for step in range(steps + 1)]
