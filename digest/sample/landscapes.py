"""Scenes of land and sea. Each covers the whole canvas, from the sky down."""

from __future__ import annotations

import math

from digest.sample.canvas import Colour, ellipse, gradient, mix
from digest.sample.sketch import BRICK, CREAM, HEIGHT, RUST, TEAL, WIDTH, Sketch, half_turn


def valley(s: Sketch) -> None:
    s.sky()
    s.sun(820, 250, 44)
    s.mountains(420, 230, 0.1)
    s.hills(400, 30, 0.35)
    for step in range(4):
        s.bar(200 + step * 270, 448 + step * 9, 250, 16, s.light.horizon, 0.42)
    s.hills(500, 34, 0.6)
    river = [
        (640 + (60 + y * 0.5) * math.sin(y / 34) + y * 0.9, 512.0 + y, 7 + y * 0.34) for y in range(0, 169, 6)
    ]
    banks = [(x - half, y) for x, y, half in river] + [(x + half, y) for x, y, half in reversed(river)]
    s.fill(banks, mix(s.light.water, s.light.horizon, 0.55))
    for x in (90, 140, 172, 230, 1010, 1060, 1118):
        s.fir(x, s.random.uniform(600, 650), s.random.uniform(90, 150), s.land(0.95))


def island(s: Sketch) -> None:
    s.sky(430)
    s.sun(300, 330, 48)
    s.clouds(3, bottom=170)
    s.fill(
        [(520, 440), (650, 330), (720, 350), (820, 230), (900, 300), (980, 290), (1150, 440)], s.land(0.55)
    )
    s.fill(
        [(820, 230), (850, 300), (830, 370), (900, 440), (1150, 440), (980, 290), (900, 300)], s.land(0.72)
    )
    s.fill([(700, 354), (716, 350), (748, 440), (690, 440)], mix(RUST, s.land(0.5), 0.5))
    s.water(438, glitter=300)
    for x in (600, 640, 676):
        s.house(x, 442, 26, CREAM, BRICK)
    s.fill([(0, 675), (0, 590), (130, 600), (240, 640), (330, 675)], s.land(1))
    s.birds(420, 210, 5)


def mountains(s: Sketch) -> None:
    s.sky()
    s.clouds(4, bottom=160)
    s.mountains(470, 360, 0.15)
    s.mountains(520, 210, 0.45)
    snow = mix(s.light.horizon, (255, 255, 255), 0.7)
    line = s.ridge(560, 22)
    s.canvas.fill([*line, (1230, 675), (-10, 675)], gradient(snow, mix(snow, s.light.far, 0.5), 540, 675))
    s.box(596, 520, 5, 60, s.light.near)
    s.fill([(572, 582), (598, 504), (626, 582)], s.light.near, 0.35)
    for x, tone in ((470, RUST), (528, TEAL), (680, RUST)):
        s.fill([(x, 596), (x + 24, 560), (x + 50, 596)], tone)
        s.fill([(x + 24, 560), (x + 32, 596), (x + 50, 596)], s.light.near, 0.3)
    for x in (646, 740, 764):
        s.bar(x, 586, 0.5, 4, s.light.near)
        s.box(x - 3, 588, 6, 14, s.light.near)


def forest(s: Sketch) -> None:
    s.sky()
    s.sun(910, 170, 46)
    s.mountains(430, 220, 0.1)
    for base, depth, count, size in ((400, 0.3, 16, 78), (480, 0.55, 11, 116), (580, 0.8, 8, 160)):
        line = s.hills(base, 30, depth)
        for _ in range(count):
            x, y = s.random.choice(line)
            tone = mix(s.land(depth), s.light.near, 0.3)
            s.fir(x + s.random.uniform(-20, 20), y + 16, size * s.random.uniform(0.6, 1.1), tone)
    green = mix(s.land(0.8), (150, 190, 90), 0.55)
    s.hills(648, 10, 1.0)
    for x in range(50, WIDTH, 92):
        y = s.random.uniform(628, 644)
        s.line([(x, y + 26), (x + 1, y - 8)], 3, s.light.near)
        s.fill(ellipse(x - 8, y - 10, 9, 5), green)
        s.fill(ellipse(x + 10, y - 16, 9, 5), green)


def windfarm(s: Sketch) -> None:
    s.sky()
    s.sun(250, 330, 56)
    s.clouds(4, bottom=200)
    s.hills(440, 36, 0.2)
    s.hills(490, 30, 0.45)
    white = mix(s.light.horizon, (255, 255, 255), 0.7)
    for x, foot, size in ((560, 500, 0.9), (780, 540, 1.25), (1030, 510, 1.0)):
        hub = foot - 230 * size
        s.fill([(x - 6 * size, foot), (x - 3 * size, hub), (x + 3 * size, hub), (x + 6 * size, foot)], white)
        turn = s.random.uniform(0, 2)
        for blade in range(3):
            angle = turn + blade * 2 * math.pi / 3
            dx, dy = math.cos(angle), math.sin(angle)
            tip = (x + dx * 120 * size, hub + dy * 120 * size)
            root = (x + dx * 24 * size - dy * 8 * size, hub + dy * 24 * size + dx * 8 * size)
            s.fill([(x, hub), root, tip], white)
        s.fill(ellipse(x, hub, 8 * size, 8 * size), white)
    s.hills(560, 26, 0.75)
    s.hills(630, 14, 1.0)
    s.birds(360, 210, 4)


def dam(s: Sketch) -> None:
    s.sky()
    s.clouds(4, bottom=150)
    s.mountains(330, 230, 0.12)
    s.canvas.rectangle(
        0, 318, WIDTH, 60, gradient(mix(s.light.water, s.light.horizon, 0.5), s.light.water, 318, 376)
    )
    s.box(0, 376, WIDTH, 250, s.land(0.8))
    concrete, shade = mix(CREAM, s.light.far, 0.45), mix(CREAM, s.light.near, 0.5)
    s.canvas.fill([(170, 352), (1030, 352), (830, 620), (370, 620)], gradient(concrete, shade, 352, 640))
    for rib in range(1, 10):
        top, foot = 170 + rib * 86, 370 + rib * 46
        s.line([(foot, 620.0), (top, 356.0)], 5, s.light.near, 0.16)
    s.box(150, 340, 900, 14, shade)
    for gate in range(3):
        x = 528 + gate * 56
        s.fill([(x, 366), (x + 30, 366), (x + 26, 620), (x + 4, 620)], (236, 246, 248), 0.85)
    s.fill([(0, 300), (130, 320), (180, 360), (380, 640), (0, 675)], s.land(0.75))
    s.fill([(1200, 290), (1080, 316), (1020, 360), (820, 640), (1200, 675)], s.land(0.85))
    s.canvas.rectangle(
        0, 616, WIDTH, 60, gradient(mix(s.light.water, (255, 255, 255), 0.3), s.light.water, 616, 675)
    )
    for x in (40, 92, 150, 204, 1010, 1066, 1110, 1166):
        s.fir(x, s.random.uniform(520, 600), s.random.uniform(90, 140), s.land(1))
    for x in (530, 586, 640, 700):
        s.bar(x, 624, 26, 7, (240, 248, 250), 0.7)


def road(s: Sketch) -> None:
    s.sky(440)
    s.sun(900, 330, 58)
    s.mountains(440, 260, 0.2)
    s.hills(450, 26, 0.5)
    snow = mix(s.light.horizon, (255, 255, 255), 0.45)
    line = [(float(x), 560 - 70 * math.sin(x / 420 + 0.4)) for x in range(-20, WIDTH + 41, 20)]
    s.canvas.fill([*line, (1240, 675), (-20, 675)], gradient(snow, mix(snow, s.light.far, 0.6), 480, 675))
    for index in range(9):
        x = 250 + index * 78
        foot = 560 - 70 * math.sin(x / 420 + 0.4) + 2
        _horse(s, x, foot)
        if index in (0, 4, 8):
            s.box(x + 38, foot - 38, 9, 38, s.light.near)
            s.fill(ellipse(x + 42, foot - 44, 6, 6), s.light.near)
    for _ in range(70):
        flake = ellipse(s.random.uniform(0, WIDTH), s.random.uniform(0, HEIGHT), 2, 2)
        s.fill(flake, (255, 255, 255), 0.6)


def _horse(s: Sketch, x: float, foot: float) -> None:
    dark = s.light.near
    s.fill(ellipse(x, foot - 30, 22, 10), dark)
    for leg in (-17, -10, 11, 17):
        s.box(x + leg - 2, foot - 28, 4, 28, dark)
    s.fill([(x + 12, foot - 34), (x + 27, foot - 54), (x + 33, foot - 48), (x + 22, foot - 26)], dark)
    s.fill([(x + 25, foot - 56), (x + 42, foot - 46), (x + 38, foot - 40), (x + 26, foot - 46)], dark)
    s.box(x - 12, foot - 46, 20, 12, mix(RUST, dark, 0.3))


def lighthouse(s: Sketch) -> None:
    s.sky(480)
    s.stars(120, below=330)
    s.water(480)
    for spread, opacity in ((34, 0.12), (20, 0.16), (9, 0.22)):
        s.fill([(772, 238), (0, 150 - spread * 4), (0, 150 + spread * 4)], s.light.lamp, opacity)
        s.fill([(772, 238), (1200, 196 - spread * 2), (1200, 196 + spread * 2)], s.light.lamp, opacity)
    rock = mix(s.light.near, s.light.far, 0.12)
    s.fill([(540, 530), (600, 486), (690, 470), (760, 452), (850, 462), (930, 496), (1010, 530)], rock)
    white = mix((250, 246, 236), s.light.far, 0.25)
    s.fill([(736, 464), (752, 262), (792, 262), (808, 464)], white)
    s.fill([(778, 262), (792, 262), (808, 464), (784, 464)], s.light.near, 0.3)
    for top in (300, 380):
        wide = (top - 262) * 0.08
        s.fill([(752 - wide, top), (792 + wide, top), (795 + wide, top + 34), (749 - wide, top + 34)], BRICK)
    s.box(744, 254, 56, 9, s.light.near)
    s.box(756, 222, 32, 33, s.light.lamp)
    s.fill([(750, 224), (772, 196), (794, 224)], BRICK)
    s.house(850, 474, 62, white, mix(BRICK, s.light.near, 0.4))
    for _ in range(12):
        s.bar(s.random.uniform(520, 1030), s.random.uniform(528, 548), 28, 2, (220, 232, 240), 0.4)
    s.fill([(0, 675), (0, 620), (160, 600), (280, 640), (360, 675)], s.light.near)


def nightsky(s: Sketch) -> None:
    s.sky(560)
    s.stars(230, below=470)
    for step in range(26):
        share = step / 26
        s.fill(
            ellipse(830 - step * 13, 150 + step * 7, 7 + share * 26, 7 + share * 14), (214, 232, 255), 0.055
        )
    for radius, opacity in ((18, 0.2), (11, 0.4), (6, 1.0)):
        s.fill(ellipse(836, 147, radius, radius), (240, 248, 255), opacity)
    s.hills(500, 40, 0.35)
    s.hills(560, 30, 0.7)
    dome, wall = mix(s.light.horizon, (255, 255, 255), 0.45), mix(s.light.horizon, s.light.near, 0.35)
    s.fill([(300 - 84 * math.cos(t), 500 - 84 * math.sin(t)) for t in half_turn(28)], dome)
    s.fill([(318, 504), (318, 418), (346, 431), (352, 504)], s.light.near)
    s.box(222, 500, 156, 80, wall)
    s.box(286, 536, 28, 44, s.light.lamp)
    s.hills(610, 20, 1.0)
    for x in (60, 104, 150, 470, 530, 1090, 1150):
        s.fir(x, s.random.uniform(606, 630), s.random.uniform(70, 130), s.light.near)


def underwater(s: Sketch) -> None:
    for band in range(9):
        s.box(0, band * HEIGHT / 9, WIDTH, HEIGHT / 9, mix((130, 206, 208), (14, 62, 88), band / 8))
    for beam in (330, 860):
        s.fill([(beam, 0), (beam + 70, 0), (beam - 60, 675), (beam - 220, 675)], (220, 246, 236), 0.09)
    for depth, count in ((0.0, 4), (0.5, 3), (1.0, 3)):
        tone = mix((70, 150, 130), (14, 66, 66), depth)
        for plant in range(count):
            x = (plant + s.random.uniform(0.1, 0.9)) * WIDTH / count
            _kelp(s, x, s.random.uniform(60, 300) + depth * 70, 0.75 + depth * 0.6, tone)
    for _ in range(9):
        x, y, size = s.random.uniform(80, 1120), s.random.uniform(120, 520), s.random.uniform(0.8, 1.5)
        body = (236, 190, 120) if s.random.random() < 0.4 else (206, 226, 222)
        s.fill(ellipse(x, y, 26 * size, 10 * size), body)
        s.fill([(x - 22 * size, y), (x - 42 * size, y - 12 * size), (x - 42 * size, y + 12 * size)], body)
        s.fill(ellipse(x + 15 * size, y - 2 * size, 2, 2), (12, 40, 60))


def _kelp(s: Sketch, x: float, top: float, size: float, tone: Colour) -> None:
    """A plant that sways from the ground up to row *top*, with leaves to both sides."""
    phase = s.random.uniform(0, 6)
    stem = [(x + 26 * size * math.sin(phase + y / 110), float(y)) for y in range(HEIGHT + 20, int(top), -64)]
    s.line(stem, 6 * size, tone)
    for index, (a, b) in enumerate(stem[1:]):
        side = size if index % 2 else -size
        tip = (a + side * 78, b - 74 * size)
        upper = [(a + side * 18, b - 44 * size), (a + side * 50, b - 72 * size)]
        lower = [(a + side * 70, b - 42 * size), (a + side * 42, b - 8 * size)]
        s.fill([(a, b), *upper, tip, *lower], tone)
