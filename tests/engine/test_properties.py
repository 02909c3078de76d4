"""What holds of every decision, whatever the order and the network."""

import json
import random
from dataclasses import replace

import pytest
from engine.allocation import Plan, Snapshot, decide, evaluate
from engine.allocation.choose.rules import RULES
from engine.allocation.reasons import ALTERNATIVE_LABELS, SHORTAGE_CAUSES
from engine_builders import orders, shuffled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

many = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])

anything = st.one_of(
    orders(), orders(shared=True, locks=True), orders(steps=True, weight_limit=True, max_lines=3)
)
rule_lists = st.lists(st.sampled_from(sorted(RULES)), unique=True, max_size=4).map(tuple)


def plan_of(one):
    return decide(one, explain=False, time_limit=30.0).plan


def by_rules(one, rules):
    return replace(one, policy=replace(one.policy, mode="rules", rules=rules))


def check_books(one, plan):
    """Every unit is accounted for once, and no warehouse gives what it does not have."""
    given_units = plan.assignment()
    for line in one.lines:
        ships = sum(units for (name, _), units in given_units.items() if name == line.id)
        waits = sum(short.quantity for short in plan.shortages if short.line == line.id)
        assert ships + waits == line.quantity
    lines = {line.id: line for line in one.lines}
    taken = {}
    for (name, place), units in given_units.items():
        assert units > 0
        for key, each in lines[name].stock.items():
            taken[place, key] = taken.get((place, key), 0) + each * units
    stock = {place.id: place.stock for place in one.warehouses}
    for (place, key), units in taken.items():
        assert units <= stock[place].get(key, 0)
    parts = sum(parcel.cost.total for parcel in plan.parcels) + plan.cost.unfilled
    assert plan.total == pytest.approx(parts)
    assert all(short.cause in SHORTAGE_CAUSES for short in plan.shortages)


@many
@given(anything)
def test_what_ships_and_what_waits_add_up_and_no_stock_is_exceeded(one):
    check_books(one, plan_of(one))


@many
@given(anything, rule_lists)
def test_rules_keep_the_same_books(one, rules):
    check_books(one, plan_of(by_rules(one, rules)))


@many
@given(anything, rule_lists)
def test_rules_keep_the_limits_of_the_policy(one, rules):
    one = by_rules(one, rules)
    plan = plan_of(one)
    if one.policy.max_parcels is not None and not any(line.locked for line in one.lines):
        assert len(plan.parcels) <= one.policy.max_parcels
    if one.policy.ship_complete:
        assert not plan.parcels or not plan.shortages


@many
@given(orders(limits=False), rule_lists)
def test_no_rules_are_cheaper_than_the_cheapest_plan(one, rules):
    cheapest, ruled = plan_of(one), plan_of(by_rules(one, rules))
    # Rules go from line to line. Where two lines share a product and one may not use every place,
    # the first can take what only the second could have used.
    assert cheapest.unfilled <= ruled.unfilled
    if cheapest.unfilled == ruled.unfilled:
        assert cheapest.total <= ruled.total + 1e-5


@many
@given(anything, st.randoms(use_true_random=False))
def test_the_order_of_the_input_plays_no_part(one, rng):
    other = shuffled(one, rng)
    assert one.fingerprint() == other.fingerprint()
    first, second = decide(one, time_limit=30.0), decide(other, time_limit=30.0)
    assert first.plan == second.plan
    assert first.cards == second.cards


@many
@given(orders(shared=True), st.data())
def test_more_stock_is_never_dearer(one, data):
    place = data.draw(st.sampled_from(one.warehouses))
    key = data.draw(st.sampled_from(sorted(place.stock)))
    richer = replace(
        place, stock={**place.stock, key: place.stock[key] + data.draw(st.integers(1, 3))}
    )
    more = replace(
        one, warehouses=tuple(richer if other is place else other for other in one.warehouses)
    )
    before, after = plan_of(one), plan_of(more)
    if one.policy.unfilled_unit_cost is None or one.policy.ship_complete:
        assert after.unfilled <= before.unfilled
        if after.unfilled < before.unfilled:
            return
    assert after.total <= before.total + 1e-5


@many
@given(anything)
def test_pricing_a_plan_by_hand_gives_its_own_money(one):
    plan = plan_of(one)
    again = evaluate(one, plan.assignment(), plan.services())
    assert again.total == pytest.approx(plan.total, abs=1e-6)
    assert again.assignment() == plan.assignment()
    assert again.delivery == plan.delivery


@many
@given(orders(locks=True, limits=False))
def test_alternatives_ship_as_much_and_differ_by_what_they_say(one):
    decision = decide(one, time_limit=30.0)
    shapes = [(decision.plan.assignment(), decision.plan.services())]
    totals = []
    assert len(decision.alternatives) <= 5
    for other in decision.alternatives:
        check_books(one, other.plan)
        assert other.label.code in ALTERNATIVE_LABELS
        assert other.plan.unfilled == decision.plan.unfilled
        assert other.difference == pytest.approx(other.plan.total - decision.plan.total)
        assert other.difference >= -1e-5
        shape = (other.plan.assignment(), other.plan.services())
        assert shape not in shapes
        shapes.append(shape)
        totals.append(other.plan.total)
    assert totals == pytest.approx(sorted(totals))


@many
@given(orders(steps=True, weight_limit=True, max_lines=6, max_warehouses=7, limits=False))
def test_no_alternative_is_cheaper_and_the_gap_holds_where_no_time_is_left(one):
    decision = decide(one, time_limit=0.0)
    check_books(one, decision.plan)
    for other in decision.alternatives:
        assert other.difference == pytest.approx(other.plan.total - decision.plan.total)
        assert other.difference >= -2e-5
    best = decide(one, explain=False, time_limit=30.0).plan
    assert decision.plan.total * (1 - decision.plan.proven_gap) <= best.total + 1e-4


@many
@given(anything)
def test_cards_show_every_warehouse_once_and_what_it_gives(one):
    decision = decide(one, time_limit=30.0)
    given_units = decision.plan.assignment()
    assert [card.line for card in decision.cards] == sorted(line.id for line in one.lines)
    for card in decision.cards:
        names = [candidate.warehouse for candidate in card.candidates]
        assert sorted(names) == sorted(place.id for place in one.warehouses)
        for candidate in card.candidates:
            assert candidate.chosen == given_units.get((card.line, candidate.warehouse), 0)
            assert (candidate.rank is None) == (candidate.ruled_out is not None)
            if candidate.chosen:
                assert candidate.ruled_out is None


@many
@given(anything)
def test_a_stored_decision_can_be_read_and_asked_again(one):
    decision = decide(one, time_limit=30.0)
    stored = json.loads(json.dumps({"asked": one.as_dict(), "answer": decision.as_dict()}))
    again = Snapshot.from_dict(stored["asked"])
    assert again.fingerprint() == one.fingerprint() == decision.fingerprint
    assert decide(again, time_limit=30.0) == decision
    assert Plan.from_dict(stored["answer"]["plan"]) == decision.plan


def test_equal_costs_go_to_the_preferred_warehouse():
    from engine_builders import lane, snapshot, warehouse

    names = list(range(1, 7))
    random.Random(3).shuffle(names)
    one = snapshot(
        [("a", 1)],
        [warehouse(name, {"a": 1}, priority=1 if name == 4 else 2) for name in names],
        [lane(name, 5.0) for name in names],
    )
    assert plan_of(one).assignment() == {(1, 4): 1}
