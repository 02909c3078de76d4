"""The cheapest plan, with a proof.

Only the set of opened options has to be searched: for a fixed set the needs separate (``fill.py``)
or, where tariffs or shared stock couple them, are divided by a search of their own (``tariff.py``).

1. Best single place. It is optimal if all needs at their cheapest anywhere, plus the two smallest
   charges, cost no less: any other plan pays at least that.
2. Depth-first branch and bound over the options (open, closed, free). At each node dual ascent
   (``bound.py``) gives a lower bound; a node whose bound reaches the best plan known holds nothing
   better and is left. An option that would raise the bound to it when opened is closed, and one
   that would when closed is opened. Where the number of places is limited, a second bound takes the
   largest single gains off the money of the opened ones: gains fall as sets grow (what a set saves
   is submodular, each need being a transportation problem with one demand), so none gains more.
3. After ``NODES`` nodes, or where a leaf has too many divisions to try, the HiGHS solver takes over
   with the time left, where it is installed (``milp.py``).

Proof of optimality: the tree covers all sets, every leaf is solved exactly, and nodes are left
only on a valid bound; so when the tree is exhausted no plan is cheaper than the best found by more
than ``TOLERANCE``. When nodes or time run out, ``lower`` is the least bound of the nodes not
visited, and the gap between it and the plan is proven in the same way.

Ties: fewer options first, then the preferred warehouses; the order of the input plays no part.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..price import Problem
from ..stock import Claims
from . import milp
from .base import TOLERANCE, Chosen, Clock, Limits
from .bound import Bound, Dual
from .fill import divide, divide_all, fill_cost
from .instance import Instance, build
from .tariff import Division, TrueDivision, bits

NODES = 300
MAX_NODES = 20_000
DIVISIONS = 20_000
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
        self.true = None if instance.simple else TrueDivision(instance, DIVISIONS, self.clock)
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
        stack = [_Node(0, 0, float("-inf"))]
        switch = NODES if milp.is_available() else MAX_NODES
        while stack:
            if self.nodes >= switch or (self.nodes and self.clock.is_up()):
                return self._hand_over(min(self.unproven, *(node.bound for node in stack)))
            node = stack.pop()
            if node.bound < self.best - TOLERANCE:
                self.nodes += 1
                self._visit(node, stack)
        if self.unproven < self.best - TOLERANCE:
            return self._hand_over(self.unproven)
        return self.unproven

    def _visit(self, node: _Node, stack: list[_Node]) -> None:
        if not self._settle(node):
            return
        best: Bound | None = None
        for floor in range(len(self.instance.relaxed)):
            bound = self._bound(node, floor)
            if bound.value >= self.best - TOLERANCE:
                return
            self._fix(node, bound)
            if best is None or bound.value > best.value:
                best = bound
        assert best is not None
        node.bound = max(node.bound, best.value)
        if not self._settle(node):
            return
        free = self._free(node)
        limit = self.instance.max_places
        if limit is not None and free:
            node.bound = max(node.bound, self._limited_bound(node.opened, free, limit))
        if node.bound >= self.best - TOLERANCE:
            return
        if not free:
            self._leaf(node.opened, node.bound)
            return
        self._reduce(node.opened, free, best)
        if node.bound < self.best - TOLERANCE:
            number = self._branch(free, best)
            bit = 1 << number
            siblings = self.instance.siblings[number]
            stack.append(_Node(node.opened, node.closed | bit, node.bound))
            stack.append(_Node(node.opened | bit, node.closed | siblings, node.bound))

    def _bound(self, node: _Node, floor: int) -> Bound:
        instance = self.instance
        return Dual(
            instance.relaxed[floor],
            instance.demand,
            instance.fixed[floor],
            node.opened,
            node.closed,
            instance.open_cost,
            instance.places,
        ).ascend()

    def _fix(self, node: _Node, bound: Bound) -> None:
        """Open and close what a better plan must have open or closed."""
        instance = self.instance
        for place in instance.places:
            for number in place[0]:
                bit = 1 << number
                if (node.opened | node.closed) & bit:
                    continue
                if bound.if_opened(number, place) >= self.best - TOLERANCE:
                    node.closed |= bit
                elif bound.if_closed(number, place) >= self.best - TOLERANCE:
                    node.opened |= bit
                    node.closed |= instance.siblings[number]

    def _free(self, node: _Node) -> int:
        return ((1 << self.count) - 1) & ~node.opened & ~node.closed

    def _settle(self, node: _Node) -> bool:
        """Open what must ship in one way, close what would be too many; False if stuck."""
        for group in self.instance.must:
            left = group & ~node.closed
            if not left:
                return False
            if not left & (left - 1):
                node.opened |= left
        limit = self.instance.max_places
        if limit is None or node.opened.bit_count() < limit:
            return True
        node.closed |= self._free(node)
        return node.opened.bit_count() == limit and all(
            group & node.opened for group in self.instance.must
        )

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

    def _reduce(self, opened: int, free: int, bound: Bound) -> None:
        """Offer what the bound opens, without what is not worth its charge."""
        instance = self.instance
        mask = opened
        for number in bits(free):
            if bound.excess[number] >= -TOLERANCE and not instance.siblings[number] & mask:
                mask |= 1 << number
        for group in instance.must:
            if not group & mask:
                mask |= group & free & -(group & free)
        money = self._money(mask)
        limit = instance.max_places
        for number in sorted(bits(mask & ~opened), key=lambda one: -instance.fixed[0][one]):
            fewer = mask & ~(1 << number)
            if all(group & fewer for group in instance.must):
                value = self._money(fewer)
                if value <= money + TOLERANCE:
                    mask, money = fewer, value
        while limit is not None and mask.bit_count() > limit:
            choices = [
                (self._money(mask & ~(1 << number)), number)
                for number in bits(mask & ~opened)
                if all(group & mask & ~(1 << number) for group in instance.must)
            ]
            if not choices:
                return
            money, number = min(choices)
            mask &= ~(1 << number)
        self._offer(money, mask)

    def _branch(self, free: int, bound: Bound) -> int:
        """The free option that earns most, first among those that earn their charge."""
        fixed = self.instance.fixed[0]
        return max(
            bits(free),
            key=lambda number: (
                bound.excess[number] >= -TOLERANCE,
                fixed[number] + bound.excess[number],
                -number,
            ),
        )

    def _hand_over(self, lower: float) -> float:
        """The tree is too large: let the solver go on, and keep the better bound."""
        self.method = "exact, cut off"
        lower = max(lower, self._least_open() * self.instance.open_cost)
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

    def _least_open(self) -> int:
        """Units that no plan ships, because needs together ask for more of a stock key than is."""
        claims = self.instance.claims
        own = [
            (need, max(0, wanted - sum(claims.cap[need.index])))
            for need, wanted in zip(self.instance.problem.needs, claims.open, strict=True)
        ]
        most = sum(units for _, units in own)
        keys = {key for need, _ in own for key, _ in need.usage}
        for key in sorted(keys, key=str):
            users = [
                (each, claims.open[need.index] - units)
                for need, units in own
                for used, each in need.usage
                if used == key
            ]
            lacking = sum(each * units for each, units in users)
            lacking -= sum(left[key] for left in claims.left)
            if lacking > 0:
                worst = max(each for each, _ in users)
                most = max(most, sum(units for _, units in own) + -(-lacking // worst))
        return most

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


@dataclass(slots=True)
class _Node:
    """Masks of the options that are open and closed, and a bound of what they allow."""

    opened: int
    closed: int
    bound: float


def _preference(mask: int) -> tuple[int, tuple[int, ...]]:
    return mask.bit_count(), tuple(bits(mask))
