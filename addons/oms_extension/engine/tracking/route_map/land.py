"""The land of a view as one SVG path, from Natural Earth's outlines (TopoJSON).

The outlines are read once and kept in up to three degrees of detail; a view takes the one that its
scale can show, cuts it at its edges and rounds it to whole pixels: some kilobytes a map.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, Self, TextIO

from .view import Point, View, mercator

DETAILS: Final = (0.02, 0.12, 0.6)
"""Degrees between two points of an outline."""
EDGE: Final = 3.0
"""Pixels by which the land goes on beyond the view, so that its border is not seen."""
FINENESS: Final = 3
"""Pixels between two points of a path, and half of the size of an island worth drawing."""


@dataclass(frozen=True, slots=True)
class _Ring:
    """A closed outline on the plane of longitudes and Mercator heights."""

    xs: array[float]
    ys: array[float]
    west: float
    east: float
    south: float
    north: float


class Land:
    """The countries' outlines."""

    def __init__(self, rings: Sequence[Sequence[Point]]) -> None:
        """:param rings: closed lines of (longitude, Mercator height)"""
        self._whole = [_uncut(ring) for ring in rings]
        self._details: dict[float, list[_Ring]] = {}
        self.outline = lru_cache(256)(self._outline)

    @classmethod
    def load(cls, stream: TextIO) -> Self:
        """Read a TopoJSON file with the object ``countries``. ``KeyError`` if it is none."""
        return cls(list(_rings(json.load(stream))))

    def _outline(self, view: View) -> str:
        """The ``d`` of an SVG path: all land in a view, in whole pixels."""
        margin = EDGE / view.scale
        west, east = view.west - margin, view.west + view.width / view.scale + margin
        south, north = view.north - view.height / view.scale - margin, view.north + margin
        parts = []
        for ring in self._for(view):
            if ring.south > north or ring.north < south:
                continue
            if max(ring.east - ring.west, ring.north - ring.south) * view.scale < 2 * FINENESS:
                continue
            for turn in (-720.0, -360.0, 0.0, 360.0, 720.0):
                if ring.west + turn > east or ring.east + turn < west:
                    continue
                points = [view.place(x + turn, y) for x, y in zip(ring.xs, ring.ys, strict=True)]
                if (
                    ring.west + turn < west
                    or ring.east + turn > east
                    or ring.south < south
                    or ring.north > north
                ):
                    points = _clipped(points, view)
                parts.append(_path(points))
        return "".join(parts)

    def _for(self, view: View) -> list[_Ring]:
        """The coarsest outlines that do not look coarse at this scale."""
        fitting = [detail for detail in DETAILS if detail * view.scale <= 1.5]
        detail = fitting[-1] if fitting else DETAILS[0]
        if detail not in self._details:
            thinned = (_ring(_thinned(ring, detail), detail) for ring in self._whole)
            self._details[detail] = [ring for ring in thinned if ring]
        return self._details[detail]


def _rings(topology: Mapping[str, Any]) -> Iterator[list[Point]]:
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[list[Point]] = []
    for deltas in topology["arcs"]:
        x = y = 0
        arc: list[Point] = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            arc.append((x * scale[0] + shift[0], mercator(y * scale[1] + shift[1])))
        arcs.append(arc)
    for country in topology["objects"]["countries"]["geometries"]:
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        for polygon in polygons:
            for numbers in polygon:
                ring: list[Point] = []
                for number in numbers:
                    # A negative number is the arc ~number backwards (TopoJSON, 2.1.4).
                    arc = arcs[number] if number >= 0 else arcs[~number][::-1]
                    ring += arc[1:] if ring else arc
                yield ring


def _uncut(ring: Sequence[Point]) -> list[Point]:
    """A ring over the 180th meridian goes on beyond it, instead of round the Earth."""
    turn = 0.0
    points = [ring[0]]
    for before, (x, y) in pairwise(ring):
        turn += 360.0 if x - before[0] < -180 else -360.0 if x - before[0] > 180 else 0.0
        points.append((x + turn, y))
    return points


def _thinned(ring: Sequence[Point], distance: float) -> list[Point]:
    """Without the points that lie nearer than ``distance`` to the one kept before them."""
    kept = [ring[0]]
    last_x, last_y = ring[0]
    for x, y in ring[1:-1]:
        if abs(x - last_x) >= distance or abs(y - last_y) >= distance:
            kept.append((x, y))
            last_x, last_y = x, y
    return kept


def _ring(points: Sequence[Point], detail: float) -> _Ring | None:
    """None for what is too small to be seen."""
    if len(points) < 3:
        return None
    xs, ys = array("f", (x for x, _y in points)), array("f", (y for _x, y in points))
    ring = _Ring(xs, ys, min(xs), max(xs), min(ys), max(ys))
    if max(ring.east - ring.west, ring.north - ring.south) < detail * 1.5:
        return None
    return ring


def _clipped(points: list[Point], view: View) -> list[Point]:
    """A polygon cut at the edges of a view (Sutherland & Hodgman, CACM 17, 1974)."""
    for axis, limit, sign in (
        (0, -EDGE, 1),
        (0, view.width + EDGE, -1),
        (1, -EDGE, 1),
        (1, view.height + EDGE, -1),
    ):
        kept: list[Point] = []
        if not points:
            break
        before = points[-1]
        was_in = (before[axis] - limit) * sign >= 0
        for point in points:
            is_in = (point[axis] - limit) * sign >= 0
            if is_in != was_in:
                share = (limit - before[axis]) / (point[axis] - before[axis])
                kept.append(
                    (
                        before[0] + share * (point[0] - before[0]),
                        before[1] + share * (point[1] - before[1]),
                    )
                )
            if is_in:
                kept.append(point)
            before, was_in = point, is_in
        points = kept
    return points


def _path(points: Sequence[Point]) -> str:
    """A closed path in relative steps of whole pixels; empty where nothing is left."""
    whole: list[tuple[int, int]] = []
    for x, y in points:
        point = (round(x), round(y))
        if (
            not whole
            or abs(point[0] - whole[-1][0]) >= FINENESS
            or abs(point[1] - whole[-1][1]) >= FINENESS
        ):
            whole.append(point)
    if len(whole) < 3:
        return ""
    steps = [f"M{whole[0][0]} {whole[0][1]}l"]
    x, y = whole[0]
    for to_x, to_y in whole[1:]:
        dx, dy = to_x - x, to_y - y
        steps.append(f"{dx}{dy}" if dy < 0 else f"{dx} {dy}")
        x, y = to_x, to_y
    return steps[0] + " ".join(steps[1:]) + "z"
