"""Lower bounds by dual ascent (Erlenkotter, Operations Research 26(6), 1978), with capacities.

Linear program: minimise the charges ``fixed`` of opened options, plus unit costs, plus
``open_cost`` for each unit left open, where an option gives at most ``cap`` units of a need, and
none unless it is opened. Its dual raises a price ``v`` per unit of each need; a free option pays
``cap * max(0, v - unit)`` of its charge for each need, and the price stops when the charge of an
option is used up. An option that is already open gives its units at their cost: they are taken
from the need that the price is paid for. Any prices with no charge overspent give a valid bound,
and what is left of a charge (the *slack*) is the least by which opening that option raises it.
"""

from __future__ import annotations

from dataclasses import dataclass

from .instance import Arc


@dataclass(slots=True)
class Bound:
    """A lower bound, what is left of each charge, and the price per unit of each need."""

    value: float
    slack: list[float]
    prices: list[float]


class _Climb:
    """The price of one need on its way up."""

    __slots__ = ("ahead", "need", "paying", "price", "slope", "top")

    def __init__(self, need: int, price: float, top: float, slope: int, ahead: list[Arc]) -> None:
        self.need = need
        self.price = price
        self.top = top
        self.slope = slope
        self.ahead = ahead
        self.paying: list[tuple[int, int]] = []


def dual_ascent(
    arcs: list[list[Arc]],
    demand: list[int],
    fixed: list[float],
    opened: int,
    closed: int,
    open_cost: float,
) -> Bound:
    """Bound of the node in which the options of mask ``opened`` are open and ``closed`` are not.

    ``arcs``: by need, by rising unit cost. Time: linear in the arcs, times the options in use.
    """
    slack = list(fixed)
    value = 0.0
    for number, charge in enumerate(fixed):
        if opened >> number & 1:
            value += charge
    prices = [open_cost] * len(demand)
    climbs: list[_Climb] = []
    for need, quantity in enumerate(demand):
        if not quantity:
            prices[need] = 0.0
            continue
        top = open_cost
        left = quantity
        ahead: list[Arc] = []
        for arc in arcs[need]:
            number = arc[1]
            if closed >> number & 1:
                continue
            ahead.append(arc)
            if opened >> number & 1:
                left -= arc[2]
                if left <= 0:
                    top = arc[0]
                    break
        start = ahead[0][0] if ahead else top
        value += quantity * start
        if start < top:
            ahead.reverse()
            climbs.append(_Climb(need, start, top, quantity, ahead))
        prices[need] = start
    climbs.sort(key=lambda climb: len(climb.ahead))
    while climbs:
        still: list[_Climb] = []
        for climb in climbs:
            price = climb.price
            ahead = climb.ahead
            paying = climb.paying
            while ahead and ahead[-1][0] <= price:
                _, number, cap, _ = ahead.pop()
                if opened >> number & 1:
                    climb.slope -= cap
                else:
                    paying.append((number, cap))
            goal = ahead[-1][0] if ahead else climb.top
            if goal > climb.top:
                goal = climb.top
            step = goal - price
            blocked = False
            for number, cap in paying:
                if slack[number] < step * cap:
                    step = slack[number] / cap
                    blocked = True
            if step > 0.0:
                value += climb.slope * step
                for number, cap in paying:
                    slack[number] -= step * cap
                climb.price = price + step
            prices[climb.need] = climb.price
            if not blocked and climb.price < climb.top:
                climb.price = goal
                still.append(climb)
        climbs = still
    return Bound(value, [left if left > 0.0 else 0.0 for left in slack], prices)
