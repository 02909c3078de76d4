"""What does not fit waits where it should, and says why."""

from datetime import date
from types import MappingProxyType

from engine.allocation import Line, Policy, Supply, decide, evaluate
from engine_builders import MONDAY, day, lane, snapshot, warehouse

BOTH = (lane(1, 5.0), lane(2, 6.0))


def shortage(one):
    plan = decide(one, explain=False).plan
    assert len(plan.shortages) == 1, plan.shortages
    return plan.shortages[0]


def test_without_stock_it_waits_where_it_will_be_cheapest():
    one = snapshot([("a", 3)], [warehouse(1, {"a": 1}), warehouse(2, {})], BOTH)
    missing = shortage(one)
    assert (missing.quantity, missing.cause, missing.warehouse) == (2, "no_stock", 1)
    assert missing.expected is None
    assert missing.expected_cost == 5.0


def test_it_waits_where_supply_is_on_the_way():
    later = warehouse(2, {}, incoming=(Supply(day(4), "a", 1), Supply(day(6), "a", 5)))
    one = snapshot([("a", 3)], [warehouse(1, {"a": 1}), later], BOTH)
    missing = shortage(one)
    assert (missing.warehouse, missing.expected) == (2, day(6))


def test_the_earliest_supply_wins_where_the_policy_asks_for_it():
    cheap = warehouse(1, {}, incoming=(Supply(day(9), "a", 9),))
    early = warehouse(2, {}, incoming=(Supply(day(2), "a", 9),))
    cheapest = snapshot([("a", 1)], [cheap, early], BOTH)
    assert shortage(cheapest).warehouse == 1
    earliest = snapshot([("a", 1)], [cheap, early], BOTH, Policy(backorder_preference="earliest"))
    assert (shortage(earliest).warehouse, shortage(earliest).expected) == (2, day(2))


def test_lines_that_wait_share_their_later_parcel():
    one = snapshot(
        [("a", 1), ("b", 1)],
        [warehouse(1, {}), warehouse(2, {}), warehouse(3, {})],
        [lane(1, 5.0), lane(2, 5.0), lane(3, 4.9)],
    )
    plan = decide(one, explain=False).plan
    assert {short.warehouse for short in plan.shortages} == {3}
    assert sum(short.expected_cost for short in plan.shortages) == 4.9


def test_without_a_lane_it_says_so():
    one = snapshot([("a", 1)], [warehouse(1, {"a": 1})], policy=Policy(use_rate_curve=False))
    missing = shortage(one)
    assert (missing.cause, missing.warehouse) == ("no_lane", None)


def test_without_a_warehouse_that_may_ship_it_says_so():
    one = snapshot([("a", 1)], [warehouse(1, {"a": 1}, accepts_online=False)], BOTH)
    assert shortage(one).cause == "no_warehouse"
    abroad = warehouse(1, {"a": 1}, countries_served=frozenset({"DE"}))
    assert shortage(snapshot([("a", 1)], [abroad], BOTH)).cause == "no_warehouse"
    other = warehouse(1, {"a": 1}, channels_served=frozenset({"shop"}))
    assert shortage(snapshot([("a", 1)], [other], BOTH, channel="mail")).cause == "no_warehouse"
    excluded = Line(1, "a", 1, excluded={1: "dangerous"})
    assert shortage(snapshot([excluded], [warehouse(1, {"a": 1})], BOTH)).cause == "no_warehouse"


def test_a_unit_too_heavy_for_every_lane_says_so():
    one = snapshot(
        [Line(1, "a", 1, unit_weight=40.0)],
        [warehouse(1, {"a": 1})],
        [lane(1, 5.0, max_parcel_weight=31.5)],
    )
    assert shortage(one).cause == "too_heavy"


def test_a_parcel_limit_leaves_the_least_open():
    one = snapshot(
        [("a", 2), ("b", 1)],
        [warehouse(1, {"b": 1}), warehouse(2, {"a": 2})],
        BOTH,
        Policy(max_parcels=1),
    )
    missing = shortage(one)
    assert (missing.line, missing.cause, missing.warehouse) == (2, "limit_parcels", 1)


def test_an_order_that_ships_complete_waits_as_a_whole():
    one = snapshot(
        [("a", 1), ("b", 1)], [warehouse(1, {"a": 1})], BOTH[:1], Policy(ship_complete=True)
    )
    plan = decide(one, explain=False).plan
    assert not plan.parcels
    assert {short.line: short.cause for short in plan.shortages} == {
        1: "ship_complete",
        2: "no_stock",
    }


def test_a_cheap_line_is_not_divided():
    cheap = Line(1, "a", 4, unit_weight=1.0, unit_price=2.0)
    places = [warehouse(1, {"a": 3}), warehouse(2, {"a": 2})]
    missing = shortage(snapshot([cheap], places, BOTH, Policy(min_split_value=10.0)))
    assert (missing.quantity, missing.cause) == (1, "min_split")
    divided = decide(snapshot([cheap], places, BOTH, Policy(min_split_value=8.0)), explain=False)
    assert not divided.plan.shortages


def test_a_unit_that_costs_more_than_its_price_stays_open():
    one = snapshot([("a", 1)], [warehouse(1, {"a": 1})], BOTH[:1], Policy(unfilled_unit_cost=4.0))
    plan = decide(one, explain=False).plan
    assert plan.shortages[0].cause == "too_costly"
    assert plan.total == 4.0


def test_a_full_warehouse_is_the_cause_and_the_place_to_wait():
    full = {day(offset): 0 for offset in range(90)}
    one = snapshot([("a", 1)], [warehouse(1, {"a": 1}, capacity_parcels_left=full)], BOTH[:1])
    missing = shortage(one)
    assert (missing.cause, missing.warehouse) == ("capacity", 1)


def test_a_lock_that_the_stock_does_not_cover_waits_where_it_is_locked():
    locked = Line(1, "a", 3, unit_weight=1.0, locked={2: 3})
    one = snapshot([locked], [warehouse(1, {"a": 9}), warehouse(2, {"a": 1})], BOTH)
    plan = decide(one, explain=False).plan
    assert plan.assignment() == {(1, 2): 1}
    missing = plan.shortages[0]
    assert (missing.quantity, missing.cause, missing.warehouse) == (2, "no_stock", 2)


def test_a_lock_stands_where_the_warehouse_is_ruled_out():
    locked = Line(1, "a", 1, locked={2: 1})
    places = [warehouse(1, {"a": 9}), warehouse(2, {"a": 9}, accepts_online=False)]
    plan = decide(snapshot([locked], places, BOTH), explain=False).plan
    assert plan.assignment() == {(1, 2): 1}


def test_a_lock_at_an_unknown_warehouse_is_reported():
    locked = Line(1, "a", 1, locked={7: 1})
    missing = shortage(snapshot([locked], [warehouse(1, {"a": 9})], BOTH[:1]))
    assert (missing.cause, missing.warehouse) == ("no_warehouse", 7)


def test_by_hand_more_than_there_is_waits_where_it_was_put():
    one = snapshot([("a", 3)], [warehouse(1, {"a": 1}), warehouse(2, {"a": 3})], BOTH)
    plan = evaluate(one, {(1, 1): 2})
    assert plan.assignment() == {(1, 1): 1}
    assert [(s.quantity, s.warehouse) for s in plan.shortages] == [(1, 1), (1, 2)]


def test_an_empty_order_has_an_empty_plan():
    plan = decide(snapshot([], [warehouse(1, {"a": 1})], BOTH[:1])).plan
    assert (plan.parcels, plan.shortages, plan.total, plan.delivery) == ((), (), 0.0, None)
    assert MONDAY.date() == date(2025, 3, 3)


def test_a_read_only_mapping_is_a_mapping():
    one = snapshot([("a", 1)], [warehouse(1, MappingProxyType({"a": 1}))], BOTH[:1])
    assert decide(one).plan.assignment() == {(1, 1): 1}


def test_what_a_person_leaves_out_waits_by_that_person_s_will():
    one = snapshot([("a", 3)], [warehouse(1, {"a": 3})], BOTH)
    (missing,) = evaluate(one, {(1, 1): 2}, by_hand=True).shortages
    assert (missing.quantity, missing.cause) == (1, "by_hand")
    (missing,) = evaluate(one, {(1, 1): 2}).shortages
    assert missing.cause == "no_stock"
