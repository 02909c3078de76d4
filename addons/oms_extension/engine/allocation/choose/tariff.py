"""For a fixed set of opened options: the cheapest division at the true prices.

Used where needs do not separate: tariffs with steps, parcels with a weight limit or a limit on
their number, capacity that is nearly used up, several needs that draw on the same stock. Depth
first over the needs, every division of one need over the options in turn, the cheapest by the
floors first; a branch ends when what is fixed so far and the least that the other needs can cost,
by any floor, reaches the best plan known.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from ..snapshot import Key
from .base import TOLERANCE
from .fill import divide
from .instance import Instance

Division = tuple[tuple[int, int], ...]
"""(option, units) of one need, options ascending, no zeros."""

MAX_DIVISIONS = 4000
"""A need with more divisions than this is tried in its cheapest ones only, and not proven."""


class TrueDivision:
    """Prices divisions of ``instance`` truly, and finds the best one for a set of options.

    :ivar steps: how many divisions were tried in all; :meth:`best` stops at ``budget`` of them.
    """

    def __init__(self, instance: Instance, budget: int) -> None:
        self.instance = instance
        self.budget = budget
        self.steps = 0
        problem = instance.problem
        self.locked: list[list[tuple[int, int]]] = [[] for _ in problem.places]
        for need, row in enumerate(instance.claims.locked):
            for place, units in row.items():
                self.locked[place].append((need, units))
        self.order = sorted(
            (need for need in problem.needs if instance.demand[need.index]),
            key=lambda need: (
                not instance.claims.coupled[need.index],
                -need.unit_weight * need.quantity,
                need.index,
            ),
        )
        # Where nothing but the stock of a place limits a need, a plan that fills less cannot win.
        self._fills = (
            instance.problem.snapshot.policy.unfilled_unit_cost is None
            and instance.limits.max_parcels is None
            and not any(instance.problem.options[option].limited for option in instance.option)
            and not any(instance.claims.coupled)
        )
        self._best = 0.0
        self._tables: list[tuple[list[tuple[tuple[float, ...], Division]], bool]] = []
        self._found: dict[int, Division] | None = None

    def price(self, mask: int, divisions: dict[int, Division]) -> float | None:
        """True money of ``divisions`` by need, from the options of ``mask`` that they use.

        None where they break a limit on parcels, lines or stock.
        """
        instance = self.instance
        problem = instance.problem
        contents: dict[int, list[tuple[int, int]]] = {}
        total = 0.0
        for need in problem.needs:
            division = divisions.get(need.index, ())
            shipped = 0
            for number, units in division:
                contents.setdefault(number, []).append((need.index, units))
                shipped += units
            total += (instance.demand[need.index] - shipped) * instance.open_cost
        if not self._in_stock(contents):
            return None
        parcels = 0
        for number in bits(mask):
            place = instance.place[number]
            units_by_need = dict(self.locked[place])
            for index, units in contents.get(number, ()):
                units_by_need[index] = units_by_need.get(index, 0) + units
            if not units_by_need:
                continue
            option = instance.option[number]
            count, money = problem.shipping(
                option,
                [
                    (problem.needs[index].unit_weight, units)
                    for index, units in units_by_need.items()
                ],
            )
            one = problem.options[option]
            if one.max_parcels is not None and count > one.max_parcels:
                return None
            if one.max_lines is not None and len(units_by_need) > one.max_lines:
                return None
            parcels += count
            total += money + problem.pick[place] * len(units_by_need)
            total += sum(
                problem.bid(problem.needs[index], place) * units
                for index, units in units_by_need.items()
            )
        if not parcels:
            total += problem.credit
        limit = instance.limits.max_parcels
        if limit is not None and parcels > limit:
            return None
        return total

    def _in_stock(self, contents: dict[int, list[tuple[int, int]]]) -> bool:
        instance = self.instance
        if not any(instance.claims.coupled):
            return True
        for number, taken in contents.items():
            used: dict[Key, int] = {}
            for index, units in taken:
                for key, each in instance.problem.needs[index].usage:
                    used[key] = used.get(key, 0) + each * units
            left = instance.claims.left[instance.place[number]]
            if any(units > left[key] for key, units in used.items()):
                return False
        return True

    def quick(self, mask: int) -> tuple[float, dict[int, Division]] | None:
        """A good division of ``mask`` at its true price, without search; None if not allowed."""
        instance = self.instance
        stock = {
            number: dict(instance.claims.left[instance.place[number]]) for number in bits(mask)
        }
        divisions: dict[int, Division] = {}
        for need in self.order:
            arcs = []
            for unit, number, cap, pick in instance.arcs[0][need.index]:
                if mask >> number & 1:
                    cap = min(cap, *(stock[number][key] // each for key, each in need.usage))
                    if cap > 0:
                        arcs.append((unit, number, cap, pick))
            _, units = divide(arcs, instance.demand[need.index], need.whole, instance.open_cost)
            divisions[need.index] = tuple(sorted(units))
            for number, count in units:
                for key, each in need.usage:
                    stock[number][key] -= each * count
        money = self.price(mask, divisions)
        return None if money is None else (money, divisions)

    def best(self, mask: int, below: float) -> tuple[float, dict[int, Division] | None, bool]:
        """The best division of ``mask`` that costs less than ``below``.

        Returns its money, the division (None: there is none) and whether that is proven.
        """
        instance = self.instance
        floors = range(len(instance.arcs))
        charges = [sum(instance.fixed[floor][number] for number in bits(mask)) for floor in floors]
        least: list[list[float]] = []
        for need in self.order:
            row = []
            for floor in floors:
                arcs = [arc for arc in instance.arcs[floor][need.index] if mask >> arc[1] & 1]
                quantity = instance.demand[need.index]
                row.append(divide(arcs, quantity, need.whole, instance.open_cost)[0])
            least.append(row)
        total = [charges[floor] + sum(row[floor] for row in least) for floor in floors]
        if max(total) >= below - TOLERANCE:
            return below, None, True
        rest = [total]
        for row in least:
            rest.append([one - own for one, own in zip(rest[-1], row, strict=True)])
        self._best = below
        self._found = None
        self._tables = [self._divisions(need.index, mask) for need in self.order]
        stock = {
            number: dict(instance.claims.left[instance.place[number]]) for number in bits(mask)
        }
        # rest[0] holds the charges and all needs; what is fixed replaces a need's least by its own.
        after = [[one - charge for one, charge in zip(row, charges, strict=True)] for row in rest]
        proven = self._visit(mask, 0, list(charges), after, {}, stock)
        proven = proven and all(whole for _, whole in self._tables)
        return self._best, self._found, proven

    def _visit(
        self,
        mask: int,
        depth: int,
        spent: list[float],
        after: list[list[float]],
        divisions: dict[int, Division],
        stock: dict[int, dict[Key, int]],
    ) -> bool:
        self.steps += 1
        if depth == len(self.order):
            money = self.price(mask, divisions)
            if money is not None and money < self._best - TOLERANCE:
                self._best = money
                self._found = dict(divisions)
            return self.steps < self.budget
        if self.steps >= self.budget:
            return False
        need = self.order[depth]
        coupled = self.instance.claims.coupled[need.index]
        for costs, division in self._tables[depth][0]:
            bound = max(
                done + own + later
                for done, own, later in zip(spent, costs, after[depth + 1], strict=True)
            )
            if bound >= self._best - TOLERANCE:
                if len(costs) == 1:
                    break
                continue
            if coupled and not _take(stock, division, need.usage, -1):
                continue
            divisions[need.index] = division
            fixed = [done + own for done, own in zip(spent, costs, strict=True)]
            going_on = self._visit(mask, depth + 1, fixed, after, divisions, stock)
            del divisions[need.index]
            if coupled:
                _take(stock, division, need.usage, 1)
            if not going_on:
                return False
        return True

    def _divisions(
        self, index: int, mask: int
    ) -> tuple[list[tuple[tuple[float, ...], Division]], bool]:
        """Divisions of a need over ``mask``, their money by each floor, and if these are all."""
        instance = self.instance
        problem = instance.problem
        usable = [
            (number, cap)
            for number in bits(mask)
            if (cap := instance.claims.cap[index][instance.place[number]])
            and problem.floors[0].unit[index][instance.option[number]] < inf
        ]
        money = [
            [
                (
                    floor.unit[index][instance.option[number]],
                    0.0
                    if instance.place[number] in instance.claims.locked[index]
                    else problem.pick[instance.place[number]],
                )
                for number, _ in usable
            ]
            for floor in problem.floors
        ]
        need = instance.problem.needs[index]
        quantity = instance.demand[index]
        found: list[tuple[tuple[float, ...], Division]] = []
        complete = True
        caps = [cap for _, cap in usable]
        least = min(quantity, sum(caps)) if self._fills and not need.whole else 0
        for units in _compositions(caps, quantity, least):
            used = [at for at, count in enumerate(units) if count]
            if need.whole and len(used) > 1:
                continue
            open_money = (quantity - sum(units)) * instance.open_cost
            costs = tuple(
                open_money + sum(row[at][0] * units[at] + row[at][1] for at in used)
                for row in money
            )
            found.append((costs, tuple((usable[at][0], units[at]) for at in used)))
            if len(found) >= MAX_DIVISIONS:
                complete = False
                break
        found.sort()
        return found, complete


def _compositions(caps: list[int], quantity: int, least: int) -> Iterator[tuple[int, ...]]:
    """Ways to take from ``least`` to ``quantity`` units, the most from the first place first."""
    if not caps:
        if least <= 0:
            yield ()
        return
    later = sum(caps[1:])
    for units in range(min(caps[0], quantity), max(0, least - later) - 1, -1):
        for others in _compositions(caps[1:], quantity - units, least - units):
            yield (units, *others)


def _take(
    stock: dict[int, dict[Key, int]],
    division: Division,
    usage: tuple[tuple[Key, int], ...],
    sign: int,
) -> bool:
    """Add ``sign`` times the units to the stock; False, and no change, where it would not reach."""
    if sign < 0 and any(
        stock[number][key] < each * units for number, units in division for key, each in usage
    ):
        return False
    for number, units in division:
        for key, each in usage:
            stock[number][key] += sign * each * units
    return True


def bits(mask: int) -> Iterator[int]:
    """Numbers of the bits of ``mask``, ascending."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
