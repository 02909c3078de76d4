"""Lower bounds by dual ascent (Erlenkotter, Operations Research 26(6), 1978), with capacities.

Linear program: minimise the charges ``fixed`` of opened options, plus unit costs, plus
``open_cost`` for each unit left open, where an option gives at most ``cap`` units of a need, none
unless it is opened, and an option is opened at most once. Give every need a price ``v`` per unit.
An option then earns ``cap * max(0, v - unit)`` from each need; what it earns beyond its charge is
its *excess*. A place ships by one option at most, so only its largest excess counts. For any prices
not above ``open_cost``

    bound(v) = sum of quantity * v - sum over places of the largest positive excess

is a lower bound. (The largest excess of a place that has to ship counts even if it is negative.)
The charge of an option that is open already is in the bound, so that all it earns is excess. The
excesses also tell by how much the bound rises at least if an option is opened, or closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from .instance import Arc

Row = list[tuple[float, int, int]]
"""(money per unit, option, units) by rising money, without closed options."""

Place = tuple[tuple[int, ...], bool]
"""The options of a place, and whether it has to ship."""


@dataclass(slots=True)
class Bound:
    """A bound, and what it says of the options.

    :ivar excess: by option.
    """

    value: float
    excess: list[float]

    def if_opened(self, number: int, place: Place) -> float:
        """The bound with option ``number`` of ``place`` open."""
        return self.value + self._counted(place, -1) - self.excess[number]

    def if_closed(self, number: int, place: Place) -> float:
        """The bound with option ``number`` of ``place`` closed."""
        return self.value + self._counted(place, -1) - self._counted(place, number)

    def _counted(self, place: Place, without: int) -> float:
        members, required = place
        values = [self.excess[one] for one in members if one != without]
        if not required:
            values.append(0.0)
        return max(values, default=-inf)


class Dual:
    """The bound of one node: options of mask ``opened`` are open, those of ``closed`` are not."""

    def __init__(
        self,
        arcs: list[list[Arc]],
        demand: list[int],
        fixed: list[float],
        opened: int,
        closed: int,
        open_cost: float,
        places: list[Place],
    ) -> None:
        self.demand = demand
        self.top = open_cost
        self.base = 0.0
        self.places = places
        self.charge = list(fixed)
        for number, charge in enumerate(fixed):
            if opened >> number & 1:
                self.base += charge
                self.charge[number] = 0.0
        self.rows: list[Row] = [
            [(unit, number, cap) for unit, number, cap, _ in row if not closed >> number & 1]
            if quantity
            else []
            for row, quantity in zip(arcs, demand, strict=True)
        ]

    def evaluate(self, prices: list[float]) -> Bound:
        """bound(v) for the prices ``v``."""
        excess = [-charge for charge in self.charge]
        value = self.base
        for price, quantity, row in zip(prices, self.demand, self.rows, strict=True):
            value += price * quantity
            for unit, number, cap in row:
                if unit >= price:
                    break
                excess[number] += cap * (price - unit)
        for members, required in self.places:
            number = members[0]
            for other in members[1:]:
                if excess[other] > excess[number]:
                    number = other
            if excess[number] > 0.0 or required:
                value -= excess[number]
        return Bound(value, excess)

    def ascend(self) -> Bound:
        """The bound by prices that rise, each in turn to its next arc, as long as that gains.

        What an option with no charge left earns is lost to the bound, so a price gains its quantity
        less the units that such options give.
        """
        slack = list(self.charge)
        prices = [0.0] * len(self.demand)
        climbs: list[_Climb] = []
        for need, quantity in enumerate(self.demand):
            if quantity:
                row = self.rows[need]
                prices[need] = min(self.top, row[0][0]) if row else self.top
                if row:
                    climbs.append(_Climb(need, quantity, prices[need], row))
        climbs.sort(key=lambda climb: len(climb.row))
        rising = climbs
        while rising:
            rising = [climb for climb in rising if climb.rise(slack, self.top)]
        for climb in climbs:
            prices[climb.need] = climb.price
        return self.evaluate(prices)


class _Climb:
    """The price of one need on its way up."""

    __slots__ = ("ahead", "need", "paying", "price", "row", "slope")

    def __init__(self, need: int, quantity: int, price: float, row: Row) -> None:
        self.need = need
        self.slope = quantity
        self.price = price
        self.row = row
        self.ahead = 0
        self.paying: list[tuple[int, int]] = []

    def rise(self, slack: list[float], top: float) -> bool:
        """Go up to the next arc; False where that no longer gains, or at the top."""
        row = self.row
        while self.ahead < len(row) and row[self.ahead][0] <= self.price:
            self.paying.append((row[self.ahead][1], row[self.ahead][2]))
            self.ahead += 1
        goal = min(top, row[self.ahead][0]) if self.ahead < len(row) else top
        while True:
            still = []
            step = goal - self.price
            for number, cap in self.paying:
                left = slack[number]
                if left <= 0.0:
                    self.slope -= cap
                else:
                    still.append((number, cap))
                    if left < step * cap:
                        step = left / cap
            self.paying = still
            if self.slope <= 0:
                return False
            self.price += step
            for number, cap in still:
                slack[number] -= step * cap
                if slack[number] < 1e-12:
                    slack[number] = 0.0
            if self.price >= goal - 1e-12:
                self.price = goal
                return goal < top
