"""The pipeline, for one order.

1. eligible: which warehouses may ship this order at all          (``eligible.py``)
2. stock: what is needed, and what each warehouse can give         (``stock.py``)
3. candidates: the ways to ship from each, with their dates        (``candidates.py``)
4. price: charges, costs per unit, capacities                      (``price.py``, ``cost.py``)
5. choose: the cheapest division, or the one that rules say        (``choose/``)
6. parcels: boxes, dates, money, and what has to wait              (``parcels.py``, ``assemble.py``,
                                                                   ``backorder.py``)
7. explain: a card for each line, and the best alternatives        (``explain.py``)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from math import inf

from .assemble import assemble, share_lines
from .backorder import find_shortages
from .choose import STRATEGIES, Chosen, Limits
from .choose.rules import rules_of
from .explain import find_alternatives, make_cards, settle
from .plan import Decision, Plan
from .price import Problem, price
from .snapshot import Key, Lane, Snapshot
from .stock import Claims, Stock, claim

TIME_LIMIT = 0.25
"""Seconds for the search of one plan; only orders of dozens of lines come near."""


def decide(snapshot: Snapshot, *, explain: bool = True, time_limit: float = TIME_LIMIT) -> Decision:
    """Decide one order.

    The plan is the cheapest one there is under a policy in money (``Plan.proven_gap`` states how
    far that is proven), or the one that the policy's rules lead to. It always exists: what cannot
    ship is a shortage with its cause and a place where it waits.

    :param explain: also give cards, alternatives and the fingerprint; leave out where speed counts.
    :param time_limit: seconds for the search of the plan, and once more for all alternatives.

    Equal snapshots give equal decisions, in whatever order their parts come, unless time runs out.
    Raises ``ValueError`` for an unknown rule or time zone.
    """
    problem = price(snapshot)
    claims = take_stock(problem)
    limits = Limits(max_parcels=snapshot.policy.max_parcels, time_limit=time_limit)
    plan = make_plan(problem, claims, limits)
    if not explain:
        return Decision(snapshot.order, plan)
    return explain_plan(problem, claims, plan, limits, final=snapshot.policy.mode != "cost")


def evaluate(
    snapshot: Snapshot,
    assignment: Mapping[tuple[int, int], int],
    services: Mapping[int, Key | None] | None = None,
    by_hand: bool = False,
) -> Plan:
    """Price an assignment made by hand, {(line, warehouse): units}, with the same money formula.

    What a warehouse does not have, or cannot ship, is a shortage that waits there; units that the
    assignment leaves out are shortages like any other. Rules, limits and locks are not looked at:
    a person may do what a policy would not.

    :param services: carrier service by warehouse; without, each takes its cheapest.
    :param by_hand: units that are left out although they could ship are to wait.

    Raises ``ValueError`` for an unknown line or service, or for more units than ordered.
    """
    lines = {line.id: line for line in snapshot.lines}
    locks: dict[int, dict[int, int]] = {line: {} for line in lines}
    for (line, warehouse), units in assignment.items():
        if line not in lines:
            raise ValueError(f"the order has no line {line}")
        locks[line][warehouse] = locks[line].get(warehouse, 0) + units
    lanes = _by_service(snapshot, services) if services else snapshot.lanes
    problem = price(
        replace(
            snapshot,
            lines=tuple(replace(line, locked=locks[line.id]) for line in snapshot.lines),
            lanes=lanes,
        )
    )
    claims = take_stock(problem)
    chosen = _as_locked(problem, claims)
    shipped = share_lines(problem, chosen)
    shortages = find_shortages(problem, claims, chosen, shipped, incomplete=False, by_hand=by_hand)
    return assemble(problem, chosen, shipped, shortages)


def explain_plan(
    problem: Problem, claims: Claims, plan: Plan, limits: Limits, *, final: bool = True
) -> Decision:
    """Step 7.

    :param final: ``plan`` stands even if another one turns out cheaper, as where a person or the
        good of other orders chose it.
    """
    snapshot = problem.snapshot
    alternatives = find_alternatives(problem, plan, limits, partial(_other, problem, claims))
    if not final:
        plan, alternatives = settle(plan, alternatives)
    return Decision(
        order=snapshot.order,
        plan=plan,
        alternatives=alternatives,
        cards=make_cards(problem, claims, plan),
        fingerprint=snapshot.fingerprint(),
    )


def _by_service(snapshot: Snapshot, services: Mapping[int, Key | None]) -> tuple[Lane, ...]:
    chosen = tuple(
        lane
        for lane in snapshot.lanes
        if lane.warehouse not in services or lane.service == services[lane.warehouse]
    )
    for warehouse in {lane.warehouse for lane in snapshot.lanes} & set(services):
        if not any(lane.warehouse == warehouse for lane in chosen):
            raise ValueError(f"no lane of warehouse {warehouse} is by {services[warehouse]!r}")
    return chosen


def take_stock(problem: Problem, stock: Stock | None = None) -> Claims:
    """Step 2 for ``problem``, from its own stock or, in a batch, from what others have left."""
    if stock is None:
        stock = [place.warehouse.stock for place in problem.places]
    return claim(problem.needs, problem.carried, problem.allowed, problem.ids, stock)


def make_plan(problem: Problem, claims: Claims, limits: Limits, mode: str | None = None) -> Plan:
    """Steps 5 and 6."""
    return _complete(problem, claims, *choose(problem, claims, limits, mode))


def _other(problem: Problem, claims: Claims, limits: Limits, mode: str, units: int) -> Plan | None:
    """Steps 5 and 6, if at least ``units`` ship: where the others wait is a search of its own."""
    chosen, incomplete = choose(problem, claims, limits, mode)
    if sum(chosen.units.values()) < units:
        return None
    return _complete(problem, claims, chosen, incomplete)


def _complete(problem: Problem, claims: Claims, chosen: Chosen, incomplete: bool) -> Plan:
    """Step 6."""
    shipped = share_lines(problem, chosen)
    shortages = find_shortages(problem, claims, chosen, shipped, incomplete)
    return assemble(problem, chosen, shipped, shortages)


def choose(
    problem: Problem, claims: Claims, limits: Limits, mode: str | None = None
) -> tuple[Chosen, bool]:
    """Step 5, and whether the order stays at home because it is not complete."""
    policy = problem.snapshot.policy
    mode = mode or policy.mode
    rules_of(problem)
    chosen = STRATEGIES[mode](problem, claims, limits)
    if not policy.ship_complete or _is_complete(problem, chosen):
        return chosen, False
    if mode != "cost":
        chosen = STRATEGIES["cost"](problem, claims, limits)
        if _is_complete(problem, chosen):
            return chosen, False
    value = sum(need.quantity for need in problem.needs) * problem.open_cost
    return Chosen({}, {}, value, value, chosen.method), True


def _is_complete(problem: Problem, chosen: Chosen) -> bool:
    return sum(chosen.units.values()) == sum(need.quantity for need in problem.needs)


def _as_locked(problem: Problem, claims: Claims) -> Chosen:
    """What a person locked and nothing else, each place by the option that suits it best."""
    units = {
        (need, place): count
        for need, row in enumerate(claims.locked)
        for place, count in row.items()
    }
    options = {
        place: min(
            problem.by_place[place],
            key=partial(
                _unfitness,
                problem,
                [(need, count) for (need, at), count in units.items() if at == place],
            ),
        )
        for place in {place for _, place in units}
    }
    return Chosen(units, options, 0.0, 0.0, "by hand")


def _unfitness(
    problem: Problem, contents: list[tuple[int, int]], index: int
) -> tuple[bool, float, float]:
    """Whether an option is too small for ``contents``, its money, its arrival: least is best."""
    option = problem.options[index]
    weights = [(problem.needs[need].unit_weight, count) for need, count in contents]
    parcels, money = problem.shipping(index, weights)
    beyond = any(problem.floors[0].unit[need][index] == inf for need, _ in contents)
    beyond |= option.max_parcels is not None and parcels > option.max_parcels
    beyond |= option.max_lines is not None and len(contents) > option.max_lines
    return beyond, money, option.deliver_at.timestamp()
