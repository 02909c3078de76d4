"""Distances, rates where no lane is defined, boxes, and plain values."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from engine.allocation import Lane, Line, Policy, decide
from engine.allocation.cost import freight
from engine.allocation.parcels import box_count, box_weights, pack
from engine.network.geo import distance_between, great_circle_km
from engine.network.rates import RateBand, RateCurve, rate_for
from engine.plain import from_plain, to_plain
from engine_builders import lane, snapshot, warehouse
from hypothesis import given
from hypothesis import strategies as st


def test_rome_to_paris_is_eleven_hundred_kilometres():
    assert great_circle_km(41.9, 12.5, 48.857, 2.352) == pytest.approx(1106, abs=2)


def test_antipodes_are_half_the_equator_apart():
    assert great_circle_km(0, 0, 0, 180) == pytest.approx(20015, abs=1)


points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(points, points)
def test_distance_is_the_same_both_ways_and_never_more_than_half_way_round(start, end):
    there = great_circle_km(*start, *end)
    assert there == pytest.approx(great_circle_km(*end, *start), abs=1e-6)
    assert 0 <= there <= 20016


def test_an_unknown_coordinate_gives_no_distance():
    assert distance_between((45.0, None), (41.0, 12.0)) is None


CURVE = RateCurve(
    bands=(RateBand(100.0, 4.0, 0.1, 1), RateBand(1000.0, 8.0, 0.4, 2)),
    border_cost=3.0,
    border_days=1,
    unknown_km=None,
)


def test_a_rate_is_that_of_its_band_and_grows_beyond_the_last():
    assert rate_for(CURVE, 100.0, False).base_cost == 4.0
    assert rate_for(CURVE, 100.1, False).base_cost == 8.0
    beyond = rate_for(CURVE, 2000.0, False)
    assert (beyond.base_cost, beyond.cost_per_kg, beyond.transit_days) == (16.0, 0.8, 4)


def test_a_border_costs_money_and_time():
    abroad = rate_for(CURVE, 50.0, True)
    assert (abroad.base_cost, abroad.transit_days) == (7.0, 2)


def test_without_a_distance_there_may_be_no_rate():
    assert rate_for(CURVE, None, False) is None
    assert rate_for(RateCurve(), None, False) is not None


def test_the_rate_curve_stands_in_only_where_a_warehouse_has_no_lane():
    places = [
        warehouse(1, {"a": 1}, latitude=45.4, longitude=9.1),
        warehouse(2, {"b": 1}, latitude=45.4, longitude=9.1),
    ]
    plan = decide(snapshot([("a", 1), ("b", 1)], places, [lane(1, 50.0)])).plan
    assert [(parcel.warehouse, parcel.origin) for parcel in plan.parcels] == [
        (1, "lane"),
        (2, "distance"),
    ]
    without = Policy(use_rate_curve=False)
    plan = decide(snapshot([("a", 1), ("b", 1)], places, [lane(1, 50.0)], without)).plan
    assert [short.cause for short in plan.shortages] == ["no_lane"]


def test_a_tariff_with_steps_takes_the_first_that_holds_the_parcel():
    tariff = Lane(1, base_cost=1.0, cost_per_kg=0.5, steps=((2.0, 4.0), (5.0, 6.0)))
    assert [freight(tariff, kg) for kg in (0.0, 2.0, 2.1, 5.0, 7.0)] == [5.0, 5.0, 7.0, 7.0, 8.0]


contents = st.lists(
    st.tuples(st.integers(0, 3000).map(lambda grams: grams / 1000), st.integers(1, 6)), max_size=6
)


@given(contents, st.sampled_from([None, 3.0, 5.0, 31.5]))
def test_boxes_hold_everything_once_and_none_is_too_heavy(units, limit):
    boxes = pack([(name, *one) for name, one in enumerate(units)], limit)
    packed = dict.fromkeys(range(len(units)), 0)
    for box in boxes:
        for name, count in box:
            packed[name] += count
    assert packed == {name: count for name, (_, count) in enumerate(units)}
    weights = [sum(units[name][0] * count for name, count in box) for box in boxes]
    assert box_weights(units, limit) == pytest.approx(weights)
    if limit is not None:
        assert all(weight <= limit + 1e-6 for weight in weights)
        assert len(boxes) <= 2 * sum(weights) / limit + 1
    assert box_count(units, limit) == max(1, len(boxes))


def test_a_picked_line_in_two_boxes_is_charged_once():
    place = warehouse(1, {"a": 2}, handling_per_line=0.7, handling_per_parcel=0.2)
    one = snapshot(
        [Line(1, "a", 2, unit_weight=3.0)], [place], [lane(1, 5.0, max_parcel_weight=4.0)]
    )
    plan = decide(one, explain=False).plan
    assert len(plan.parcels) == 2
    assert (plan.cost.handling_line, plan.cost.handling_parcel) == (0.7, 0.4)


@dataclass(frozen=True)
class Everything:
    when: datetime
    days: frozenset[date]
    prices: dict[int | str, float]
    pairs: tuple[tuple[float, float], ...]
    maybe: date | None = None


def test_plain_values_come_back_as_they_were():
    one = Everything(
        datetime(2025, 3, 3, tzinfo=UTC),
        frozenset({date(2025, 1, 1)}),
        {12: 1.5, "12": 2.5},
        ((1.0, 2.0),),
    )
    plain = to_plain(one)
    assert plain["prices"] == [[12, 1.5], ["12", 2.5]]
    assert from_plain(Everything, plain) == one
    assert from_plain(Everything, {**plain, "later": 1}) == one
    with pytest.raises(TypeError, match="no plain form"):
        to_plain(object())


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Line(1, "a", -1), "must not be negative"),
        (lambda: Line(1, "a", 1, stock={"b": 0}), "positive number"),
        (lambda: Line(1, "a", 1, locked={1: 2}), "more is locked"),
        (lambda: Lane(1, steps=((2.0, 1.0), (2.0, 3.0))), "ascend"),
        (lambda: Lane(1, max_parcel_weight=0.0), "hold some weight"),
        (lambda: Policy(max_parcels=0), "at least 1"),
        (lambda: Policy(late_day_cost=-1.0), "must not be negative"),
        (lambda: snapshot([("a", 1)], [warehouse(1, {}), warehouse(1, {})]), "given twice"),
    ],
)
def test_nonsense_is_refused_where_it_is_made(build, message):
    with pytest.raises(ValueError, match=message):
        build()
