"""Scenes of towns and harbors. Each covers the whole canvas, from the sky down."""

from __future__ import annotations

import math

from digest.sample.canvas import ellipse, gradient, mix
from digest.sample.sketch import BRICK, CREAM, HEIGHT, RUST, TEAL, WIDTH, Sketch, half_turn


def village(s: Sketch) -> None:
    s.sky()
    s.clouds(4)
    s.hills(380, 46, 0.25)
    s.hills(450, 30, 0.5)
    s.hills(560, 14, 0.72)
    roofs = (BRICK, RUST, mix(BRICK, s.light.near, 0.4))
    for index, (x, foot, width) in enumerate(
        ((170, 548, 92), (300, 560, 84), (420, 542, 76), (760, 556, 96), (880, 546, 80), (990, 562, 92))
    ):
        s.house(x, foot, width, mix(CREAM, s.light.far, 0.15 * (index % 3)), roofs[index % 3])
    tower = mix(CREAM, s.light.far, 0.2)
    s.box(600, 380, 62, 190, tower)
    s.box(642, 380, 20, 190, s.light.near, 0.18)
    s.fill([(592, 382), (631, 272), (670, 382)], roofs[2])
    s.fill(ellipse(631, 424, 13, 13), s.light.near, 0.75)
    s.hills(640, 12, 0.95)
    s.birds(520, 190, 6)


def skyline(s: Sketch) -> None:
    s.sky(560)
    s.sun(930, 330, 52)
    s.clouds(4, bottom=200)
    for depth, low, high in ((0.15, 250, 420), (0.45, 300, 470), (0.85, 390, 520)):
        left = -20.0
        while left < WIDTH:
            width, top = s.random.uniform(64, 132), s.random.uniform(low, high)
            if depth < 0.3:
                s.box(left, top, width, HEIGHT - top, s.land(depth))
            else:
                s.block(left, top, width, HEIGHT, s.land(depth))
                s.box(left - 3, top - 6, width + 6, 7, s.land(min(1, depth + 0.12)))
            left += width + s.random.choice((2, 3, 12))


def bank(s: Sketch) -> None:
    s.sky(560)
    s.clouds(6, bottom=260)
    for left, width, top in ((-10, 130, 300), (128, 110, 250), (980, 120, 270), (1102, 110, 330)):
        s.block(left, top, width, 610, s.land(0.45))
    stone, shade = mix(CREAM, s.light.far, 0.2), mix(CREAM, s.light.near, 0.42)
    s.fill([(270, 290), (600, 176), (930, 290)], stone)
    s.fill([(330, 280), (600, 192), (870, 280)], mix(stone, shade, 0.45))
    s.fill(ellipse(600, 246, 26, 26), stone)
    s.box(270, 290, 660, 34, shade)
    s.box(290, 324, 620, 236, mix(stone, shade, 0.75))
    for column in range(8):
        x = 306 + column * 76
        s.box(x, 324, 40, 236, stone)
        s.box(x + 28, 324, 12, 236, shade, 0.55)
        s.box(x - 5, 324, 50, 12, stone)
        s.box(x - 5, 548, 50, 12, stone)
    s.box(568, 440, 64, 120, s.light.near, 0.85)
    for step in range(4):
        s.box(262 - step * 22, 560 + step * 12, 676 + step * 44, 12, mix(stone, shade, 0.25 * step))
    s.box(0, 608, WIDTH, 67, s.land(0.85))


def parliament(s: Sketch) -> None:
    s.sky(520)
    s.clouds(4)
    stone, shade = mix(CREAM, s.light.far, 0.45), mix(CREAM, s.light.near, 0.55)
    s.fill(ellipse(600, 300, 112, 120), shade)
    s.fill([(600, 150), (612, 190), (588, 190)], shade)
    s.box(597, 110, 6, 60, shade)
    s.fill([(603, 112), (650, 122), (603, 136)], BRICK)
    s.box(470, 292, 260, 60, stone)
    s.box(180, 372, 840, 176, stone)
    s.fill([(420, 374), (600, 306), (780, 374)], mix(stone, shade, 0.4))
    s.box(168, 362, 864, 14, shade)
    for column in range(7):
        x = 438 + column * 50
        s.box(x, 380, 22, 168, CREAM)
        s.box(x + 15, 380, 7, 168, shade, 0.5)
    for x in (*range(206, 420, 44), *range(790, 1000, 44)):
        s.box(x, 402, 20, 48, s.light.lamp if s.random.random() < 0.6 else shade)
        s.box(x, 474, 20, 48, s.light.lamp if s.random.random() < 0.6 else shade)
    for step in range(4):
        s.box(150 - step * 30, 548 + step * 14, 900 + step * 60, 14, mix(shade, s.light.near, 0.15 * step))
    s.box(0, 604, WIDTH, HEIGHT - 604, s.land(1))


def concerthall(s: Sketch) -> None:
    s.sky(500)
    s.stars(90, below=300)
    s.sun(240, 150, 34)
    s.hills(470, 20, 0.3)
    copper, dark = (158, 104, 78), (92, 62, 66)
    s.fill([(330, 500), (390, 320), (600, 226), (850, 196), (990, 216), (930, 500)], dark)
    s.fill([(330, 400), (420, 306), (620, 216), (860, 180), (1010, 208), (700, 262), (480, 330)], copper)
    for column in range(15):
        left = 372 + column * 37
        top = 372 - 84 * math.sin(math.pi * (column + 4) / 22)
        s.box(left, top, 29, 500 - top, s.light.lamp, 0.86 if column % 4 else 0.7)
    s.box(352, 424, 590, 6, dark)
    s.water(500)
    for column in range(15):
        for step in range(6):
            s.bar(
                386 + column * 37, 512 + step * 15 + column % 3 * 4, 10, 2, s.light.lamp, 0.36 - step * 0.045
            )
    s.box(0, 494, WIDTH, 9, s.light.near)
    for _ in range(30):
        s.box(s.random.uniform(200, 1050), 480, 4, 14, s.light.near)


def bridge(s: Sketch) -> None:
    s.sky()
    s.sun(600, 300, 50)
    s.clouds(3, bottom=180)
    left = 0.0
    while left < WIDTH:
        width = s.random.uniform(46, 96)
        top = s.random.uniform(360, 430)
        s.box(left, top, width, 120, s.land(0.25))
        s.fill([(left, top), (left + width / 2, top - 26), (left + width, top)], s.land(0.32))
        left += width
    s.water(470, glitter=600)
    stone, shade = mix(CREAM, s.light.near, 0.42), mix(CREAM, s.light.near, 0.68)
    deck = [(0.0, 452.0), (300.0, 416.0), (600.0, 404.0), (900.0, 416.0), (1200.0, 452.0)]
    s.fill([*deck, (1200, 600), (0, 600)], stone)
    water = gradient(mix(s.light.water, s.light.horizon, 0.4), s.light.water, 470, 620)
    for x, width in ((70, 90), (255, 100), (460, 108), (670, 108), (875, 100), (1070, 90)):
        arch = [(x - width * math.cos(t), 602 - 140 * math.sin(t)) for t in half_turn(28)]
        ring = [(x - (width + 9) * math.cos(t), 602 - 149 * math.sin(t)) for t in half_turn(28)]
        s.fill(ring, shade)
        s.canvas.fill(arch, water)
    s.canvas.rectangle(0, 598, WIDTH, HEIGHT, gradient(s.light.water, s.light.near, 580, 720))
    s.line(deck, 10, shade)
    for lamp in range(60, WIDTH, 154):
        y = 404 + 48 * ((lamp - 600) / 600) ** 2
        s.box(lamp - 2, y - 50, 4, 52, s.light.near)
        s.fill(ellipse(lamp, y - 54, 8, 8), s.light.lamp)
    for _ in range(34):
        walker = s.random.uniform(40, 1160)
        s.box(walker, 388 + 48 * ((walker - 600) / 600) ** 2, 5, 16, s.light.near)
    for step in range(12):
        s.bar(600 + s.random.uniform(-40, 40), 612 + step * 6, 70, 1.6, s.light.sun, 0.4)


def harbor(s: Sketch) -> None:
    s.sky()
    s.sun(870, 330, 46)
    s.clouds(3, bottom=160)
    s.hills(430, 22, 0.2)
    for _ in range(14):
        left = s.random.uniform(-20, 1180)
        s.box(left, s.random.uniform(395, 450), s.random.uniform(30, 70), 90, s.land(0.32))
    s.water(470, glitter=870)
    _freighter(s, 640, 540, 1.05)
    _crane(s, 60, 560, 1.15, raised=True)
    _crane(s, 230, 560, 1.15, raised=s.random.random() < 0.5)
    _crane(s, 400, 560, 1.15, raised=False)
    s.box(0, 558, 560, HEIGHT - 558, s.land(0.95))
    for index in range(9):
        tone = mix((RUST, TEAL, CREAM)[index % 3], s.light.near, 0.35)
        s.box(16 + index * 58, 532 - 26 * (index % 2), 54, 24, tone)
        s.box(16 + index * 58, 532, 54, 26, mix((TEAL, CREAM, RUST)[index % 3], s.light.near, 0.3))
    s.birds(620, 200, 5)


def containers(s: Sketch) -> None:
    s.sky()
    s.clouds(5, bottom=200)
    _crane(s, 120, 560, 1.3, raised=False)
    _crane(s, 780, 560, 1.3, raised=True)
    colours = (RUST, TEAL, CREAM, BRICK, mix(TEAL, CREAM, 0.45), mix(RUST, CREAM, 0.35))
    s.box(0, 600, WIDTH, 75, s.land(0.9))
    for column in range(9):
        for row in range(s.random.choice((2, 3, 4, 4, 5))):
            left, top = column * 136 - 10, 586 - row * 54
            tone = mix(s.random.choice(colours), s.light.near, 0.12)
            s.box(left, top, 132, 51, tone)
            for rib in range(10):
                s.box(left + 7 + rib * 12.5, top + 5, 4, 41, s.light.near, 0.16)
            s.box(left, top + 47, 132, 4, s.light.near, 0.35)


def ship(s: Sketch) -> None:
    s.sky(430)
    s.sun(260, 340, 54)
    s.clouds(4, bottom=190)
    s.hills(452, 16, 0.15)
    s.water(450, glitter=260)
    _freighter(s, 470, 540, 1.4)
    hull = mix(BRICK, s.light.near, 0.2)
    s.fill([(210, 590), (346, 586), (326, 616), (226, 616)], hull)
    s.box(246, 560, 54, 30, CREAM)
    s.box(256, 566, 34, 11, s.light.near)
    s.box(276, 532, 3, 28, s.light.near)
    s.bar(280, 618, 96, 3, s.light.horizon, 0.5)
    s.birds(330, 210, 6)


def _crane(s: Sketch, x: float, foot: float, size: float, *, raised: bool) -> None:
    """A gantry crane, its boom over the water to the right."""
    colour = mix(RUST, s.light.near, 0.35)
    top = foot - 250 * size
    for leg in (0.0, 74 * size):
        s.line([(x + leg, foot), (x + leg * 0.86 + 5, top)], 9 * size, colour)
    s.line([(x, foot - 90 * size), (x + 74 * size, foot - 92 * size)], 7 * size, colour)
    s.line([(x - 60 * size, top), (x + 90 * size, top)], 12 * size, colour)
    s.box(x + 10 * size, top - 30 * size, 44 * size, 26 * size, colour)
    if raised:
        s.line([(x + 76 * size, top), (x + 170 * size, top - 190 * size)], 9 * size, colour)
    else:
        s.line([(x + 80 * size, top), (x + 290 * size, top + 1)], 9 * size, colour)
        s.line([(x + 36 * size, top - 66 * size), (x + 280 * size, top)], 3 * size, colour)
        s.line([(x + 220 * size, top + 96 * size), (x + 221 * size, top)], 3 * size, colour)
        s.box(x + 196 * size, top + 90 * size, 50 * size, 22 * size, TEAL)


def _freighter(s: Sketch, x: float, water: float, size: float) -> None:
    """A ship with containers, heading right."""
    hull = mix(BRICK, s.light.near, 0.5)
    colours = (RUST, TEAL, CREAM, mix(TEAL, CREAM, 0.5), mix(RUST, s.light.near, 0.3))
    for column in range(8):
        for row in range(2 + (column * 5) % 3):
            tone = mix(colours[(column * 3 + row * 2) % 5], s.light.near, 0.18)
            s.box(x + (96 + column * 36) * size, water - (70 + row * 21) * size, 34 * size, 19 * size, tone)
    s.box(x + 24 * size, water - 150 * size, 58 * size, 104 * size, CREAM)
    s.box(x + 24 * size, water - 140 * size, 58 * size, 12 * size, s.light.near, 0.8)
    s.box(x + 40 * size, water - 186 * size, 20 * size, 38 * size, hull)
    deck = water - 50 * size
    s.fill([(x, deck), (x + 444 * size, deck), (x + 408 * size, water), (x + 20 * size, water)], hull)
    s.line([(x + 14 * size, water - 14 * size), (x + 416 * size, water - 14 * size)], 5 * size, CREAM, 0.8)
