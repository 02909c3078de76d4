"""The money formula: what a parcel and a plan cost. No other file knows any part of it.

A plan costs the sum, over its parcels, of

* freight: the lane's tariff for the parcel's weight,
* handling of the warehouse per parcel,
* ``late_day_cost`` for each started day that the parcel arrives after the promised date,
* ``extra_parcel_penalty``, except for the first parcel,

plus ``handling_per_line`` for each line that a warehouse picks from, the bid price of each unit
taken, and ``unfilled_unit_cost`` for each unit that does not ship now.
"""

from __future__ import annotations

from .snapshot import Lane, Policy, Warehouse


def freight(lane: Lane, weight: float) -> float:
    """The carrier's price of one parcel of ``weight`` kg."""
    if not lane.steps:
        return lane.base_cost + lane.cost_per_kg * weight
    for up_to, price in lane.steps:
        if weight <= up_to + WEIGHT_TOLERANCE:
            return lane.base_cost + price
    up_to, price = lane.steps[-1]
    return lane.base_cost + price + lane.cost_per_kg * (weight - up_to)


WEIGHT_TOLERANCE = 1e-9
"""kg by which sums of unit weights may miss a limit through rounding."""


def per_parcel(warehouse: Warehouse, policy: Policy, late_days: int) -> float:
    """Money of one parcel besides freight, when it is not the first."""
    return warehouse.handling_per_parcel + delay(policy, late_days) + policy.extra_parcel_penalty


def delay(policy: Policy, late_days: int) -> float:
    """Money for a parcel that arrives ``late_days`` started days after the promise."""
    return policy.late_day_cost * late_days
