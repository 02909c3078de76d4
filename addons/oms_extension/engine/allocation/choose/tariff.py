"""For a fixed set of opened options: the cheapest division at the true prices.

Used where needs do not separate: tariffs with steps, parcels with a weight limit or a limit on
their number, capacity that is nearly used up, several needs that draw on the same stock. Depth
first over the needs, every division of one need over the options in turn, the cheapest by the
floors first. A branch ends when a bound reaches the best plan known: what is fixed so far and the
least that the other needs can cost by any floor, or the true price of the boxes so far and the
least that the other needs cost besides freight.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, inf

from ..cost import WEIGHT_TOLERANCE, freight, per_parcel
from ..snapshot import Key, Lane
from .base import TOLERANCE, Clock
from .fill import divide
from .instance import Arc, Instance

Division = tuple[tuple[int, int], ...]
"""(option, units) of one need, options ascending, no zeros."""

MAX_DIVISIONS = 4000
"""A need with more divisions than this is tried in its cheapest ones only, and not proven."""


Choice = tuple[tuple[float, ...], float, Division]
"""A division of one need: money by each floor, money besides freight, and the division."""


class TrueDivision:
    """Prices divisions of ``instance`` truly, and finds the best one for a set of options.

    :ivar steps: how many divisions were tried in all; :meth:`best` stops at ``budget`` of them, or
        when the time is up.
    """

    def __init__(self, instance: Instance, budget: int, clock: Clock) -> None:
        self.instance = instance
        self.budget = budget
        self.clock = clock
        self.steps = 0
        problem = instance.problem
        self.locked: list[list[tuple[int, int]]] = [[] for _ in problem.places]
        for need, row in enumerate(instance.claims.locked):
            for place, units in row.items():
                self.locked[place].append((need, units))
        # Where tariffs are straight, only needs that compete for stock have to be searched.
        straight = all(problem.straight[option] for option in instance.option)
        wanted = [need for need in problem.needs if instance.demand[need.index]]
        self.alone = [
            need for need in wanted if straight and not instance.claims.coupled[need.index]
        ]
        self.order = sorted(
            (need for need in wanted if need not in self.alone),
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
        self._tables: list[list[Choice]] = []
        self._complete = True
        self._kg: dict[int, float] = {}
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
        coupled = instance.claims.coupled
        stock = {
            number: dict(instance.claims.left[instance.place[number]]) for number in bits(mask)
        }
        divisions: dict[int, Division] = {}
        for need in self.order + self.alone:
            arcs = [arc for arc in instance.arcs[0][need.index] if mask >> arc[1] & 1]
            if coupled[need.index]:
                arcs = [
                    arc for arc in (_within(one, need.usage, stock) for one in arcs) if arc[2] > 0
                ]
            _, units = divide(arcs, instance.demand[need.index], need.whole, instance.open_cost)
            divisions[need.index] = tuple(sorted(units))
            if coupled[need.index]:
                _take(stock, divisions[need.index], need.usage, -1)
        money = self.price(mask, divisions)
        return None if money is None else (money, divisions)

    def best(self, mask: int, below: float) -> tuple[float, dict[int, Division] | None, bool]:
        """The best division of ``mask`` that costs less than ``below``.

        Returns its money, the division (None: there is none) and whether that is proven.
        """
        instance = self.instance
        floors = range(len(instance.arcs))
        spent = [sum(instance.fixed[floor][number] for number in bits(mask)) for floor in floors]
        besides = sum(self._locked_money(number) for number in bits(mask))
        divisions: dict[int, Division] = {}
        for need in self.alone:
            arcs = [arc for arc in instance.arcs[0][need.index] if mask >> arc[1] & 1]
            quantity = instance.demand[need.index]
            money, units = divide(arcs, quantity, need.whole, instance.open_cost)
            divisions[need.index] = tuple(sorted(units))
            spent[0] += money
            besides += self._least(need.index, mask)[-1]
        after = [[0.0] * (len(spent) + 1)]
        for need in reversed(self.order):
            row = self._least(need.index, mask)
            after.append([one + own for one, own in zip(after[-1], row, strict=True)])
        after.reverse()
        if max(map(sum, zip(spent, after[0], strict=False))) >= below - TOLERANCE:
            return below, None, True
        self._best = below
        self._found = None
        self._complete = True
        self._tables = [self._divisions(need.index, mask) for need in self.order]
        self._kg = {number: self._locked_weight(number) for number in bits(mask)}
        stock = {
            number: dict(instance.claims.left[instance.place[number]]) for number in bits(mask)
        }
        proven = self._visit(mask, 0, spent, besides, after, divisions, stock)
        return self._best, self._found, proven and self._complete

    def _least(self, index: int, mask: int) -> list[float]:
        """The least that a need costs by each floor, and besides freight."""
        instance = self.instance
        problem = instance.problem
        need = problem.needs[index]
        quantity = instance.demand[index]
        rows = [[arc for arc in arcs[index] if mask >> arc[1] & 1] for arcs in instance.arcs]
        rows.append(
            sorted(
                (bid, number, cap, pick)
                for number, cap, pick in self._sources(index, mask)
                if (bid := problem.bid(need, instance.place[number])) < instance.open_cost
            )
        )
        return [divide(row, quantity, need.whole, instance.open_cost)[0] for row in rows]

    def _sources(self, index: int, mask: int) -> list[tuple[int, int, float]]:
        """(option, units, picking) of all options of ``mask`` that can ship a need."""
        instance = self.instance
        problem = instance.problem
        sources = []
        for number in bits(mask):
            place = instance.place[number]
            cap = instance.claims.cap[index][place]
            if cap and problem.floors[0].unit[index][instance.option[number]] < inf:
                fresh = place not in instance.claims.locked[index]
                sources.append((number, cap, problem.pick[place] if fresh else 0.0))
        return sources

    def _locked_weight(self, number: int) -> float:
        needs = self.instance.problem.needs
        locked = self.locked[self.instance.place[number]]
        return sum(needs[index].unit_weight * units for index, units in locked)

    def _locked_money(self, number: int) -> float:
        """Bids and picking of locked units."""
        problem = self.instance.problem
        place = self.instance.place[number]
        return sum(
            problem.bid(problem.needs[index], place) * units + problem.pick[place]
            for index, units in self.locked[place]
        )

    def _boxes(self, number: int) -> float:
        """The least that the boxes with what an option holds so far can cost."""
        weight = self._kg[number]
        problem = self.instance.problem
        option = problem.options[self.instance.option[number]]
        lane = option.lane
        each = per_parcel(
            problem.places[option.place].warehouse, problem.snapshot.policy, option.late_days
        )
        limit = lane.max_parcel_weight
        if limit is None or weight <= limit:
            return _least_freight(lane, weight) + each
        count = ceil((weight - WEIGHT_TOLERANCE) / limit)
        rate = 0.0 if lane.steps else lane.cost_per_kg
        return count * (_least_freight(lane, 0.0) + each) + rate * weight

    def _visit(
        self,
        mask: int,
        depth: int,
        spent: list[float],
        besides: float,
        after: list[list[float]],
        divisions: dict[int, Division],
        stock: dict[int, dict[Key, int]],
    ) -> bool:
        """Try the needs from ``depth`` on; False when the budget is used up."""
        if depth == len(self.order):
            money = self.price(mask, divisions)
            if money is not None and money < self._best - TOLERANCE:
                self._best = money
                self._found = dict(divisions)
            return True
        need = self.order[depth]
        coupled = self.instance.claims.coupled[need.index]
        later = after[depth + 1]
        for costs, own, division in self._tables[depth]:
            self.steps += 1
            if self.steps >= self.budget or (not self.steps % 256 and self.clock.is_up()):
                return False
            fixed = [done + one for done, one in zip(spent, costs, strict=True)]
            bound = max(map(sum, zip(fixed, later, strict=False)))
            if bound >= self._best - TOLERANCE:
                if len(costs) == 1:
                    break
                continue
            for number, units in division:
                self._kg[number] += need.unit_weight * units
            bound = besides + own + later[-1] + sum(self._boxes(number) for number in bits(mask))
            going_on = True
            if bound < self._best - TOLERANCE and (
                not coupled or _take(stock, division, need.usage, -1)
            ):
                divisions[need.index] = division
                going_on = self._visit(
                    mask, depth + 1, fixed, besides + own, after, divisions, stock
                )
                del divisions[need.index]
                if coupled:
                    _take(stock, division, need.usage, 1)
            for number, units in division:
                self._kg[number] -= need.unit_weight * units
            if not going_on:
                return False
        return True

    def _divisions(self, index: int, mask: int) -> list[Choice]:
        """Divisions of a need over ``mask``, the cheapest by the first floor first."""
        instance = self.instance
        problem = instance.problem
        need = problem.needs[index]
        sources = self._sources(index, mask)
        units_money = [
            [floor.unit[index][instance.option[number]] for number, _, _ in sources]
            for floor in problem.floors
        ]
        bids = [problem.bid(need, instance.place[number]) for number, _, _ in sources]
        quantity = instance.demand[index]
        caps = [cap for _, cap, _ in sources]
        least = min(quantity, sum(caps)) if self._fills and not need.whole else 0
        found: list[Choice] = []
        for units in _compositions(caps, quantity, least):
            used = [at for at, count in enumerate(units) if count]
            if need.whole and len(used) > 1:
                continue
            fixed = (quantity - sum(units)) * instance.open_cost + sum(
                sources[at][2] for at in used
            )
            costs = tuple(fixed + sum(row[at] * units[at] for at in used) for row in units_money)
            besides = fixed + sum(bids[at] * units[at] for at in used)
            found.append((costs, besides, tuple((sources[at][0], units[at]) for at in used)))
            if len(found) >= MAX_DIVISIONS:
                self._complete = False
                break
        found.sort()
        return found


def _least_freight(lane: Lane, weight: float) -> float:
    """The least price of one parcel of at least ``weight`` kg."""
    prices = [lane.base_cost + price for up_to, price in lane.steps if weight <= up_to]
    if not lane.steps or not prices:
        return freight(lane, weight)
    return min(prices)


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


def _within(arc: Arc, usage: tuple[tuple[Key, int], ...], stock: dict[int, dict[Key, int]]) -> Arc:
    """The arc with no more units than the stock is enough for."""
    unit, number, cap, pick = arc
    return unit, number, min(cap, *(stock[number][key] // each for key, each in usage)), pick


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
