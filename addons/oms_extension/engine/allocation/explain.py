"""Step 7: why this plan. A card for each line, and the best plans that were not taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf, isfinite

from . import reasons
from .candidates import Place
from .choose import TOLERANCE, Clock, Limits
from .choose.rules import State, rules_of
from .plan import Alternative, Candidate, Card, Plan, Reason, Verdict
from .price import Problem
from .snapshot import Line
from .stock import Claims, Need, units_of

MAX_ALTERNATIVES = 5
MAX_WITHOUT = 5
"""Warehouses that the order is planned without, the dearest ones of the plan."""

Planner = Callable[[Limits, str, int], Plan | None]
"""Plans the order anew within limits, in a mode of the policy; None where fewer units ship."""


def find_alternatives(
    problem: Problem, plan: Plan, limits: Limits, planner: Planner
) -> tuple[Alternative, ...]:
    """The cheapest other plans that leave no more open, each under its first label.

    All in money, also where the plan itself follows rules; at most ``MAX_ALTERNATIVES``, in one
    time limit for all together.
    """
    used = _dearest_first(problem, plan)
    locked = {key for line in problem.snapshot.lines for key, units in line.locked.items() if units}
    tries: list[tuple[str, Limits, Callable[[Plan], dict[str, str | int | float | None]]]] = []
    if len(used) > 1:
        only = _limits(limits, max_places=1)
        tries.append((reasons.SINGLE_WAREHOUSE, only, lambda one: {"warehouse": _ships_from(one)}))
    if problem.snapshot.policy.mode != "cost":
        tries.append((reasons.CHEAPEST, limits, lambda one: {}))
    if len(plan.parcels) > 1:
        fewer = len(plan.parcels) - 1
        tries.append(
            (
                reasons.FEWER_PARCELS,
                _limits(limits, max_parcels=fewer),
                lambda one: {"parcels": len(one.parcels)},
            )
        )
    for place in used[:MAX_WITHOUT]:
        name = problem.ids[place]
        if name not in locked:
            tries.append(
                (
                    reasons.WITHOUT_WAREHOUSE,
                    _limits(limits, banned=limits.banned | {place}),
                    lambda one, name=name: {"warehouse": name},  # type: ignore[misc]
                )
            )
    seen = [_shape(plan)]
    found: list[Alternative] = []
    ships = sum(line.quantity for line in problem.snapshot.lines) - plan.unfilled
    clock = Clock(limits.time_limit)
    for done, (code, within, params) in enumerate(tries):
        share = clock.left() / (len(tries) - done)
        other = planner(replace(within, time_limit=share), "cost", ships)
        if other is None or not other.parcels or _shape(other) in seen:
            continue
        seen.append(_shape(other))
        found.append(Alternative(other, other.total - plan.total, Reason(code, params(other))))
    found.sort(key=lambda one: round(one.plan.total / TOLERANCE))
    return tuple(found[:MAX_ALTERNATIVES])


def settle(
    plan: Plan, alternatives: tuple[Alternative, ...]
) -> tuple[Plan, tuple[Alternative, ...]]:
    """The cheapest plan of all, and the others that still say something beside it.

    Where the time ran out, a search within tighter limits may have come further than that for
    ``plan``. What was proven about the least possible money holds for either.
    """
    best = min(
        (
            one.plan
            for one in alternatives
            if one.plan.unfilled <= plan.unfilled and one.plan.total < plan.total - TOLERANCE
        ),
        key=lambda one: (one.unfilled, one.total),
        default=plan,
    )
    if best is plan:
        return plan, alternatives
    unproven = plan.proven_gap * plan.total - (plan.total - best.total)
    taken = replace(best, proven_gap=max(0.0, unproven) / max(best.total, 0.01), method=plan.method)
    others = tuple(
        Alternative(one.plan, one.plan.total - best.total, one.label)
        for one in alternatives
        if one.plan is not best and one.plan.unfilled <= best.unfilled and _still_says(one, best)
    )
    return taken, others


def _still_says(other: Alternative, plan: Plan) -> bool:
    """Whether the label of ``other`` tells it from ``plan``."""
    ships = {parcel.warehouse for parcel in plan.parcels}
    if other.label.code == reasons.WITHOUT_WAREHOUSE:
        return other.label.params["warehouse"] in ships
    if other.label.code == reasons.FEWER_PARCELS:
        return len(other.plan.parcels) < len(plan.parcels)
    return len(ships) > 1


def _dearest_first(problem: Problem, plan: Plan) -> list[int]:
    """Places that ship, by the money of their parcels."""
    money: dict[int, float] = {}
    for parcel in plan.parcels:
        place = problem.ids.index(parcel.warehouse)
        money[place] = money.get(place, 0.0) + parcel.cost.total
    return sorted(money, key=lambda place: (-round(money[place] / TOLERANCE), place))


def _limits(
    limits: Limits,
    max_places: int | None = None,
    max_parcels: int | None = None,
    banned: frozenset[int] | None = None,
) -> Limits:
    parcels = [one for one in (limits.max_parcels, max_parcels) if one is not None]
    return replace(
        limits,
        max_places=max_places if max_places is not None else limits.max_places,
        max_parcels=min(parcels, default=None),
        banned=limits.banned if banned is None else banned,
    )


def _ships_from(plan: Plan) -> int | None:
    return plan.parcels[0].warehouse if plan.parcels else None


def _shape(plan: Plan) -> object:
    return sorted(plan.assignment().items()), sorted(
        (warehouse, str(service)) for warehouse, service in plan.services().items()
    )


def make_cards(problem: Problem, claims: Claims, plan: Plan) -> tuple[Card, ...]:
    """A card for each line of the order, by id."""
    given = plan.assignment()
    return tuple(
        Card(line.id, _candidates(problem, claims, need, line, given))
        for need, line in sorted(
            ((need, line) for need in problem.needs for line in need.lines),
            key=lambda pair: pair[1].id,
        )
    )


def _candidates(
    problem: Problem,
    claims: Claims,
    need: Need,
    line: Line,
    given: dict[tuple[int, int], int],
) -> tuple[Candidate, ...]:
    money = {place.index: _line_money(problem, need, line, place) for place in problem.places}
    out = {place.index: _ruled_out(problem, claims, need, line, place) for place in problem.places}
    running = [place.index for place in problem.places if out[place.index] is None]
    values = _values(problem, claims, need, running, {key: one[0] for key, one in money.items()})
    order = sorted(running, key=lambda place: (*(round(row[place], 6) for _, row in values), place))
    rank = {place: number for number, place in enumerate(order, 1)}
    candidates = []
    for place in problem.places:
        warehouse = place.warehouse
        total, index = money[place.index]
        option = None if index is None else problem.options[index]
        keys = [key for key, _ in need.usage]
        on = None if option is None else option.ship_on
        capacity = warehouse.daily_parcels
        if on is not None:
            capacity = warehouse.capacity_parcels_left.get(on, capacity)
        held = any(key in warehouse.safety for key in keys)
        candidates.append(
            Candidate(
                warehouse=warehouse.id,
                available=units_of(need.usage, claims.stock[place.index]),
                chosen=given.get((line.id, warehouse.id), 0),
                on_hand=units_of(need.usage, warehouse.on_hand) if warehouse.on_hand else None,
                safety=max(warehouse.safety.get(key, 0) for key in keys) if held else None,
                service=None if option is None else option.lane.service,
                unit_cost=None if option is None else total / line.quantity,
                line_cost=None if option is None else total,
                distance_km=place.distance_km,
                ship_at=None if option is None else option.ship_at,
                deliver_at=None if option is None else option.deliver_at,
                learned_from=0 if option is None else option.lane.learned_from,
                capacity=capacity,
                rank=rank.get(place.index),
                verdicts=tuple(
                    _verdict(code, row, place.index) for code, row in values if place.index in row
                ),
                ruled_out=out[place.index],
            )
        )
    return tuple(
        sorted(
            candidates, key=lambda one: one.rank if one.rank is not None else len(candidates) + 1
        )
    )


def _line_money(problem: Problem, need: Need, line: Line, place: Place) -> tuple[float, int | None]:
    """Money of the whole line from ``place`` in parcels of its own, and the cheapest option."""
    best: tuple[float, int | None] = (inf, None)
    for index in problem.by_place[place.index]:
        if problem.floors[0].unit[need.index][index] < inf:
            money = problem.shipping(index, [(line.unit_weight, line.quantity)])[1]
            money += problem.pick[place.index] - problem.credit
            money += problem.bid(need, place.index) * line.quantity
            if money < best[0]:
                best = (money, index)
    return best


def _ruled_out(
    problem: Problem, claims: Claims, need: Need, line: Line, place: Place
) -> Reason | None:
    warehouse = place.warehouse
    if line.locked.get(warehouse.id) and problem.carried[need.index][place.index]:
        return None
    if place.reason is not None:
        return place.reason
    if warehouse.id in line.excluded:
        return Reason(reasons.EXCLUDED, {"reason": line.excluded[warehouse.id]})
    if not problem.carried[need.index][place.index]:
        limits = [option.lane.max_parcel_weight or 0.0 for option in place.options]
        params = {"weight": line.unit_weight, "limit": max(limits, default=0.0)}
        return Reason(reasons.TOO_HEAVY, params)
    if not units_of(need.usage, claims.stock[place.index]):
        keys = [key for key, _ in need.usage]
        return Reason(
            reasons.NO_STOCK,
            {
                "on_hand": units_of(need.usage, warehouse.on_hand),
                "safety": max(warehouse.safety.get(key, 0) for key in keys),
            },
        )
    return None


def _values(
    problem: Problem, claims: Claims, need: Need, places: list[int], money: dict[int, float]
) -> list[tuple[str, dict[int, float]]]:
    """What each rule says of each place; a policy in money has one rule, the money."""
    if problem.snapshot.policy.mode == "cost":
        return [("cheapest", {place: money[place] for place in places})]
    state = State.start(problem, claims, Limits())
    return [
        (code, {place: rule(state, need, place) for place in places})
        for code, rule in rules_of(problem)
    ]


def _verdict(code: str, row: dict[int, float], place: int) -> Verdict:
    value = row[place]
    better = {round(other / TOLERANCE) for other in row.values() if other < value - TOLERANCE}
    return Verdict(code, value if isfinite(value) else None, len(better) + 1)
