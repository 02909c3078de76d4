"""Ordered rules: the first that does not tie decides, through the same door as money."""

from dataclasses import replace

import pytest
from engine.allocation import Line, Policy, decide
from engine_builders import lane, snapshot, warehouse

NEAR, FAR = {"latitude": 45.5, "longitude": 9.2}, {"latitude": 52.5, "longitude": 13.4}
LANES = (lane(1, 9.0, transit_days=1), lane(2, 5.0, transit_days=3), lane(3, 7.0, transit_days=2))


def by(rules, lines, places, lanes=LANES, **policy):
    one = snapshot(lines, places, lanes, Policy(mode="rules", rules=tuple(rules), **policy))
    return decide(one)


def ships(decision):
    return decision.plan.assignment()


def test_priority_takes_the_preferred_warehouse_and_the_next_one_for_the_rest():
    places = [warehouse(1, {"a": 9}, priority=2), warehouse(2, {"a": 1}, priority=1)]
    assert ships(by(["priority"], [("a", 3)], places)) == {(1, 2): 1, (1, 1): 2}


def test_nearest_takes_the_shortest_way_and_an_unknown_place_last():
    places = [warehouse(1, {"a": 1}), warehouse(2, {"a": 1}, **FAR), warehouse(3, {"a": 1}, **NEAR)]
    assert ships(by(["nearest"], [("a", 1)], places)) == {(1, 3): 1}
    assert ships(by(["nearest"], [("a", 3)], places)) == {(1, 3): 1, (1, 2): 1, (1, 1): 1}


def test_staying_in_the_country_comes_before_distance_if_it_is_first():
    places = [warehouse(1, {"a": 1}, country="FR", **NEAR), warehouse(2, {"a": 1}, **FAR)]
    assert ships(by(["stay_in_country", "nearest"], [("a", 1)], places)) == {(1, 2): 1}
    assert ships(by(["nearest", "stay_in_country"], [("a", 1)], places)) == {(1, 1): 1}


def test_a_tie_goes_to_the_next_rule_and_the_last_one_to_priority_then_id():
    places = [warehouse(1, {"a": 1}), warehouse(2, {"a": 1}), warehouse(3, {"a": 1})]
    assert ships(by(["stay_in_country", "cheapest"], [("a", 1)], places)) == {(1, 2): 1}
    assert ships(by(["stay_in_country"], [("a", 1)], places)) == {(1, 1): 1}
    preferred = [*places[:2], replace(places[2], priority=1)]
    assert ships(by(["stay_in_country"], [("a", 1)], preferred)) == {(1, 3): 1}


def test_fewest_parcels_finds_the_smallest_set_where_greedy_does_not():
    # The largest warehouse holds four of six lines, but then two more are needed.
    lines = [(name, 1) for name in "abcdef"]
    places = [
        warehouse(1, dict.fromkeys("abde", 1)),
        warehouse(2, dict.fromkeys("abc", 1)),
        warehouse(3, dict.fromkeys("def", 1)),
    ]
    plan = by(["fewest_parcels"], lines, places).plan
    assert {parcel.warehouse for parcel in plan.parcels} == {2, 3}


def test_fewest_parcels_leaves_the_choice_among_equals_to_the_next_rule():
    places = [warehouse(n, {"a": 1, "b": 1}) for n in (1, 2)] + [warehouse(3, {"a": 1})]
    decision = by(["fewest_parcels", "cheapest"], [("a", 1), ("b", 1)], places)
    assert ships(decision) == {(1, 2): 1, (2, 2): 1}
    values = {
        one.warehouse: [verdict.value for verdict in one.verdicts]
        for one in decision.cards[0].candidates
    }
    assert [values[n][0] for n in (1, 2, 3)] == [1.0, 1.0, 2.0]


def test_balance_takes_the_highest_stock():
    places = [warehouse(1, {"a": 3, "b": 9}), warehouse(2, {"a": 8, "b": 1})]
    plan = by(["balance_stock"], [("a", 1), ("b", 1)], places)
    assert ships(plan) == {(1, 2): 1, (2, 1): 1}


def test_oldest_stock_goes_first():
    places = [
        warehouse(1, {"a": 3}, stock_age={"a": 5.0}),
        warehouse(2, {"a": 3}, stock_age={"a": 90.0}),
        warehouse(3, {"a": 3}),
    ]
    assert ships(by(["oldest_stock"], [("a", 1)], places)) == {(1, 2): 1}


def test_fastest_takes_the_earliest_delivery_and_the_faster_service():
    lanes = (*LANES, lane(3, 30.0, service="express", transit_days=0))
    places = [warehouse(n, {"a": 1}) for n in (1, 2, 3)]
    plan = by(["fastest"], [("a", 1)], places, lanes).plan
    assert (plan.parcels[0].warehouse, plan.parcels[0].service) == (3, "express")


def test_cheapest_counts_what_a_warehouse_ships_anyway():
    places = [warehouse(1, {"a": 1, "b": 1}), warehouse(2, {"b": 1})]
    lanes = (lane(1, 9.0), lane(2, 1.0))
    assert ships(by(["cheapest"], [("a", 1), ("b", 1)], places, lanes)) == {(1, 1): 1, (2, 1): 1}


def test_cards_give_each_rules_verdict_and_the_rank():
    places = [warehouse(1, {"a": 1}, **NEAR), warehouse(2, {"a": 1}, **FAR), warehouse(3, {})]
    decision = by(["stay_in_country", "nearest"], [("a", 1)], places)
    first, second, third = decision.cards[0].candidates
    assert [one.warehouse for one in (first, second, third)] == [1, 2, 3]
    assert [(verdict.rule, verdict.place) for verdict in first.verdicts] == [
        ("stay_in_country", 1),
        ("nearest", 1),
    ]
    assert [verdict.place for verdict in second.verdicts] == [1, 2]
    assert (third.rank, third.ruled_out.code) == (None, "no_stock")


def test_the_cheapest_plan_is_an_alternative_to_the_rules():
    places = [warehouse(1, {"a": 1}, **NEAR), warehouse(2, {"a": 1}, **FAR)]
    decision = by(["nearest"], [("a", 1)], places)
    assert ships(decision) == {(1, 1): 1}
    assert decision.alternatives[0].label.code == "cheapest"
    assert decision.alternatives[0].difference == pytest.approx(-4.0)


def test_rules_respect_a_parcel_limit():
    places = [warehouse(1, {"a": 1}), warehouse(2, {"b": 1})]
    plan = by(["priority"], [("a", 1), ("b", 1)], places, max_parcels=1).plan
    assert plan.assignment() == {(1, 1): 1}
    assert plan.shortages[0].cause == "limit_parcels"


def test_rules_that_cannot_complete_an_order_give_way_to_a_plan_that_can():
    places = [warehouse(1, {"a": 1}, priority=1), warehouse(2, {"a": 1, "b": 1}, priority=2)]
    decision = by(["priority"], [("a", 1), ("b", 1)], places, max_parcels=1, ship_complete=True)
    assert ships(decision) == {(1, 2): 1, (2, 2): 1}


def test_a_cheap_line_stays_in_one_place_under_rules_too():
    cheap = Line(1, "a", 3, unit_price=1.0)
    places = [warehouse(1, {"a": 1}, priority=1), warehouse(2, {"a": 2}, priority=2)]
    plan = by(["priority"], [cheap], places, min_split_value=5.0).plan
    assert plan.assignment() == {(1, 2): 2}
    assert plan.shortages[0].cause == "min_split"


def test_an_unknown_rule_is_refused_by_name():
    with pytest.raises(ValueError, match="unknown rule 'luck'"):
        by(["luck"], [("a", 1)], [warehouse(1, {"a": 1})])
