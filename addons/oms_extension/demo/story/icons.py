"""A picture for every product: a flat icon of its kind in the product's own colour.

Drawn with Pillow, which Odoo requires itself, on a grid of 100 × 100, four times as large as it is
kept: scaling it down smooths the edges.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageColor, ImageDraw

SIZE, OVERSAMPLING = 256, 4
WHITE = (255, 255, 255)
Colour = tuple[int, int, int]
Point = tuple[float, float]


class Pen:
    """Draws on the grid: ``main`` is the product's colour, ``dark`` and ``pale`` its shades."""

    def __init__(self, colour: str) -> None:
        red, green, blue = ImageColor.getrgb(colour)[:3]
        self.main: Colour = (red, green, blue)
        self.dark = _mix(self.main, (20, 24, 32), 0.45)
        self.pale = _mix(self.main, WHITE, 0.62)
        side = SIZE * OVERSAMPLING
        self.scale = side / 100
        self.image = Image.new("RGB", (side, side), _mix(self.main, WHITE, 0.88))
        self._draw = ImageDraw.Draw(self.image)

    def area(self, colour: Colour, *points: Point) -> None:
        self._draw.polygon([self._at(point) for point in points], fill=colour)

    def box(self, colour: Colour, left: float, top: float, right: float, bottom: float,
            radius: float = 0.0) -> None:  # fmt: skip
        corners = [self._at((left, top)), self._at((right, bottom))]
        self._draw.rounded_rectangle(corners, radius * self.scale, fill=colour)

    def disc(self, colour: Colour, x: float, y: float, radius: float) -> None:
        corners = [self._at((x - radius, y - radius)), self._at((x + radius, y + radius))]
        self._draw.ellipse(corners, fill=colour)

    def ring(self, colour: Colour, x: float, y: float, radius: float, width: float) -> None:
        corners = [self._at((x - radius, y - radius)), self._at((x + radius, y + radius))]
        self._draw.ellipse(corners, outline=colour, width=round(width * self.scale))

    def line(self, colour: Colour, width: float, *points: Point) -> None:
        places = [self._at(point) for point in points]
        self._draw.line(places, fill=colour, width=round(width * self.scale), joint="curve")
        for x, y in points:
            self.disc(colour, x, y, width / 2)

    def _at(self, point: Point) -> Point:
        return point[0] * self.scale, point[1] * self.scale


def _mix(colour: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (
        round(one * (1 - share) + two * share) for one, two in zip(colour, other, strict=True)
    )
    return red, green, blue


def _tent(pen: Pen) -> None:
    pen.area(pen.main, (50, 24), (86, 76), (14, 76))
    pen.area(pen.dark, (50, 24), (86, 76), (64, 76))
    pen.area(pen.pale, (50, 40), (61, 76), (39, 76))
    pen.line(pen.dark, 2.4, (10, 77), (90, 77))


def _sleeping_bag(pen: Pen) -> None:
    pen.box(pen.main, 32, 16, 68, 86, 17)
    pen.box(pen.pale, 38, 20, 62, 42, 11)
    pen.disc(WHITE, 50, 32, 7)
    pen.line(pen.dark, 2, (50, 46), (50, 84))
    for height in (54, 64, 74):
        pen.line(pen.dark, 1.2, (36, height), (64, height))


def _backpack(pen: Pen) -> None:
    pen.ring(pen.dark, 50, 25, 9, 3.2)
    pen.box(pen.dark, 24, 48, 76, 76, 8)
    pen.box(pen.main, 30, 24, 70, 84, 13)
    pen.box(pen.pale, 36, 52, 64, 76, 5)
    pen.box(pen.dark, 36, 36, 64, 41, 2.5)
    pen.line(pen.dark, 1.8, (40, 59), (60, 59))


def _stove(pen: Pen) -> None:
    pen.area(pen.pale, (50, 18), (58, 32), (55, 40), (45, 40), (42, 32))
    pen.box(pen.main, 28, 42, 72, 66, 5)
    pen.line(pen.dark, 3, (20, 49), (28, 49))
    pen.line(pen.dark, 3, (72, 49), (80, 49))
    pen.box(pen.dark, 26, 39, 74, 44, 2.5)
    for left in (36, 50, 64):
        pen.area(pen.dark, (left - 4, 84), (left, 71), (left + 4, 84))


def _lamp(pen: Pen) -> None:
    pen.ring(pen.dark, 50, 27, 11, 2.6)
    pen.box(pen.dark, 36, 30, 64, 38, 3)
    pen.box(pen.pale, 38, 38, 62, 68, 3)
    pen.disc(pen.main, 50, 53, 9)
    pen.disc(WHITE, 50, 53, 4.5)
    pen.box(pen.dark, 33, 68, 67, 78, 4)
    for x, y, to_x, to_y in (
        (24, 42, 17, 38),
        (22, 54, 14, 54),
        (76, 42, 83, 38),
        (78, 54, 86, 54),
    ):
        pen.line(pen.main, 2.4, (x, y), (to_x, to_y))


def _jacket(pen: Pen) -> None:
    pen.area(pen.dark, (34, 26), (16, 44), (20, 68), (30, 66), (34, 50))
    pen.area(pen.dark, (66, 26), (84, 44), (80, 68), (70, 66), (66, 50))
    pen.area(pen.main, (36, 24), (64, 24), (72, 36), (70, 82), (30, 82), (28, 36))
    pen.area(pen.pale, (40, 24), (60, 24), (50, 38))
    pen.line(pen.dark, 1.8, (50, 38), (50, 81))
    pen.line(pen.pale, 2.2, (36, 64), (44, 60))
    pen.line(pen.pale, 2.2, (64, 64), (56, 60))


def _boots(pen: Pen) -> None:
    pen.area(pen.main, (30, 24), (54, 24), (55, 50), (76, 58), (82, 72), (28, 72))
    pen.box(pen.dark, 24, 71, 85, 80, 4)
    pen.box(pen.dark, 28, 21, 56, 28, 3)
    for height in (35, 43, 51):
        pen.line(pen.pale, 2.2, (44, height), (54, height - 1))
    pen.area(pen.pale, (68, 62), (78, 63), (81, 71), (70, 71))


def _bottle(pen: Pen) -> None:
    pen.box(pen.dark, 43, 14, 57, 25, 3)
    pen.box(pen.main, 35, 27, 65, 86, 10)
    pen.box(pen.dark, 35, 48, 65, 66, 0)
    pen.box(pen.pale, 40, 33, 44, 80, 2)
    pen.disc(WHITE, 54, 57, 4.5)


def _bike(pen: Pen) -> None:
    for x in (28, 72):
        pen.ring(pen.dark, x, 62, 16, 3.2)
        pen.disc(pen.dark, x, 62, 2.4)
    pen.line(pen.main, 3.4, (28, 62), (40, 40), (64, 40), (50, 62), (28, 62))
    pen.line(pen.main, 3.4, (50, 62), (40, 40))
    pen.line(pen.main, 3.4, (72, 62), (63, 34))
    pen.line(pen.dark, 3, (34, 36), (45, 36))
    pen.line(pen.dark, 3, (58, 32), (68, 32))


def _rope(pen: Pen) -> None:
    for radius, colour in ((30, pen.main), (23, pen.dark), (16, pen.main)):
        pen.ring(colour, 48, 52, radius, 5.4)
    pen.line(pen.dark, 5, (46, 20), (72, 20), (80, 34))
    pen.box(pen.pale, 40, 16, 56, 36, 4)


def _chair(pen: Pen) -> None:
    pen.area(pen.main, (24, 20), (38, 20), (46, 54), (32, 56))
    pen.area(pen.pale, (32, 56), (46, 54), (76, 54), (74, 62), (34, 63))
    for start, end in (((36, 60), (70, 86)), ((72, 60), (32, 86)), ((26, 22), (36, 60))):
        pen.line(pen.dark, 3, start, end)
    pen.line(pen.dark, 3, (40, 42), (76, 44))


def _boat(pen: Pen) -> None:
    pen.area(pen.main, (12, 50), (88, 50), (72, 70), (28, 70))
    pen.area(pen.dark, (16, 55), (84, 55), (80, 60), (20, 60))
    pen.area(pen.pale, (40, 50), (60, 50), (56, 42), (44, 42))
    pen.line(pen.dark, 3, (30, 26), (68, 64))
    pen.area(pen.dark, (22, 18), (31, 20), (34, 29), (26, 29))
    for left in (18, 42, 66):
        pen.line(pen.pale, 2.6, (left, 79), (left + 8, 76), (left + 16, 79))


ICONS: dict[str, Callable[[Pen], None]] = {
    "tent": _tent,
    "sleeping_bag": _sleeping_bag,
    "backpack": _backpack,
    "stove": _stove,
    "lamp": _lamp,
    "jacket": _jacket,
    "boots": _boots,
    "bottle": _bottle,
    "bike": _bike,
    "rope": _rope,
    "chair": _chair,
    "boat": _boat,
}


@cache
def picture(icon: str, colour: str) -> bytes:
    """A square PNG; ``icon`` is a key of ``ICONS``, ``colour`` is ``#rrggbb``."""
    pen = Pen(colour)
    ICONS[icon](pen)
    small = pen.image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    small.quantize(48).save(stream, "PNG", optimize=True)
    return stream.getvalue()
