"""Which warehouse takes returned goods in, and where a unit goes."""

import pytest
from engine.allocation.snapshot import Destination, Lane, Warehouse
from engine.network.rates import RateCurve
from engine.returns.disposition import (
    CONDITIONS,
    FALLBACK,
    Rule,
    Unit,
    dispose,
    fits,
    share_at,
)
from engine.returns.receiving import (
    SHORT_SHARE,
    WAITING_SHARE,
    Candidate,
    Goods,
    Shortage,
    offers,
)
from hypothesis import given
from hypothesis import strategies as st

BOLOGNA = Warehouse(id=1, name="Bologna", latitude=44.5, longitude=11.3, country="IT", priority=1)
LYON = Warehouse(id=2, name="Lyon", latitude=45.8, longitude=4.8, country="FR", priority=2)
MODENA = Destination(country="IT", latitude=44.6, longitude=10.9)
JACKET = Goods(product=7, units=2, unit_weight=1.0, unit_price=50.0)


def lane(warehouse, cost, per_kg=0.0):
    return Lane(warehouse=warehouse, base_cost=cost, cost_per_kg=per_kg, transit_days=1)


def ranked(*candidates, goods=(JACKET,), customer=MODENA, curve=None):
    return offers(candidates, goods, customer, curve or RateCurve())


def test_the_cheapest_way_back_wins():
    best, other = ranked(
        Candidate(LYON, [lane(2, 9.0)]), Candidate(BOLOGNA, [lane(1, 5.0), lane(1, 4.0, 0.05)])
    )
    assert (best.name, best.freight) == ("Bologna", 4.1)
    assert (other.name, other.freight) == ("Lyon", 9.0)


def test_where_orders_wait_the_goods_are_worth_more():
    waits = Candidate(LYON, [lane(2, 9.0)], {7: Shortage(waiting=1, orders=1, short=5)})
    best, other = ranked(waits, Candidate(BOLOGNA, [lane(1, 4.0)]))
    assert best.worth == pytest.approx(50 * WAITING_SHARE + 50 * SHORT_SHARE)
    assert (best.name, best.orders, best.short) == ("Lyon", 1, True)
    assert other.net - best.net == pytest.approx(4.0 - (9.0 - best.worth))


def test_of_equal_offers_the_warehouse_that_sent_the_goods_wins():
    best, _other = ranked(
        Candidate(BOLOGNA, [lane(1, 4.0)]), Candidate(LYON, [lane(2, 4.0)], sent=True)
    )
    assert best.name == "Lyon"


def test_without_lanes_distance_and_border_count_and_the_unknown_comes_last():
    best, other = ranked(Candidate(LYON), Candidate(BOLOGNA))
    assert best.name == "Bologna"
    assert other.freight > best.freight
    nowhere = Warehouse(id=3, name="Nowhere", latitude=None, longitude=None)
    unknown = ranked(Candidate(nowhere), Candidate(LYON), curve=RateCurve(unknown_km=None))[-1]
    assert (unknown.name, unknown.freight) == ("Nowhere", None)


RULES = (
    Rule(1, "carrier", "quarantine", 0.0, best="c", faults=frozenset({"carrier"})),
    Rule(2, "as new", "restock", 1.0, worst="a"),
    Rule(3, "shoes", "vendor", 0.7, categories=frozenset({5}), min_value=20.0),
    Rule(4, "cheap", "scrap", 0.0, max_value=10.0),
    Rule(5, "rest", "refurbish", 0.5, reasons=frozenset({9})),
)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (Unit("a", 30.0), ("restock", 30.0)),
        (Unit("d", 30.0, fault="carrier"), ("quarantine", 0.0)),
        (Unit("b", 30.0, frozenset({1, 5})), ("vendor", 21.0)),
        (Unit("b", 20.0, frozenset({5})), ("vendor", 14.0)),
        (Unit("b", 19.99, frozenset({5})), (FALLBACK, 0.0)),
        (Unit("b", 9.99), ("scrap", 0.0)),
        (Unit("b", 10.0), (FALLBACK, 0.0)),
        (Unit("c", 30.0, reasons=frozenset({9})), ("refurbish", 15.0)),
    ],
)
def test_the_first_rule_that_fits_decides(unit, expected):
    found = dispose(unit, RULES)
    assert (found.disposition, found.value) == (expected[0], pytest.approx(expected[1]))


def test_what_a_person_chooses_is_worth_what_a_rule_of_that_place_says():
    assert share_at(Unit("d", 30.0), "restock", RULES) == 1.0
    assert share_at(Unit("d", 30.0), "send_back", RULES) == 0.0


letters = st.sampled_from(CONDITIONS)
units = st.builds(
    Unit,
    condition=letters,
    value=st.floats(0, 1000),
    categories=st.frozensets(st.integers(1, 5)),
    reasons=st.frozensets(st.integers(1, 5)),
    fault=st.sampled_from([None, "carrier", "product"]),
)
rules = st.builds(
    Rule,
    id=st.integers(1, 99),
    name=st.just("x"),
    disposition=st.sampled_from(["restock", "refurbish", "vendor", "scrap"]),
    share=st.floats(0, 1),
    categories=st.frozensets(st.integers(1, 5), max_size=2),
    best=st.none() | letters,
    worst=st.none() | letters,
    reasons=st.frozensets(st.integers(1, 5), max_size=2),
    faults=st.frozensets(st.sampled_from(["carrier", "product"])),
    min_value=st.none() | st.floats(0, 1000),
    max_value=st.none() | st.floats(0, 1000),
)


@given(units, st.lists(rules, max_size=6))
def test_no_rule_before_the_chosen_one_fits_and_no_value_is_made(unit, given_rules):
    found = dispose(unit, given_rules)
    assert 0 <= found.value <= unit.value
    if found.rule is None:
        assert not any(fits(rule, unit) for rule in given_rules)
        assert found.disposition == FALLBACK
    else:
        before = given_rules[: given_rules.index(found.rule)]
        assert fits(found.rule, unit)
        assert not any(fits(rule, unit) for rule in before)
