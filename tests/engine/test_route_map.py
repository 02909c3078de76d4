"""Maps of parcels' ways: everything inside the picture, the same on both sides of the globe."""

import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from engine.tracking.route_map import Land, Stop, draw
from engine.tracking.route_map.view import fitting, mercator, way
from hypothesis import given, settings
from hypothesis import strategies as st

ADDON = Path(__file__).resolve().parents[2] / "addons" / "oms_extension"
MILANO, ROMA, NAPOLI = (45.46, 9.19), (41.89, 12.51), (40.85, 14.27)
TOKYO, LOS_ANGELES = (35.69, 139.69), (34.05, -118.24)


@pytest.fixture(scope="module")
def land():
    outlines = ADDON / "static/lib/world-atlas/countries-50m.json"
    return Land.load(outlines.open(encoding="utf-8"))


def numbers(path):
    return [int(one) for one in re.findall(r"-?\d+", path)]


def corners(path):
    """Absolute points of a path of relative steps."""
    for part in path.split("M")[1:]:
        values = numbers(part)
        x = y = 0
        for dx, dy in zip(values[::2], values[1::2], strict=True):
            x, y = x + dx, y + dy
            yield x, y


def test_a_way_has_its_travelled_and_its_coming_part(land):
    drawing = draw(
        [
            Stop(*MILANO, "origin", "Milano"),
            Stop(*ROMA, "here", "Roma"),
            Stop(*NAPOLI, "destination", "Napoli"),
        ],
        land,
    )
    assert drawing.travelled
    assert drawing.ahead
    assert {mark.kind: mark.label for mark in drawing.marks} == {
        "origin": "Milano",
        "here": "Roma",
        "destination": "Napoli",
    }
    assert numbers(drawing.travelled)[-2:] == numbers(drawing.ahead)[:2]


def test_what_has_arrived_has_nothing_ahead(land):
    drawing = draw(
        [
            Stop(*MILANO, "origin", "Milano"),
            Stop(*ROMA, "here", ""),
            Stop(41.9, 12.5, "destination", "Roma"),
        ],
        land,
    )
    assert drawing.ahead == ""
    assert [mark.kind for mark in drawing.marks] == ["origin", "here"]
    assert drawing.marks[-1].label == "Roma"


@pytest.mark.parametrize(
    "stops", [[], [Stop(*ROMA, "here")], [Stop(*ROMA, "here"), Stop(41.9, 12.5, "destination")]]
)
def test_there_is_no_map_of_one_place(land, stops):
    assert draw(stops, land) is None


def test_a_way_over_the_pacific_is_not_led_round_the_earth(land):
    drawing = draw([Stop(*TOKYO, "here", "T"), Stop(*LOS_ANGELES, "destination", "L")], land)
    xs = numbers(drawing.ahead)[::2]
    assert xs == sorted(xs), "eastwards all the way"
    steps = [b - a for a, b in pairwise(xs)]
    assert max(steps) < drawing.width / 4


def test_long_legs_bend_towards_the_pole():
    _start, leg = way([TOKYO, LOS_ANGELES])
    assert max(y for _x, y in leg) > mercator(TOKYO[0]) + 5


def test_the_land_is_closed_and_inside_the_picture(land):
    drawing = draw([Stop(*MILANO, "here", ""), Stop(*LOS_ANGELES, "destination", "")], land)
    assert drawing.land.count("M") == drawing.land.count("z") > 50
    for x, y in corners(drawing.land):
        assert -8 <= x <= drawing.width + 8
        assert -8 <= y <= drawing.height + 8
    assert len(drawing.land) < 30_000


def test_parcels_on_one_lane_share_the_drawing_of_the_land(land):
    drawn = {
        draw([Stop(*MILANO, "here", ""), Stop(41.9 + off, 12.5, "destination", "")], land).land
        for off in (0.0, 0.02, 0.04)
    }
    assert len(drawn) == 1


places = st.tuples(st.floats(-89.9, 89.9, allow_nan=False), st.floats(-180, 180, allow_nan=False))


@settings(max_examples=150, deadline=None)
@given(st.lists(places, min_size=2, max_size=8), st.text(max_size=20))
def test_marks_and_labels_stay_inside_and_apart(land, points, label):
    kinds = ["origin", *["scan"] * (len(points) - 2), "destination"]
    stops = [Stop(*point, kind, label) for point, kind in zip(points, kinds, strict=True)]
    drawing = draw(stops, land)
    if drawing is None:
        return
    boxes = []
    for mark in drawing.marks:
        assert 0 <= mark.x <= drawing.width
        assert 0 <= mark.y <= drawing.height
        if mark.label:
            wide = len(mark.label) * 11.5
            left = mark.label_x - {"start": 0, "middle": wide / 2, "end": wide}[mark.anchor]
            assert left >= 3
            assert left + wide <= drawing.width - 3
            boxes.append((left + 1, mark.label_y - 17, left + wide - 1, mark.label_y + 5))
    for one, other in combinations(boxes, 2):
        apart_x = one[0] >= other[2] or other[0] >= one[2]
        assert apart_x or one[1] >= other[3] or other[1] >= one[3]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(-300, 300), st.floats(-150, 150)), min_size=1, max_size=6))
def test_a_view_shows_all_its_points(points):
    view = fitting(points, 640, 400)
    if max(x for x, _y in points) - min(x for x, _y in points) < 250:
        tall = max(y for _x, y in points) - min(y for _x, y in points)
        if tall < 150:
            for point in points:
                x, y = view.place(*point)
                assert 0 <= x <= 640
                assert 0 <= y <= 400
