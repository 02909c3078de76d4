"""The part of the Earth that a map shows: a Mercator projection that fits some points.

Mercator, because it keeps north up and shapes true at every size, and turns into pixels with one
multiplication. Longitudes go on beyond 180 degrees, so that a way over the Pacific is not cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asinh, atan2, ceil, cos, degrees, log, radians, sin, sqrt, tan
from typing import Final

from ...network.geo import great_circle_km

HIGHEST: Final = 82.0
"""Mercator has no poles."""
SMALLEST_SPAN: Final = 8.0
"""Degrees of longitude that a map shows at least: the outlines are no finer."""
STEPS_PER_DOUBLING: Final = 3
"""Sizes of maps come in steps, and their centres on a grid, so that ways along one lane share one
drawing of the land."""
GRID: Final = 1 / 16
MARGIN: Final = 0.14
"""Share of the map kept free on each side."""
ARC_STEP_KM: Final = 400.0
"""Longer legs are bent as the great circle is."""

Point = tuple[float, float]


def mercator(latitude: float) -> float:
    """The height of a latitude, in units of a degree of longitude."""
    return degrees(asinh(tan(radians(max(-HIGHEST, min(HIGHEST, latitude))))))


@dataclass(frozen=True, slots=True)
class View:
    """A window on the plane of longitudes and Mercator heights.

    :ivar west: longitude of the left edge. :ivar north: height of the upper edge.
    :ivar scale: pixels per degree. :ivar width: in pixels, as ``height``.
    """

    west: float
    north: float
    scale: float
    width: int
    height: int

    def place(self, x: float, y: float) -> Point:
        """Pixels of a point of the plane."""
        return (x - self.west) * self.scale, (self.north - y) * self.scale


def way(stops: Sequence[Point]) -> list[list[Point]]:
    """The legs between places (latitude, longitude), each the shortest way, on the plane.

    The first leg is the first place alone, every other one goes on where the one before ends:
    nothing is cut at 180 degrees.
    """
    x, y = stops[0][1], mercator(stops[0][0])
    legs = [[(x, y)]]
    for start, end in pairwise(stops):
        steps = max(1, ceil(great_circle_km(*start, *end) / ARC_STEP_KM))
        points = [_between(start, end, step / steps) for step in range(1, steps)] + [end]
        leg = []
        for latitude, longitude in points:
            x = longitude + 360 * round((x - longitude) / 360)
            leg.append((x, mercator(latitude)))
        legs.append(leg)
    return legs


def fitting(points: Sequence[Point], width: int, height: int) -> View:
    """The view that shows all points of the plane, with a margin."""
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    free = 1 - 2 * MARGIN
    span = max(
        (max(xs) - min(xs)) / free,
        (max(ys) - min(ys)) / free * width / height,
        SMALLEST_SPAN,
    )
    span = SMALLEST_SPAN * 2 ** (
        ceil(log(span / SMALLEST_SPAN, 2) * STEPS_PER_DOUBLING - 1e-9) / STEPS_PER_DOUBLING
    )
    tall = span * height / width
    middle_x = round((max(xs) + min(xs)) / 2 / span / GRID) * GRID * span
    middle_y = round((max(ys) + min(ys)) / 2 / tall / GRID) * GRID * tall
    return View(
        west=round(middle_x - span / 2, 6),
        north=round(middle_y + tall / 2, 6),
        scale=width / span,
        width=width,
        height=height,
    )


def _between(start: Point, end: Point, share: float) -> Point:
    """A point on the great circle (spherical linear interpolation)."""
    one, other = _vector(start), _vector(end)
    angle_cos = max(-1.0, min(1.0, sum(a * b for a, b in zip(one, other, strict=True))))
    angle_sin = sqrt(1 - angle_cos * angle_cos)
    if angle_sin < 1e-9:
        return start
    angle = atan2(angle_sin, angle_cos)
    first, second = sin((1 - share) * angle) / angle_sin, sin(share * angle) / angle_sin
    x, y, z = (first * a + second * b for a, b in zip(one, other, strict=True))
    return degrees(atan2(z, sqrt(x * x + y * y))), degrees(atan2(y, x))


def _vector(point: Point) -> tuple[float, float, float]:
    latitude, longitude = radians(point[0]), radians(point[1])
    return cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)
