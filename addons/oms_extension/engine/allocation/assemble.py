"""Step 6: the chosen units as parcels with dates and money."""

from __future__ import annotations

from .choose import TOLERANCE, Chosen
from .cost import delay, freight
from .parcels import pack
from .plan import CostBreakdown, Parcel, Plan, Shortage
from .price import Problem

Shipped = dict[tuple[int, int], int]
"""Units by (line id, place)."""


def share_lines(problem: Problem, chosen: Chosen) -> Shipped:
    """Units of needs as units of lines: the first line is served first, by the first place."""
    shipped: Shipped = {}
    for need in problem.needs:
        places = sorted(place for index, place in chosen.units if index == need.index)
        given = [[place, chosen.units[need.index, place]] for place in places]
        for line in need.lines:
            wanted = line.quantity
            for slot in given:
                units = min(wanted, slot[1])
                if units:
                    shipped[line.id, slot[0]] = units
                    slot[1] -= units
                    wanted -= units
    return shipped


def assemble(
    problem: Problem, chosen: Chosen, shipped: Shipped, shortages: tuple[Shortage, ...]
) -> Plan:
    """The plan of ``chosen``. The first parcel is that of the preferred warehouse."""
    lines = {line.id: line for need in problem.needs for line in need.lines}
    parcels: list[Parcel] = []
    for place in sorted({place for _, place in shipped}):
        contents = sorted((line, units) for (line, at), units in shipped.items() if at == place)
        option = problem.options[chosen.options[place]]
        boxes = pack(
            ((line, lines[line].unit_weight, units) for line, units in contents),
            option.lane.max_parcel_weight,
        )
        picked: set[int] = set()
        for box in boxes:
            weight = sum(lines[line].unit_weight * units for line, units in box)
            fresh = {line for line, _ in box} - picked
            picked |= fresh
            warehouse = problem.places[place].warehouse
            policy = problem.snapshot.policy
            bids = sum(
                warehouse.bid_prices.get(lines[line].product, 0.0) * units for line, units in box
            )
            parcels.append(
                Parcel(
                    warehouse=warehouse.id,
                    service=option.lane.service,
                    service_name=option.lane.service_name,
                    origin=option.lane.origin,
                    learned_from=option.lane.learned_from,
                    contents=tuple(sorted(box)),
                    weight=weight,
                    distance_km=problem.places[place].distance_km,
                    ship_at=option.ship_at,
                    deliver_at=option.deliver_at,
                    cost=CostBreakdown(
                        freight=freight(option.lane, weight),
                        handling_parcel=warehouse.handling_per_parcel,
                        handling_line=warehouse.handling_per_line * len(fresh),
                        delay=delay(policy, option.late_days),
                        extra_parcel=policy.extra_parcel_penalty if parcels else 0.0,
                        bid_price=bids,
                    ),
                )
            )
    price = problem.snapshot.policy.unfilled_unit_cost or 0.0
    cost = CostBreakdown(unfilled=price * sum(one.quantity for one in shortages))
    for parcel in parcels:
        cost += parcel.cost
    return Plan(
        parcels=tuple(parcels),
        shortages=shortages,
        cost=cost,
        proven_gap=_gap(chosen, cost.total),
        method=chosen.method,
        delivery=max((parcel.deliver_at for parcel in parcels), default=None),
    )


def _gap(chosen: Chosen, money: float) -> float:
    """The difference that is not ruled out, as a share of the plan's money."""
    difference = chosen.value - chosen.lower
    return 0.0 if difference <= 2 * TOLERANCE else difference / max(money, 0.01)
