"""Many orders over one stock."""

from dataclasses import replace

import pytest
from engine.allocation import Policy, decide, decide_batch
from engine_builders import MONDAY, day, lane, snapshot, warehouse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

some = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def batches(draw):
    """Orders of two to four products over a shared network, with bases that differ by order."""
    products = ["a", "b", "c", "d"][: draw(st.integers(1, 4))]
    places = [
        warehouse(
            name,
            {product: draw(st.integers(0, 4)) for product in products},
            handling_per_line=draw(st.sampled_from([0.0, 0.4])),
            daily_parcels=draw(st.sampled_from([None, None, 3])),
        )
        for name in range(1, draw(st.integers(2, 4)))
    ]
    price = draw(st.sampled_from([None, 20.0]))
    orders = []
    for number in range(draw(st.integers(1, 6))):
        lines = [
            (product, draw(st.integers(1, 3)))
            for product in draw(st.lists(st.sampled_from(products), min_size=1, unique=True))
        ]
        lanes = [
            lane(place.id, draw(st.integers(100, 1500)) / 100, 0.3, service="s") for place in places
        ]
        policy = Policy(unfilled_unit_cost=price, ship_complete=draw(st.integers(0, 5)) == 0)
        orders.append(snapshot(lines, places, lanes, policy, order=f"S{number}"))
    return orders


def check_books(orders, outcomes):
    taken, parcels = {}, {}
    for one, outcome in zip(orders, outcomes, strict=True):
        assert outcome.order == one.order
        lines = {line.id: line for line in one.lines}
        units = outcome.plan.assignment()
        for (name, place), count in units.items():
            for key, each in lines[name].stock.items():
                taken[place, key] = taken.get((place, key), 0) + each * count
        for line in one.lines:
            ships = sum(count for (name, _), count in units.items() if name == line.id)
            waits = sum(s.quantity for s in outcome.plan.shortages if s.line == line.id)
            assert ships + waits == line.quantity
        for parcel in outcome.plan.parcels:
            at = (parcel.warehouse, parcel.ship_at.date())
            parcels[at] = parcels.get(at, 0) + 1
    places = {place.id: place for place in orders[0].warehouses}
    assert all(count <= places[place].stock[key] for (place, key), count in taken.items())
    for (place, _), count in parcels.items():
        assert places[place].daily_parcels is None or count <= places[place].daily_parcels


def money(plans):
    return sum(plan.total for plan in plans)


@some
@given(batches())
def test_orders_share_the_stock_and_the_capacity(orders):
    check_books(orders, decide_batch(orders))


@some
@given(batches(), st.randoms(use_true_random=False))
def test_the_result_is_never_worse_than_what_stands(orders, rng):
    """What stands is a batch decided in another order, with orders missing."""
    mixed = list(orders)
    rng.shuffle(mixed)
    standing = {
        outcome.order: outcome.plan
        for outcome in decide_batch(mixed, time_limit=0.0)
        if rng.random() < 0.8
    }
    outcomes = decide_batch(orders, standing)
    check_books(orders, outcomes)
    stood = [outcome for outcome in outcomes if outcome.before is not None]
    for outcome in stood:
        assert outcome.plan.unfilled <= standing[outcome.order].unfilled
        assert outcome.gain == pytest.approx(outcome.before - outcome.plan.total)
    if len(stood) == len(orders):
        worth = money(outcome.plan for outcome in outcomes)
        filled = sum(outcome.plan.unfilled for outcome in outcomes)
        if filled == sum(plan.unfilled for plan in standing.values()):
            assert worth <= money(standing.values()) + 1e-5


@some
@given(batches())
def test_an_interrupted_batch_is_a_valid_one(orders):
    seen = []

    def stop(progress):
        seen.append(progress)
        return len(seen) <= len(orders)

    check_books(orders, decide_batch(orders, progress=stop))
    assert [one.stage for one in seen[: len(orders)]] == ["decide"] * len(orders)
    assert len(seen) <= 2 * len(orders) + 2


@some
@given(batches())
def test_the_same_batch_has_the_same_result(orders):
    first, second = decide_batch(orders), decide_batch(orders)
    assert [one.plan for one in first] == [one.plan for one in second]


@some
@given(batches())
def test_no_order_is_better_off_than_alone(orders):
    for one, outcome in zip(orders, decide_batch(orders), strict=True):
        alone = decide(one, explain=False).plan
        assert outcome.alone == pytest.approx(alone.total)
        if outcome.plan.unfilled == alone.unfilled:
            assert outcome.plan.total >= alone.total - 1e-5


def two_orders():
    """The first order hardly cares where its unit comes from; the second cares much."""
    places = [warehouse(1, {"a": 1}), warehouse(2, {"a": 1})]
    first = snapshot([("a", 1)], places, [lane(1, 5.0), lane(2, 5.1)], order="first")
    second = snapshot([("a", 1)], places, [lane(1, 5.0), lane(2, 20.0)], order="second")
    return [first, second]


def test_an_exchange_gives_the_unit_to_the_order_that_needs_it_more():
    outcomes = decide_batch(two_orders())
    assert [one.plan.parcels[0].warehouse for one in outcomes] == [2, 1]
    assert money(one.plan for one in outcomes) == pytest.approx(10.1)


def test_an_order_may_pay_more_so_that_another_gains_more_and_says_so():
    orders = two_orders()
    standing = {one.order: one.plan for one in decide_batch(orders, time_limit=0.0)}
    assert [plan.parcels[0].warehouse for plan in standing.values()] == [1, 2]
    outcomes = decide_batch(orders, standing)
    assert [one.changed for one in outcomes] == [True, True]
    assert [round(one.gain, 2) for one in outcomes] == [-0.1, 15.0]


def test_a_standing_plan_that_is_still_best_is_left_alone():
    orders = two_orders()
    standing = {one.order: one.plan for one in decide_batch(orders)}
    assert not any(one.changed for one in decide_batch(orders, standing))


def test_a_standing_plan_keeps_what_the_stock_still_covers():
    orders = two_orders()
    standing = {one.order: one.plan for one in decide_batch(orders)}
    gone = [replace(one, warehouses=(one.warehouses[0], warehouse(2, {"a": 0}))) for one in orders]
    outcomes = decide_batch(gone, standing)
    check_books(gone, outcomes)
    assert [one.plan.unfilled for one in outcomes] == [1, 0]


def test_explained_outcomes_carry_cards_and_alternatives():
    first, second = decide_batch(two_orders(), explain=True)
    assert first.decision.cards[0].candidates[0].warehouse in (1, 2)
    assert first.decision.fingerprint
    assert second.decision.cards


def test_a_full_day_moves_the_next_order_to_the_day_after():
    place = warehouse(1, {"a": 2}, daily_parcels=1)
    orders = [snapshot([("a", 1)], [place], [lane(1, 5.0)], order=number) for number in (1, 2)]
    days = [one.plan.parcels[0].ship_at.date() for one in decide_batch(orders)]
    assert days == [MONDAY.date(), day(1)]


def test_an_order_cannot_be_in_a_batch_twice():
    one = two_orders()[0]
    with pytest.raises(ValueError, match="twice"):
        decide_batch([one, one])
