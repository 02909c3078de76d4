"""One order, exactly: the engine against solvers that know nothing of it."""

import pytest
from engine.allocation import Line, Policy, decide
from engine_builders import lane, orders, snapshot, warehouse
from engine_oracle import Oracle, granted_locks, try_everything
from hypothesis import HealthCheck, assume, given, settings

many = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
some = settings(many, max_examples=100)


def shipped(plan):
    return sum(plan.assignment().values())


def agrees(one, answer):
    """The plan is as good as ``answer`` (units, money), and says that it is proven."""
    plan = decide(one, explain=False, time_limit=60.0).plan
    units, money = answer
    assert plan.proven_gap == 0.0, plan
    assert plan.total == pytest.approx(money, abs=2e-5)
    if one.policy.unfilled_unit_cost is None:
        assert shipped(plan) == units
    return plan


@many
@given(orders())
def test_no_plan_is_cheaper_by_the_solver(one):
    agrees(one, Oracle(one).answer())


@some
@given(orders(max_lines=6, max_warehouses=8, limits=False))
def test_no_plan_is_cheaper_for_longer_orders(one):
    agrees(one, Oracle(one).answer())


@some
@given(orders(same_costs=True, max_lines=6, max_warehouses=7))
def test_no_plan_is_cheaper_where_everything_costs_the_same(one):
    agrees(one, Oracle(one).answer())


@some
@given(orders(shared=True))
def test_no_plan_is_cheaper_where_kits_and_lines_share_stock(one):
    agrees(one, Oracle(one).answer())


@some
@given(orders(locks=True, shared=True))
def test_no_plan_that_keeps_the_locks_is_cheaper(one):
    answer = Oracle(one).answer()
    assume(answer is not None)
    plan = agrees(one, answer)
    if plan.parcels:
        units = plan.assignment()
        for at, locked in granted_locks(one).items():
            assert units.get(at, 0) >= locked


@some
@given(orders(steps=True, max_lines=3, max_warehouses=4))
def test_no_plan_is_cheaper_under_tariffs_with_steps(one):
    agrees(one, Oracle(one).answer())


@some
@given(orders(steps=True, weight_limit=True, max_lines=3, max_warehouses=3, max_quantity=3))
def test_no_plan_is_cheaper_where_parcels_are_limited_in_weight(one):
    agrees(one, try_everything(one))


@some
@given(orders(max_lines=3, max_warehouses=3, max_quantity=3, shared=True))
def test_no_plan_is_cheaper_by_trying_everything(one):
    agrees(one, try_everything(one))


def test_a_lock_holds_within_a_limit_of_parcels_where_its_warehouse_has_two_carriers():
    one = snapshot(
        [("tea", 3), Line(2, "tea", 1, unit_weight=1.0, locked={1: 1})],
        [warehouse(place, {"tea": 1}) for place in (1, 2, 3)],
        [lane(1, 0.0, 0.01, service="a"), lane(1, 0.01, service="b"), lane(2, 0.0), lane(3, 0.0)],
        Policy(max_parcels=2),
    )
    plan = decide(one).plan
    assert plan.assignment()[2, 1] == 1
    assert len(plan.parcels) == 2
