import itertools
from datetime import date
from random import Random

import pytest
from olist import freight
from olist.reading import Olist


def test_the_line_is_found_although_some_points_are_far_off():
    draw = Random(5)
    points = [(weight := draw.uniform(0.1, 10), 8 + 1.5 * weight) for _ in range(200)]
    points += [(2.0, 400.0)] * 15
    base, per_kg = freight.fit_line(points)
    assert base == pytest.approx(8, abs=0.2)
    assert per_kg == pytest.approx(1.5, abs=0.05)


def test_a_price_never_falls_with_the_weight():
    assert freight.fit_line([(1.0, 9.0), (2.0, 5.0), (3.0, 2.0)])[1] == 0.0


@pytest.mark.parametrize("which", ["small", "real"])
def test_prices_and_times_never_fall_with_distance(which: str, request: pytest.FixtureRequest):
    bands = freight.learn(request.getfixturevalue(which))
    for near, far in itertools.pairwise(bands):
        assert far.base >= near.base
        assert far.per_kg >= near.per_kg
        assert far.days >= near.days >= 1


def test_smoothing_keeps_the_middles_and_the_days(real: Olist):
    bands = freight.learn(real)
    fine = freight.smooth(bands)
    start = 0.0
    for band in bands:
        middle = (start + band.up_to_km) / 2
        assert freight.rate(fine, middle).base == pytest.approx(band.base, abs=1.0)
        assert freight.rate(fine, middle).days == band.days
        start = band.up_to_km
    assert all(one.base <= two.base for one, two in itertools.pairwise(fine))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2018, 1, 5), date(2018, 1, 8), 1),  # Friday to Monday
        (date(2018, 1, 8), date(2018, 1, 8), 0),
        (date(2018, 1, 8), date(2018, 1, 22), 10),
    ],
)
def test_weekends_do_not_count(start: date, end: date, days: int):
    assert freight.working_days(start, end) == days
