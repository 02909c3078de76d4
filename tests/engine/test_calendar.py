"""When a warehouse ships and when it arrives: cut-off, closed days, clock changes, capacity."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from engine.allocation import Line, Policy, decide
from engine.network.calendar import (
    HORIZON_DAYS,
    delivery_date,
    local_date,
    local_moment,
    shipping_days,
    working_days,
)
from engine_builders import MONDAY, day, lane, snapshot, warehouse
from hypothesis import given
from hypothesis import strategies as st

WORKDAYS = frozenset(range(5))
ROME = "Europe/Rome"


def first_day(now, tz=ROME, cutoff=15.0, weekdays=WORKDAYS, closed=frozenset()):
    return next(shipping_days(now, tz, cutoff, weekdays, closed), None)


def test_before_the_cut_off_it_ships_today_and_after_it_tomorrow():
    at_cutoff = datetime(2025, 3, 3, 14, 0, tzinfo=UTC)  # three o'clock in Rome
    assert first_day(at_cutoff).on == date(2025, 3, 3)
    assert first_day(at_cutoff).leaves_at == at_cutoff
    assert first_day(at_cutoff.replace(minute=1)).on == date(2025, 3, 4)


def test_after_fridays_cut_off_it_ships_on_monday():
    assert first_day(datetime(2025, 3, 7, 20, 0, tzinfo=UTC)).on == date(2025, 3, 10)


def test_closed_dates_are_passed_over():
    closed = frozenset({day(0), day(1)})
    assert first_day(MONDAY, closed=closed).on == day(2)


def test_a_warehouse_that_never_opens_has_no_day():
    assert first_day(MONDAY, weekdays=frozenset()) is None


@pytest.mark.parametrize(
    ("on", "hour_in_utc"),
    [(date(2025, 3, 29), 14), (date(2025, 3, 30), 13), (date(2025, 10, 26), 14)],
)
def test_the_cut_off_is_what_the_clock_on_the_wall_shows(on, hour_in_utc):
    # Clocks go forward on 30 March 2025 and back on 26 October 2025.
    assert local_moment(on, 15.0, ROME) == datetime(*on.timetuple()[:3], hour_in_utc, tzinfo=UTC)


def test_an_hour_that_the_clock_change_skips_still_is_a_moment():
    assert local_moment(date(2025, 3, 30), 2.5, ROME) == datetime(2025, 3, 30, 1, 30, tzinfo=UTC)


def test_the_date_is_that_of_the_place_not_of_utc():
    late = datetime(2025, 3, 3, 23, 30, tzinfo=UTC)
    assert local_date(late, ROME) == date(2025, 3, 4)
    assert local_date(late, "America/New_York") == date(2025, 3, 3)


def test_an_unknown_time_zone_is_named():
    with pytest.raises(ValueError, match="'Mars/Base' is not a time zone"):
        local_moment(day(0), 12.0, "Mars/Base")


def test_transit_counts_working_days_and_skips_holidays():
    friday = day(4)
    assert delivery_date(friday, 1, WORKDAYS, frozenset()) == day(7)
    assert delivery_date(friday, 2, WORKDAYS, frozenset({day(7)})) == day(9)
    assert delivery_date(day(5), 0, WORKDAYS, frozenset()) == day(7)
    assert delivery_date(friday, 2, frozenset(), frozenset()) == day(6)


@given(st.integers(0, 400), st.integers(0, 20), st.frozensets(st.integers(0, 6), min_size=1))
def test_a_longer_transit_never_arrives_earlier(offset, transit, weekdays):
    start = day(offset)
    arrival = delivery_date(start, transit, weekdays, frozenset())
    assert arrival.weekday() in weekdays
    assert start <= arrival <= delivery_date(start, transit + 1, weekdays, frozenset())


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2026, 1, 1)),
    st.sampled_from([ROME, "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe"]),
    st.floats(0, 24),
)
def test_shipping_days_ascend_and_lie_ahead(moment, tz, cutoff):
    now = moment.replace(tzinfo=UTC)
    days = list(shipping_days(now, tz, cutoff, frozenset(range(7)), frozenset()))
    assert len(days) in (HORIZON_DAYS - 1, HORIZON_DAYS)
    assert all(now <= one.leaves_at for one in days)
    assert [one.leaves_at for one in days] == sorted(one.leaves_at for one in days)


def plan_of(one):
    return decide(one, explain=False).plan


def test_a_parcel_leaves_at_the_cut_off_and_arrives_by_six():
    one = snapshot([("a", 1)], [warehouse(1, {"a": 1}, tz=ROME)], [lane(1, 5.0, transit_days=2)])
    (parcel,) = plan_of(one).parcels
    assert parcel.ship_at == datetime(2025, 3, 3, 16, 0, tzinfo=UTC)
    assert parcel.deliver_at == datetime(2025, 3, 5, 17, 0, tzinfo=UTC)
    assert plan_of(one).delivery == parcel.deliver_at


def test_each_started_day_after_the_promise_costs_for_each_parcel():
    places = [warehouse(1, {"a": 1}), warehouse(2, {"b": 1})]
    lanes = [lane(1, 5.0, transit_days=4), lane(2, 5.0, transit_days=1)]
    one = snapshot(
        [("a", 1), ("b", 1)], places, lanes, Policy(late_day_cost=1.5), promise_date=day(1)
    )
    assert [parcel.cost.delay for parcel in plan_of(one).parcels] == [4.5, 0.0]


def test_a_late_parcel_is_avoided_where_that_is_cheaper():
    places = [warehouse(1, {"a": 1}), warehouse(2, {"a": 1})]
    lanes = [lane(1, 5.0, transit_days=4), lane(2, 6.0, transit_days=1)]
    late = snapshot([("a", 1)], places, lanes, Policy(late_day_cost=0.3), promise_date=day(1))
    assert plan_of(late).parcels[0].warehouse == 1
    dear = replace(late, policy=Policy(late_day_cost=0.4))
    assert plan_of(dear).parcels[0].warehouse == 2


def test_the_service_is_chosen_by_freight_and_delay_together():
    lanes = [
        lane(1, 5.0, service="slow", transit_days=3),
        lane(1, 8.0, service="fast", transit_days=1),
    ]
    for late_day_cost, service in ((1.0, "slow"), (2.0, "fast")):
        one = snapshot(
            [("a", 1)],
            [warehouse(1, {"a": 1})],
            lanes,
            Policy(late_day_cost=late_day_cost),
            promise_date=day(1),
        )
        assert plan_of(one).parcels[0].service == service


def test_a_service_that_was_asked_for_is_the_only_one():
    lanes = [
        lane(1, 5.0, service="slow"),
        lane(1, 8.0, service="fast"),
        lane(2, 1.0, service="slow"),
    ]
    places = [warehouse(1, {"a": 1}), warehouse(2, {"a": 1})]
    one = snapshot([("a", 1)], places, lanes, service="fast")
    decision = decide(one)
    assert decision.plan.parcels[0].service == "fast"
    reasons = {c.warehouse: c.ruled_out for c in decision.cards[0].candidates}
    assert reasons[2].as_dict() == {"code": "service_not_offered", "params": {"service": "fast"}}


def test_a_day_without_capacity_is_passed_over():
    place = warehouse(1, {"a": 1}, daily_parcels=10, capacity_parcels_left={day(0): 0, day(1): 1})
    one = snapshot([("a", 1)], [place], [lane(1, 5.0)])
    assert plan_of(one).parcels[0].ship_at.date() == day(1)
    ignoring = replace(one, policy=Policy(respect_capacity=False))
    assert plan_of(ignoring).parcels[0].ship_at.date() == day(0)


def test_an_order_larger_than_the_days_capacity_ships_on_a_day_that_holds_it():
    place = warehouse(1, {"a": 1, "b": 1}, daily_lines=9, capacity_lines_left={day(0): 1})
    one = snapshot([("a", 1), ("b", 1)], [place], [lane(1, 5.0)])
    assert plan_of(one).parcels[0].ship_at.date() == day(1)


def test_an_order_larger_than_any_days_capacity_is_never_overbooked():
    place = warehouse(1, {"a": 1, "b": 1, "c": 1}, daily_lines=2)
    plan = plan_of(snapshot([("a", 1), ("b", 1), ("c", 1)], [place], [lane(1, 5.0)]))
    assert len(plan.parcels[0].contents) == 2
    assert plan.shortages[0].cause == "capacity"


def test_parcels_of_limited_weight_count_against_the_capacity():
    place = warehouse(1, {"a": 4}, daily_parcels=5, capacity_parcels_left={day(0): 1})
    one = snapshot(
        [Line(1, "a", 4, unit_weight=10.0)], [place], [lane(1, 5.0, max_parcel_weight=20.0)]
    )
    plan = plan_of(one)
    assert [parcel.weight for parcel in plan.parcels] == [20.0, 20.0]
    assert {parcel.ship_at.date() for parcel in plan.parcels} == {day(1)}


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 40))
def test_working_days_are_those_that_a_delivery_needs(start, days):
    end = delivery_date(start, days, WORKDAYS, frozenset())
    assert delivery_date(start, working_days(start, end), WORKDAYS, frozenset()) == end
    assert working_days(start, end) == days or start.weekday() >= 5


def test_an_arrival_at_the_weekend_is_one_on_monday():
    friday, saturday = date(2025, 3, 7), date(2025, 3, 8)
    assert working_days(friday, saturday) == 1
    assert working_days(friday, date(2025, 3, 10)) == 1
    assert working_days(saturday, friday) == 0


def test_the_card_says_what_ruled_a_warehouse_out():
    places = [
        warehouse(1, {"a": 1}),
        warehouse(2, {"a": 1}, weekdays=frozenset()),
        warehouse(3, {"a": 1}, daily_parcels=0),
        warehouse(4, {"a": 1}, countries_served=frozenset({"DE"})),
        warehouse(5, {}, on_hand={"a": 2}, safety={"a": 2}),
    ]
    lanes = [lane(n, 5.0) for n in range(1, 6)]
    (card,) = decide(snapshot([("a", 1)], places, lanes)).cards
    reasons = {c.warehouse: c.ruled_out for c in card.candidates}
    assert reasons[1] is None
    assert reasons[2].as_dict() == {"code": "closed", "params": {"days": HORIZON_DAYS}}
    assert reasons[3].as_dict() == {"code": "capacity", "params": {"days": HORIZON_DAYS}}
    assert reasons[4].as_dict() == {"code": "country_not_served", "params": {"country": "IT"}}
    assert reasons[5].as_dict() == {"code": "no_stock", "params": {"on_hand": 2, "safety": 2}}
