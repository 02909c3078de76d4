"""From the places of a way to the shapes of a map.

What was travelled is one line, what lies ahead another; places carry a mark, and those that have a
label get it where it covers nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import ceil
from typing import Final, Literal

from .land import Land
from .view import Point, View, fitting, way

WIDTH: Final = 640
HEIGHT: Final = 400
LETTER: Final = (11.5, 24.0)
"""Width and height of a letter of a label, in pixels, at the size in which phones show it."""
GAP: Final = 14.0
"""Pixels between a mark and its label."""
BEAD: Final = 12.0
"""Pixels from one point of a line to the next at which labels are kept off it."""
APART: Final = 0.05
"""Degrees within which two places are one."""

Kind = Literal["origin", "scan", "here", "destination"]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Stop:
    """A place of the way, in its order. ``here``: where the parcel was last seen."""

    latitude: float
    longitude: float
    kind: Kind
    label: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stop in pixels, and where its label stands."""

    x: int
    y: int
    kind: Kind
    label: str = ""
    label_x: int = 0
    label_y: int = 0
    anchor: Anchor = "start"


@dataclass(frozen=True, slots=True)
class Drawing:
    """The shapes of a map: ``d`` of three SVG paths, and the marks in the order to draw them."""

    land: str
    travelled: str
    ahead: str
    marks: list[Mark] = field(default_factory=list)
    width: int = WIDTH
    height: int = HEIGHT


def draw(stops: Sequence[Stop], land: Land) -> Drawing | None:
    """Draw a way; None where there are not two places to draw one between.

    :param stops: origin, scans in the order of time and destination, as far as they are known
    """
    stops = _merged(stops)
    if len(stops) < 2:
        return None
    legs = way([(stop.latitude, stop.longitude) for stop in stops])
    whole = [point for leg in legs for point in leg]
    view = fitting(whole, WIDTH, HEIGHT)
    # Leg ``i`` ends at stop ``i``.
    seen = max((i for i, stop in enumerate(stops) if stop.kind in ("scan", "here")), default=0)
    if stops[-1].kind != "destination":
        seen = len(stops) - 1
    before = [point for leg in legs[: seen + 1] for point in leg]
    ahead = [legs[seen][-1], *(point for leg in legs[seen + 1 :] for point in leg)]
    return Drawing(
        land=land.outline(view),
        travelled=_line(before, view),
        ahead=_line(ahead, view),
        marks=_marks(stops, [leg[-1] for leg in legs], whole, view),
    )


def _merged(stops: Sequence[Stop]) -> list[Stop]:
    """Without repetitions: a place scanned again and again is one stop."""
    merged: list[Stop] = []
    for stop in stops:
        if merged and _near(merged[-1], stop):
            merged[-1] = _one_of(merged[-1], stop)
        else:
            merged.append(stop)
    return merged


def _one_of(earlier: Stop, later: Stop) -> Stop:
    """What two stops at one place are: where the parcel has been is not ahead of it any more."""
    if later.kind == "scan" or (later.kind == "destination" and earlier.kind in ("scan", "here")):
        return replace(earlier, label=earlier.label or later.label)
    return replace(later, label=later.label or earlier.label)


def _near(one: Stop, other: Stop) -> bool:
    east = abs((one.longitude - other.longitude + 180) % 360 - 180)
    return abs(one.latitude - other.latitude) < APART and east < APART


def _line(points: Sequence[Point], view: View) -> str:
    if len(points) < 2:
        return ""
    places = [view.place(*point) for point in points]
    return "M" + " ".join(f"{round(x)} {round(y)}" for x, y in places)


Box = tuple[float, float, float, float]


def _marks(
    stops: Sequence[Stop], points: Sequence[Point], whole: Sequence[Point], view: View
) -> list[Mark]:
    spots = [view.place(*point) for point in points]
    taken: list[Box] = [(x - 9, y - 9, x + 9, y + 9) for x, y in spots]
    lines = _beads([view.place(*point) for point in whole])
    marks = []
    # The most important last: it is drawn above the others and labelled first.
    order = sorted(
        range(len(stops)),
        key=lambda i: ("scan", "origin", "destination", "here").index(stops[i].kind),
    )
    for index in reversed(order):
        stop, (x, y) = stops[index], spots[index]
        spot = None
        if stop.label:
            spot = _label_spot(stop.label, x, y, [*taken, *lines], view)
            # Rather on a line than not at all.
            spot = spot or _label_spot(stop.label, x, y, taken, view)
        if spot is None:
            marks.append(Mark(round(x), round(y), stop.kind))
            continue
        label_x, label_y, anchor, box = spot
        taken.append(box)
        marks.append(
            Mark(round(x), round(y), stop.kind, stop.label, round(label_x), round(label_y), anchor)
        )
    return marks[::-1]


def _beads(line: Sequence[Point]) -> list[Box]:
    """Small boxes along a line, so close that no label fits between them."""
    beads = []
    for (x, y), (to_x, to_y) in pairwise(line):
        steps = max(1, ceil(max(abs(to_x - x), abs(to_y - y)) / BEAD))
        for step in range(1, steps):
            at_x, at_y = x + (to_x - x) * step / steps, y + (to_y - y) * step / steps
            beads.append((at_x - 2, at_y - 2, at_x + 2, at_y + 2))
    return beads


def _label_spot(
    label: str, x: float, y: float, taken: Sequence[Box], view: View
) -> tuple[float, float, Anchor, Box] | None:
    """The first place beside, above or below a mark where a label covers nothing; else none."""
    wide, tall = len(label) * LETTER[0], LETTER[1]
    beside: list[tuple[float, float, Anchor]] = [
        (x + GAP, y + tall * 0.35, "start"),
        (x - GAP, y + tall * 0.35, "end"),
    ]
    if x > view.width / 2:
        beside.reverse()
    spots: list[tuple[float, float, Anchor]] = [
        *beside,
        (x, y - GAP, "middle"),
        (x, y + GAP + tall * 0.7, "middle"),
        (x + GAP, y - GAP, "start"),
        (x - GAP, y - GAP, "end"),
        (x + GAP, y + GAP + tall * 0.7, "start"),
        (x - GAP, y + GAP + tall * 0.7, "end"),
    ]
    for label_x, label_y, anchor in spots:
        left = label_x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        box = (left, label_y - tall * 0.75, left + wide, label_y + tall * 0.25)
        inside = box[0] >= 4 and box[2] <= view.width - 4 and box[1] >= 4
        if inside and box[3] <= view.height - 4 and not any(_meet(box, one) for one in taken):
            return label_x, label_y, anchor, box
    return None


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
