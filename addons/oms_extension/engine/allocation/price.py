"""Step 4: the decision as numbers.

The strategies of ``choose/`` see fixed charges, unit costs and capacities only. Where a tariff has
steps or parcels have a weight limit, its price is not a fixed charge plus a rate; two *floors*
stand in, each a fixed charge plus a rate that never exceeds the true price: one that is tight for
light contents and one that is tight for everything from one place. What a floor suggests is always
priced with the true tariff.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

from .candidates import Option, Place, find_places
from .cost import WEIGHT_TOLERANCE, freight, per_parcel
from .parcels import box_count, box_weights
from .snapshot import Lane, Snapshot
from .stock import Need, find_needs


@dataclass(frozen=True, slots=True)
class Floor:
    """A lower bound of every option's price: ``fixed[option]`` once it is used, and
    ``unit[need][option]`` for each unit (infinite where it may not ship)."""

    fixed: list[float]
    unit: list[list[float]]


@dataclass(slots=True)
class Problem:
    """One order in numbers, apart from the stock.

    :ivar options: of all places; ``by_place`` holds their indices.
    :ivar straight: [option] whether the floors are its true price on this order.
    :ivar carried: [need][place] whether some option can ship it, ``allowed`` whether it may.
    :ivar pick: [place] money for each need picked there.
    :ivar open_cost: money for a unit that does not ship. Where the policy has no price for it, more
        than any plan costs, so that no plan that fills less can win.
    :ivar credit: the penalty that the first parcel does not pay.
    """

    snapshot: Snapshot
    places: list[Place]
    needs: list[Need]
    options: list[Option]
    by_place: list[list[int]]
    straight: list[bool]
    floors: list[Floor]
    carried: list[list[bool]]
    allowed: list[list[bool]]
    pick: list[float]
    open_cost: float = 0.0
    credit: float = 0.0
    ids: list[int] = field(default_factory=list)

    def shipping(self, option: int, contents: list[tuple[float, int]]) -> tuple[int, float]:
        """Parcels, and their money with every one's penalty, of ``contents`` (kg of one, units)."""
        if not contents:
            return 0, 0.0
        one = self.options[option]
        weights = box_weights(contents, one.lane.max_parcel_weight)
        policy = self.snapshot.policy
        each = per_parcel(self.places[one.place].warehouse, policy, one.late_days)
        return len(weights), sum(freight(one.lane, weight) + each for weight in weights)

    def bid(self, need: Need, place: int) -> float:
        """Money that taking one unit there is expected to cost later orders."""
        return self.places[place].warehouse.bid_prices.get(need.product, 0.0)


def price(snapshot: Snapshot) -> Problem:
    """Steps 1, 3 and 4 of the pipeline: all that does not depend on the stock."""
    places = find_places(snapshot)
    needs = find_needs(snapshot)
    options = [option for place in places for option in place.options]
    by_place: list[list[int]] = [[] for _ in places]
    for index, option in enumerate(options):
        by_place[option.place].append(index)
    weight = sum(need.unit_weight * need.quantity for need in needs)
    problem = Problem(
        snapshot=snapshot,
        places=places,
        needs=needs,
        options=options,
        by_place=by_place,
        straight=[_is_straight(option, weight) for option in options],
        floors=[],
        carried=[],
        allowed=[],
        pick=[place.warehouse.handling_per_line for place in places],
        credit=snapshot.policy.extra_parcel_penalty,
        ids=[place.warehouse.id for place in places],
    )
    fits = [[_fits(option.lane, need) for option in options] for need in needs]
    problem.carried = [
        [any(row[option] for option in by_place[place.index]) for place in places] for row in fits
    ]
    excluded = [{name for line in need.lines for name in line.excluded} for need in needs]
    problem.allowed = [
        [
            carried and place.reason is None and place.warehouse.id not in excluded[need.index]
            for place, carried in zip(places, problem.carried[need.index], strict=True)
        ]
        for need in needs
    ]
    tightness = (False,) if all(problem.straight) else (False, True)
    problem.floors = [_floor(problem, fits, weight, full) for full in tightness]
    problem.open_cost = _open_cost(problem)
    return problem


def _fits(lane: Lane, need: Need) -> bool:
    limit = lane.max_parcel_weight
    return limit is None or need.unit_weight <= limit + WEIGHT_TOLERANCE


def _is_straight(option: Option, weight: float) -> bool:
    lane = option.lane
    one_parcel = lane.max_parcel_weight is None or (
        weight <= lane.max_parcel_weight + WEIGHT_TOLERANCE
    )
    one_step = not lane.steps or weight <= lane.steps[0][0] + WEIGHT_TOLERANCE
    return one_parcel and one_step and not option.limited


def _floor(problem: Problem, fits: list[list[bool]], weight: float, full: bool) -> Floor:
    fixed: list[float] = []
    rates: list[float] = []
    for option in problem.options:
        each = per_parcel(
            problem.places[option.place].warehouse, problem.snapshot.policy, option.late_days
        )
        charge, rate = _tariff_floor(option.lane, weight, each, full)
        fixed.append(charge)
        rates.append(rate)
    unit = [
        [
            rate * need.unit_weight + problem.bid(need, option.place) if fit else inf
            for option, rate, fit in zip(problem.options, rates, fits[need.index], strict=True)
        ]
        for need in problem.needs
    ]
    return Floor(fixed, unit)


def _tariff_floor(lane: Lane, weight: float, each: float, full: bool) -> tuple[float, float]:
    """Charge and rate such that any contents of up to ``weight`` kg cost at least
    charge + rate * kg, where every parcel costs ``each`` besides freight."""
    limit = lane.max_parcel_weight
    several = limit is not None and weight > limit + WEIGHT_TOLERANCE
    heaviest = limit if limit is not None and several else weight
    charge, rate = _one_parcel_floor(lane, heaviest, full)
    charge += each
    if several and full and limit is not None:
        # n parcels hold at most n times the limit: n >= kg / limit.
        return 0.0, rate + charge / (limit + WEIGHT_TOLERANCE)
    return charge, rate


def _one_parcel_floor(lane: Lane, heaviest: float, full: bool) -> tuple[float, float]:
    if not lane.steps:
        return lane.base_cost, lane.cost_per_kg
    # A rising line is below a step if it is below the step's right end.
    ends = [(min(up_to, heaviest), lane.base_cost + price) for up_to, price in lane.steps]
    ends = [
        end
        for index, end in enumerate(ends)
        if index == 0 or lane.steps[index - 1][0] + WEIGHT_TOLERANCE < heaviest
    ]
    if heaviest > lane.steps[-1][0]:
        ends.append((heaviest, freight(lane, heaviest)))
    anchor_kg, anchor = ends[-1] if full else (0.0, min(price for _, price in ends))
    if full:
        rate = max(
            (max(0.0, (anchor - price) / (anchor_kg - kg)) for kg, price in ends if kg < anchor_kg),
            default=0.0,
        )
        charge = anchor - rate * anchor_kg
        if charge < 0:
            return 0.0, min(price / kg for kg, price in ends if kg > 0)
        return charge, rate
    rate = min(((price - anchor) / kg for kg, price in ends if kg > 0), default=0.0)
    return anchor, rate


def _open_cost(problem: Problem) -> float:
    policy = problem.snapshot.policy
    if policy.unfilled_unit_cost is not None and not policy.ship_complete:
        return policy.unfilled_unit_cost
    contents = [(need.unit_weight, need.quantity) for need in problem.needs]
    weight = sum(kg * units for kg, units in contents)
    worst = 1.0
    for place in problem.places:
        dearest = 0.0
        for option in place.options:
            lane = option.lane
            tariffs = [freight(lane, weight), freight(lane, 0.0)]
            tariffs += [lane.base_cost + step for _, step in lane.steps]
            boxes = 2 * box_count(contents, lane.max_parcel_weight) + 1
            each = per_parcel(place.warehouse, policy, option.late_days)
            dearest = max(dearest, boxes * (max(tariffs) + each))
        worst += dearest + place.warehouse.handling_per_line * len(problem.needs)
        if place.warehouse.bid_prices:
            worst += sum(problem.bid(need, place.index) * need.quantity for need in problem.needs)
    return worst
