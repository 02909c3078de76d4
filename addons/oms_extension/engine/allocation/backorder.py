"""What does not ship now: why, where it waits, and until when.

A back-order is a parcel of its own, later, even from a warehouse that ships now. It waits only
where goods are: at a warehouse that has them but may not ship them in this plan, or that dated
supply will bring them to; where none is known, anywhere that could ship them one day. Among those,
the policy takes the cheapest, or the earliest and of these the cheapest, for all lines together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate

from . import reasons
from .assemble import Shipped
from .candidates import Place
from .choose import Chosen, Limits, exact
from .cost import WEIGHT_TOLERANCE
from .plan import Shortage
from .price import Problem, price
from .snapshot import Key, Line, Policy, Snapshot
from .stock import Claims, Need, claim, units_of


@dataclass(frozen=True, slots=True)
class _Missing:
    """Units of a line without a place; ``warehouse`` is where a person wants them."""

    line: Line
    need: Need
    quantity: int
    warehouse: int | None = None


def find_shortages(
    problem: Problem,
    claims: Claims,
    chosen: Chosen,
    shipped: Shipped,
    incomplete: bool,
    by_hand: bool = False,
) -> tuple[Shortage, ...]:
    """Everything that ``chosen`` leaves open.

    :param incomplete: the policy ships complete orders only, and this one is not.
    :param by_hand: a person chose, so that nothing but stock has to be the cause.
    """
    missing = list(_missing(problem, claims, shipped, incomplete))
    if not missing:
        return ()
    left = _stock_left(problem, claims, shipped)
    free = [one for one in missing if one.warehouse is None]
    waiting = _where(problem, free, left)
    shortages: list[Shortage] = []
    for one in missing:
        if one.warehouse is None:
            place, money = waiting.get(one.line.id, (None, 0.0))
        else:
            place = next((p for p in problem.places if p.warehouse.id == one.warehouse), None)
            money = 0.0 if place is None else _alone(problem, place, one)
        shortages.append(
            Shortage(
                line=one.line.id,
                quantity=one.quantity,
                cause=_cause(problem, claims, one, incomplete, by_hand),
                warehouse=one.warehouse if place is None else place.warehouse.id,
                expected=None if place is None else _expected(place, one, left[place.index]),
                expected_cost=money,
            )
        )
    return tuple(shortages)


def _missing(
    problem: Problem, claims: Claims, shipped: Shipped, incomplete: bool
) -> list[_Missing]:
    result: list[_Missing] = []
    for need in problem.needs:
        for line in need.lines:
            refused = {
                warehouse: units
                for (name, warehouse), units in sorted(claims.refused.items())
                if name == line.id
            }
            if incomplete:
                refused = {key: units for key, units in sorted(line.locked.items()) if units}
            given = sum(units for (name, _), units in shipped.items() if name == line.id)
            result += [_Missing(line, need, units, key) for key, units in refused.items()]
            rest = line.quantity - given - sum(refused.values())
            if rest:
                result.append(_Missing(line, need, rest))
    return result


def _stock_left(problem: Problem, claims: Claims, shipped: Shipped) -> list[dict[Key, int]]:
    lines = {line.id: line for need in problem.needs for line in need.lines}
    left = [dict(one) for one in claims.stock]
    for (line, place), units in shipped.items():
        for key, each in lines[line].stock.items():
            left[place][key] -= each * units
    return left


def _expected(place: Place, missing: _Missing, left: Mapping[Key, int]) -> date | None:
    """The date by which ``place`` has the units and ships, None if no supply is known to do."""
    if not place.later:
        return None
    ships = min(option.ship_on for option in place.later)
    latest = ships
    for key, each in missing.need.usage:
        wanted = each * missing.quantity - left.get(key, 0)
        if wanted <= 0:
            continue
        arrivals = sorted(
            (supply for supply in place.warehouse.incoming if supply.key == key),
            key=lambda supply: supply.on,
        )
        totals = accumulate(supply.quantity for supply in arrivals)
        reached = next(
            (supply.on for supply, total in zip(arrivals, totals, strict=True) if total >= wanted),
            None,
        )
        if reached is None:
            return None
        latest = max(latest, reached)
    return latest


def _where(
    problem: Problem, missing: list[_Missing], left: list[dict[Key, int]]
) -> dict[int, tuple[Place | None, float]]:
    """A place, and the money of the later parcel, for each line; by the exact search."""
    allowed: dict[int, set[int]] = {}
    for one in missing:
        possible = [
            place
            for place in problem.places
            if _may_later(place)
            and place.warehouse.id not in one.line.excluded
            and any(_carries(option.lane.max_parcel_weight, one) for option in place.later)
        ]
        dates = {
            place.index: on
            for place in possible
            if (on := _expected(place, one, left[place.index])) is not None
        }
        if not dates:
            allowed[one.line.id] = {place.index for place in possible}
        elif problem.snapshot.policy.backorder_preference == "earliest":
            first = min(dates.values())
            allowed[one.line.id] = {index for index, on in dates.items() if on == first}
        else:
            allowed[one.line.id] = set(dates)
    return _cheapest(problem, missing, allowed)


def _may_later(place: Place) -> bool:
    """A place that is only full today can still take a back-order."""
    full = place.reason is not None and place.reason.code == reasons.CAPACITY
    return bool(place.later) and (place.reason is None or full)


def _carries(limit: float | None, missing: _Missing) -> bool:
    return limit is None or missing.line.unit_weight <= limit + WEIGHT_TOLERANCE


def _cheapest(
    problem: Problem, missing: list[_Missing], allowed: dict[int, set[int]]
) -> dict[int, tuple[Place | None, float]]:
    snapshot = problem.snapshot
    wanted = [one for one in missing if allowed[one.line.id]]
    if not wanted:
        return {}
    plenty: Snapshot = replace(
        snapshot,
        lines=tuple(
            Line(
                id=one.line.id,
                product=one.line.id,
                quantity=one.quantity,
                unit_weight=one.line.unit_weight,
                unit_price=one.line.unit_price,
            )
            for one in wanted
        ),
        warehouses=tuple(
            replace(
                place.warehouse,
                stock={
                    one.line.id: one.quantity
                    for one in wanted
                    if place.index in allowed[one.line.id]
                },
                bid_prices={},
                incoming=(),
            )
            for place in problem.places
        ),
        policy=Policy(
            extra_parcel_penalty=snapshot.policy.extra_parcel_penalty,
            # A line waits in one place, so that it does not arrive in pieces once more.
            min_split_value=float("inf"),
            use_rate_curve=snapshot.policy.use_rate_curve,
            rate_curve=snapshot.policy.rate_curve,
            respect_capacity=False,
        ),
        promise_date=None,
    )
    later = price(plenty)
    claims = claim(
        later.needs,
        later.carried,
        later.allowed,
        later.ids,
        [place.warehouse.stock for place in later.places],
    )
    chosen = exact.choose(later, claims, Limits())
    result: dict[int, tuple[Place | None, float]] = {}
    for (index, at), units in sorted(chosen.units.items()):
        need = later.needs[index]
        together = [
            (later.needs[other].unit_weight, count)
            for (other, place), count in chosen.units.items()
            if place == at
        ]
        money = later.shipping(chosen.options[at], together)[1]
        share = units / sum(count for _, count in together)
        result[need.lines[0].id] = (problem.places[at], money * share)
    return result


def _alone(problem: Problem, place: Place, missing: _Missing) -> float:
    options = [
        index
        for index in problem.by_place[place.index]
        if _carries(problem.options[index].lane.max_parcel_weight, missing)
    ]
    contents = [(missing.line.unit_weight, missing.quantity)]
    return min((problem.shipping(option, contents)[1] for option in options), default=0.0)


def _cause(
    problem: Problem, claims: Claims, missing: _Missing, incomplete: bool, by_hand: bool
) -> str:
    need = missing.need
    if missing.warehouse is not None:
        place = next((p for p in problem.places if p.warehouse.id == missing.warehouse), None)
        if place is None:
            return reasons.NO_WAREHOUSE
        if not place.options:
            return _place_cause([place])
        if not problem.carried[need.index][place.index]:
            return reasons.TOO_HEAVY
        return reasons.SHIP_COMPLETE if incomplete else reasons.NO_STOCK
    if not any(problem.allowed[need.index]):
        return _place_cause(problem.places, heavy=not any(problem.carried[need.index]))
    promised = sum(claims.cap[need.index])
    lacking = claims.open[need.index] - promised
    if lacking > 0 and (incomplete or missing.quantity <= lacking or not promised):
        holding = [
            place
            for place in problem.places
            if place.reason is not None and units_of(need.usage, claims.stock[place.index])
        ]
        cause = _place_cause(holding)
        return reasons.NO_STOCK if cause == reasons.NO_WAREHOUSE else cause
    if by_hand:
        return reasons.BY_HAND
    if incomplete:
        return reasons.SHIP_COMPLETE
    if need.whole:
        return reasons.MIN_SPLIT
    if problem.snapshot.policy.max_parcels is not None:
        return reasons.LIMIT_PARCELS
    if claims.coupled[need.index]:
        return reasons.NO_STOCK
    if any(option.limited for option in problem.options):
        return reasons.CAPACITY
    if problem.snapshot.policy.unfilled_unit_cost is not None:
        return reasons.TOO_COSTLY
    return reasons.NO_STOCK


def _place_cause(places: list[Place], heavy: bool = False) -> str:
    """Why none of ``places`` may ship: the reason that is nearest to shipping."""
    codes = {place.reason.code for place in places if place.reason is not None}
    if reasons.CAPACITY in codes:
        return reasons.CAPACITY
    if heavy and any(place.options for place in places):
        return reasons.TOO_HEAVY
    if codes & {reasons.NO_LANE, reasons.SERVICE_NOT_OFFERED}:
        return reasons.NO_LANE
    return reasons.NO_WAREHOUSE
