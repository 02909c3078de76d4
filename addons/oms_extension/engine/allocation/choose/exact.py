"""The cheapest plan, with a proof.

Only the set of opened options has to be searched: for a fixed set the needs separate (``fill.py``)
or, where tariffs or shared stock couple them, are divided by a search of their own (``tariff.py``).

1. Best single place. It is optimal if all needs at their cheapest anywhere, plus the two smallest
   charges, cost no less: any other plan pays at least that.
2. Depth-first branch and bound over the options (open, closed, free). At each node dual ascent
   (``bound.py``) gives a lower bound; a node whose bound reaches the best plan known holds nothing
   better and is left. An option whose slack added to the bound reaches it cannot be open in a
   better plan and is closed. Where the number of places is limited, a second bound adds to the
   opened ones' money the largest single gains: gains fall as sets grow (the money saved by a set is
   submodular, each need being a transportation problem with one demand), so no set gains more.
3. After ``NODES`` nodes, the HiGHS solver, where it is installed, takes over with the time left
   (``milp.py``).

Proof of optimality: the tree covers all sets, every leaf is solved exactly, and nodes are left
only on a valid bound; so when the tree is exhausted no plan is cheaper than the best found by more
than ``TOLERANCE``. When nodes or time run out, ``lower`` is the least bound of the nodes not
visited, and the gap between it and the plan is proven in the same way.

Ties: fewer options first, then the preferred warehouses; the order of the input plays no part.
"""

from __future__ import annotations

from ..price import Problem
from ..stock import Claims
from . import milp
from .base import TOLERANCE, Chosen, Clock, Limits
from .bound import dual_ascent
from .fill import divide, divide_all, fill_cost
from .instance import Instance, build
from .tariff import Division, TrueDivision, bits

NODES = 400
MAX_NODES = 20_000
DIVISIONS = 40_000
"""Divisions that may be tried at true tariffs, in all."""


def choose(problem: Problem, claims: Claims, limits: Limits) -> Chosen:
    """The plan of least money, optimal within ``limits`` up to the gap that it states."""
    instance = build(problem, claims, limits)
    return Search(instance).run()


class Search:
    """Branch and bound over the options of one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.clock = Clock(instance.limits.time_limit)
        self.count = len(instance.option)
        self.true = None if instance.simple else TrueDivision(instance, DIVISIONS)
        self.plain = instance.simple and not instance.picks and not self._any_whole()
        self.best = float("inf")
        self.best_mask = 0
        self.best_division: dict[int, Division] | None = None
        self.unproven = float("inf")
        self.nodes = 0
        self.method = "exact"

    def _any_whole(self) -> bool:
        return any(
            need.whole and self.instance.demand[need.index] for need in self.instance.problem.needs
        )

    def run(self) -> Chosen:
        """Search, and compare with shipping nothing."""
        instance = self.instance
        if not self.count:
            nothing = sum(instance.demand) * instance.open_cost
            return Chosen({}, {}, nothing, nothing, "exact")
        credit = instance.problem.credit
        if not instance.must:
            self._offer(self._money(0), 0)
        open_bound = float("inf") if self._single_place() else self._tree()
        if self.best == float("inf"):
            return self._locked_only()
        return self._chosen(self.best - credit, min(open_bound, self.best) - credit)

    def _locked_only(self) -> Chosen:
        """A person locked more than the limits allow: that ships, and nothing else does."""
        instance = self.instance
        self.best_mask = sum(group & -group for group in instance.must)
        self.best_division = {}
        money = sum(instance.fixed[0][number] for number in bits(self.best_mask))
        money += sum(instance.demand) * instance.open_cost - instance.problem.credit
        self.method = "locked beyond the limits"
        return self._chosen(money, money)

    # Evaluation of a set of options

    def _money(self, mask: int) -> float:
        """Money of ``mask``: exact where needs separate, else what a good division really costs.

        Every parcel pays the penalty for extra ones here, and so does a plan without parcels; it is
        given back to all of them in the end.
        """
        instance = self.instance
        if not mask:
            return sum(instance.demand) * instance.open_cost + instance.problem.credit
        if self.plain:
            fixed = instance.fixed[0]
            total = fill_cost(instance.arcs[0], instance.demand, mask, instance.open_cost)
            for number in bits(mask):
                total += fixed[number]
            return total
        if self.true is None:
            return divide_all(instance, mask)[0]
        found = self.true.quick(mask)
        return float("inf") if found is None else found[0]

    def _offer(self, money: float, mask: int, division: dict[int, Division] | None = None) -> None:
        """Keep ``mask`` if it is cheaper, or as cheap and preferred."""
        if money < self.best - TOLERANCE or (
            money <= self.best + TOLERANCE and _preference(mask) < _preference(self.best_mask)
        ):
            if self.true is not None and division is None:
                found = self.true.quick(mask)
                division = found[1] if found else {}
            self.best = money
            self.best_mask = mask
            self.best_division = division

    def _single_place(self) -> bool:
        """Step 1; True if its plan is proven optimal."""
        instance = self.instance
        if len(instance.must) > 1:
            return False
        required = instance.must[0] if instance.must else -1
        for number in range(self.count):
            if required >> number & 1:
                self._offer(self._money(1 << number), 1 << number)
        if self.true is not None:
            return False
        if instance.max_places == 1:
            return True
        cheapest = fill_cost(instance.relaxed[0], instance.demand, -1, instance.open_cost)
        charges: dict[int, float] = {}
        for place, charge in zip(instance.place, instance.fixed[0], strict=True):
            charges[place] = min(charge, charges.get(place, charge))
        two = sorted(charges.values())[:2]
        return len(two) < 2 or cheapest + sum(two) >= self.best - TOLERANCE

    # The tree

    def _tree(self) -> float:
        """Steps 2 and 3; returns the lower bound that is proven."""
        stack: list[tuple[int, int, float]] = [(0, 0, float("-inf"))]
        switch = NODES if milp.is_available() else MAX_NODES
        while stack:
            if self.nodes >= switch or (self.nodes % 8 == 7 and self.clock.is_up()):
                open_bound = min(bound for _, _, bound in stack)
                return self._hand_over(min(open_bound, self.unproven))
            opened, closed, bound = stack.pop()
            if bound >= self.best - TOLERANCE:
                continue
            self.nodes += 1
            self._visit(opened, closed, stack)
        return self.unproven

    def _visit(self, opened: int, closed: int, stack: list[tuple[int, int, float]]) -> None:
        instance = self.instance
        limit = instance.max_places
        everything = (1 << self.count) - 1
        opened, closed, possible = self._settle(opened, closed)
        if not possible:
            return
        if limit is not None and opened.bit_count() >= limit:
            if opened.bit_count() > limit:
                return
            closed |= everything & ~opened
        bound = float("-inf")
        slack: list[float] = []
        prices: list[float] = []
        for floor in range(len(instance.relaxed)):
            node = dual_ascent(
                instance.relaxed[floor],
                instance.demand,
                instance.fixed[floor],
                opened,
                closed,
                instance.open_cost,
            )
            value = node.value
            for group in instance.must:
                if not group & opened:
                    value += _charge_one_of(group & ~closed, node.slack)
            if value >= self.best - TOLERANCE:
                return
            for number in bits(everything & ~opened & ~closed):
                if value + node.slack[number] >= self.best - TOLERANCE:
                    closed |= 1 << number
            if value > bound:
                bound, slack, prices = value, node.slack, node.prices
        free = everything & ~opened & ~closed
        if limit is not None and free:
            bound = max(bound, self._limited_bound(opened, free, limit))
            if bound >= self.best - TOLERANCE:
                return
        if not free:
            self._leaf(opened, bound)
            return
        tight = self._reduce(opened, free, slack)
        if bound >= self.best - TOLERANCE:
            return
        number = self._branch(free, tight, slack, prices)
        stack.append((opened, closed | 1 << number, bound))
        stack.append((opened | 1 << number, closed | instance.siblings[number], bound))

    def _settle(self, opened: int, closed: int) -> tuple[int, int, bool]:
        """Open what must ship and has one way left; False if it has none."""
        for group in self.instance.must:
            if group & opened:
                continue
            left = group & ~closed
            if not left:
                return opened, closed, False
            if left & (left - 1) == 0:
                opened |= left
                closed |= group & ~left
        return opened, closed, True

    def _leaf(self, opened: int, bound: float) -> None:
        if self.true is None or not opened:
            self._offer(self._money(opened), opened)
            return
        quick = self.true.quick(opened)
        if quick is not None:
            self._offer(quick[0], opened, quick[1])
        money, division, proven = self.true.best(opened, self.best)
        if division is not None:
            self._offer(money, opened, division)
        if not proven:
            self.unproven = min(self.unproven, bound)
            self.method = "exact, divisions cut off"

    def _limited_bound(self, opened: int, free: int, limit: int) -> float:
        """Money of ``opened`` less the largest gains that the places still allowed can bring."""
        instance = self.instance
        best = float("-inf")
        for floor in range(len(instance.relaxed)):
            arcs, fixed = instance.relaxed[floor], instance.fixed[floor]
            base = fill_cost(arcs, instance.demand, opened, instance.open_cost)
            gains: dict[int, float] = {}
            for number in bits(free):
                money = fill_cost(arcs, instance.demand, opened | 1 << number, instance.open_cost)
                place = instance.place[number]
                gains[place] = max(gains.get(place, 0.0), base - money - fixed[number])
            room = limit - opened.bit_count()
            total = base + sum(fixed[number] for number in bits(opened))
            # A place with locked units has to be opened even if that gains nothing.
            best = max(best, total - sum(sorted(gains.values(), reverse=True)[:room]))
        return best

    def _reduce(self, opened: int, free: int, slack: list[float]) -> int:
        """Open what the bound paid for in full, then drop what is not worth its charge."""
        instance = self.instance
        mask = opened
        for number in bits(free):
            if slack[number] <= TOLERANCE and not instance.siblings[number] & mask:
                mask |= 1 << number
        for group in instance.must:
            if not group & mask:
                mask |= group & free & -(group & free)
        money = self._money(mask)
        required = instance.must
        droppable = sorted(bits(mask & ~opened), key=lambda number: -instance.fixed[0][number])
        limit = instance.max_places
        for number in droppable:
            fewer = mask & ~(1 << number)
            if any(not group & fewer for group in required):
                continue
            value = self._money(fewer)
            if value <= money + TOLERANCE:
                mask, money = fewer, value
        while limit is not None and mask.bit_count() > limit:
            choices = [
                (self._money(mask & ~(1 << number)), number)
                for number in bits(mask & ~opened)
                if all(group & mask & ~(1 << number) for group in required)
            ]
            if not choices:
                return mask
            money, number = min(choices)
            mask &= ~(1 << number)
        self._offer(money, mask)
        return mask

    def _branch(self, free: int, tight: int, slack: list[float], prices: list[float]) -> int:
        """The free option that is paid most for needs that others are paid for too."""
        instance = self.instance
        scores: dict[int, float] = {}
        for need, arcs in enumerate(instance.relaxed[0]):
            price = prices[need]
            paying = [
                (number, cap * (price - unit))
                for unit, number, cap, _ in arcs
                if unit < price and free >> number & 1 and slack[number] <= TOLERANCE
            ]
            if len(paying) > 1:
                for number, paid in paying:
                    scores[number] = scores.get(number, 0.0) + paid
        if not scores:
            pool = tight & free or free
            return max(bits(pool), key=lambda number: (instance.fixed[0][number], -number))
        return max(scores, key=lambda number: (scores[number], tight >> number & 1, -number))

    def _hand_over(self, lower: float) -> float:
        """The tree is too large: let the solver go on, and keep the better bound."""
        self.method = "exact, cut off"
        if not milp.is_available() or self.clock.left() <= 0:
            return lower
        answer = milp.solve(self.instance, self.clock.left())
        if answer is None:
            return lower
        self.method = "exact, HiGHS"
        if answer.mask:
            if self.true is None:
                self._offer(self._money(answer.mask), answer.mask)
            else:
                money = self.true.price(answer.mask, answer.divisions)
                if money is not None:
                    self._offer(money, answer.mask, answer.divisions)
                quick = self.true.quick(answer.mask)
                if quick is not None:
                    self._offer(quick[0], answer.mask, quick[1])
        return max(lower, answer.lower)

    # The result

    def _chosen(self, value: float, lower: float) -> Chosen:
        instance = self.instance
        units: dict[tuple[int, int], int] = {}
        for need, row in enumerate(instance.claims.locked):
            for place, count in row.items():
                units[need, place] = count
        if self.best_division is not None:
            divisions = [self.best_division.get(need.index, ()) for need in instance.problem.needs]
        else:
            divisions = [
                tuple(
                    divide(
                        [
                            arc
                            for arc in instance.arcs[0][need.index]
                            if self.best_mask >> arc[1] & 1
                        ],
                        instance.demand[need.index],
                        need.whole,
                        instance.open_cost,
                    )[1]
                )
                for need in instance.problem.needs
            ]
        for need, division in enumerate(divisions):
            for number, count in division:
                if count:
                    at = (need, instance.place[number])
                    units[at] = units.get(at, 0) + count
        options = {
            instance.place[number]: instance.option[number] for number in bits(self.best_mask)
        }
        return Chosen(units, options, value, lower, self.method)


def _charge_one_of(mask: int, slack: list[float]) -> float:
    """One option of ``mask`` has to be opened: all their slack down to the least is charged."""
    least = min(slack[number] for number in bits(mask))
    for number in bits(mask):
        slack[number] -= least
    return least


def _preference(mask: int) -> tuple[int, tuple[int, ...]]:
    return mask.bit_count(), tuple(bits(mask))
