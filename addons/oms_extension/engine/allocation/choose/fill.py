"""For a fixed set of opened options: from which of them each need comes.

With straight tariffs and no competition for stock the needs separate. One need is a tiny problem: a
price per unit, a limit and perhaps a charge for picking at each option. If none charges for
picking, cheapest first is optimal. Otherwise some optimal solution takes, from the places it picks
at, cheapest first, so that the set of places decides, and a search over sets finds it.
"""

from __future__ import annotations

from .base import TOLERANCE
from .instance import Arc, Instance


def fill_cost(arcs: list[list[Arc]], demand: list[int], mask: int, open_cost: float) -> float:
    """Money of all needs from the options of ``mask``, picking not counted. Cheapest first."""
    total = 0.0
    for need, left in enumerate(demand):
        if not left:
            continue
        for unit, number, cap, _ in arcs[need]:
            if mask >> number & 1:
                if cap >= left:
                    total += unit * left
                    left = 0
                    break
                total += unit * cap
                left -= cap
        total += left * open_cost
    return total


def divide(
    arcs: list[Arc], quantity: int, whole: bool, open_cost: float
) -> tuple[float, list[tuple[int, int]]]:
    """The cheapest way to get one need from ``arcs``, exactly: money, and (option, units).

    The arcs ascend by money per unit, and are all cheaper than leaving open. ``whole``: from one
    place at most. What it does not get costs ``open_cost`` a unit.
    """
    if whole:
        best: tuple[float, list[tuple[int, int]]] = (quantity * open_cost, [])
        for unit, number, cap, pick in arcs:
            units = min(cap, quantity)
            money = pick + unit * units + (quantity - units) * open_cost
            if money < best[0]:
                best = (money, [(number, units)])
        return best
    if not any(arc[3] for arc in arcs):
        return _cheapest_first(arcs, quantity, open_cost)
    return _Division(arcs, open_cost).best(quantity)


def _cheapest_first(
    arcs: list[Arc], quantity: int, open_cost: float
) -> tuple[float, list[tuple[int, int]]]:
    money = 0.0
    units: list[tuple[int, int]] = []
    for unit, number, cap, _ in arcs:
        if not quantity:
            break
        take = min(cap, quantity)
        units.append((number, take))
        money += unit * take
        quantity -= take
    return money + quantity * open_cost, units


class _Division:
    """Depth-first over the arcs by rising unit cost: take all that one gives, or skip it.

    Bound: cheapest first over the arcs that are left, with picking spread over the units.
    """

    def __init__(self, arcs: list[Arc], open_cost: float) -> None:
        self.arcs = arcs
        self.open_cost = open_cost
        self.money = 0.0
        self.units: list[tuple[int, int]] = []
        self.spread = sorted(
            (unit + pick / cap, index, cap) for index, (unit, _, cap, pick) in enumerate(arcs)
        )

    def best(self, quantity: int) -> tuple[float, list[tuple[int, int]]]:
        """Money, and (option, units)."""
        self.money = quantity * self.open_cost
        self._visit(0, quantity, 0.0, [])
        return self.money, self.units

    def _least(self, start: int, left: int) -> float:
        total = 0.0
        for unit, index, cap in self.spread:
            if unit >= self.open_cost:
                break
            if index >= start:
                if cap >= left:
                    return total + unit * left
                total += unit * cap
                left -= cap
        return total + left * self.open_cost

    def _visit(self, index: int, left: int, money: float, units: list[tuple[int, int]]) -> None:
        if money + left * self.open_cost < self.money:
            self.money = money + left * self.open_cost
            self.units = list(units)
        if not left or index == len(self.arcs):
            return
        if money + self._least(index, left) >= self.money - TOLERANCE:
            return
        unit, number, cap, pick = self.arcs[index]
        take = min(cap, left)
        units.append((number, take))
        self._visit(index + 1, left - take, money + pick + unit * take, units)
        units.pop()
        self._visit(index + 1, left, money, units)


def divide_all(
    instance: Instance, mask: int, floor: int = 0
) -> tuple[float, list[list[tuple[int, int]]]]:
    """Money of ``mask`` with its charges, each need divided exactly on its own, and the units."""
    total = sum(charge for number, charge in enumerate(instance.fixed[floor]) if mask >> number & 1)
    result: list[list[tuple[int, int]]] = []
    for need, quantity in zip(instance.problem.needs, instance.demand, strict=True):
        arcs = [arc for arc in instance.arcs[floor][need.index] if mask >> arc[1] & 1]
        money, units = divide(arcs, quantity, need.whole, instance.open_cost)
        total += money
        result.append(units)
    return total, result
