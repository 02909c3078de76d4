"""The fallback for hard orders: the HiGHS solver (https://highs.dev, MIT), where it is installed.

Mixed-integer program: a binary for each option, units of each need from each option, a binary for
each pick that costs something, and one variable for each option's money, above all its floors. It
is the true problem where tariffs are straight, and a lower bound where they are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from math import inf
from typing import Any

from .instance import Instance
from .tariff import Division


@dataclass(slots=True)
class Answer:
    """Opened options, units by need, and a bound that no plan is below."""

    mask: int
    divisions: dict[int, Division]
    lower: float


@cache
def is_available() -> bool:
    """Whether HiGHS can be imported."""
    return find_spec("highspy") is not None


def solve(instance: Instance, seconds: float) -> Answer | None:
    """Best plan and bound within ``seconds``; None where the solver gave neither."""
    import highspy

    # The thread count is left alone: HiGHS keeps one pool for the whole process, and an instance
    # that asks for another size fails without a solution.
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", seconds)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 1e-7)
    model = _Model(instance)
    model.load(highspy, solver)
    solver.run()
    status = solver.getModelStatus()
    done = {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kTimeLimit}
    if status not in done:
        return None
    info = solver.getInfo()
    lower = info.mip_dual_bound if abs(info.mip_dual_bound) < 1e20 else -inf
    values = list(solver.getSolution().col_value)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible or not values:
        return Answer(0, {}, lower)
    return model.read(values, lower)


class _Model:
    """Columns and rows of the program, as plain lists."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.cost: list[float] = []
        self.upper: list[float] = []
        self.whole_columns: list[int] = []
        self.rows: list[tuple[float, float, list[tuple[int, float]]]] = []
        self.used = [self._column(0.0, 1.0, True) for _ in instance.option]
        self.money = [self._column(1.0, inf, False) for _ in instance.option]
        self.units: dict[tuple[int, int], int] = {}
        self.offset = 0.0
        self._add_needs()
        self._add_money()
        self._add_limits()

    def _column(self, cost: float, upper: float, whole: bool) -> int:
        self.cost.append(cost)
        self.upper.append(upper)
        if whole:
            self.whole_columns.append(len(self.cost) - 1)
        return len(self.cost) - 1

    def _add_needs(self) -> None:
        instance = self.instance
        problem = instance.problem
        for need in problem.needs:
            quantity = instance.demand[need.index]
            self.offset += quantity * instance.open_cost
            terms: list[tuple[int, float]] = []
            picked: list[tuple[int, float]] = []
            for number, (option, place) in enumerate(
                zip(instance.option, instance.place, strict=True)
            ):
                cap = instance.claims.cap[need.index][place]
                if not cap or problem.floors[0].unit[need.index][option] == inf:
                    continue
                column = self._column(-instance.open_cost, cap, True)
                self.units[need.index, number] = column
                terms.append((column, 1.0))
                fresh = place not in instance.claims.locked[need.index]
                charge = problem.pick[place] if fresh else 0.0
                if charge or need.whole:
                    pick = self._column(charge, 1.0, True)
                    picked.append((pick, 1.0))
                    self.rows.append((-inf, 0.0, [(column, 1.0), (pick, -float(cap))]))
                    self.rows.append((-inf, 0.0, [(pick, 1.0), (self.used[number], -1.0)]))
                else:
                    self.rows.append((-inf, 0.0, [(column, 1.0), (self.used[number], -float(cap))]))
            self.rows.append((-inf, float(quantity), terms))
            if need.whole:
                self.rows.append((-inf, 1.0, picked))

    def _add_money(self) -> None:
        instance = self.instance
        for floor, arcs in enumerate(instance.problem.floors):
            for number, option in enumerate(instance.option):
                row = [
                    (self.money[number], 1.0),
                    (self.used[number], -instance.fixed[floor][number]),
                ]
                row += [
                    (column, -arcs.unit[need][option])
                    for (need, other), column in self.units.items()
                    if other == number
                ]
                self.rows.append((0.0, inf, row))

    def _add_limits(self) -> None:
        instance = self.instance
        everything = [(column, 1.0) for column in self.used]
        if instance.max_places is not None:
            self.rows.append((-inf, float(instance.max_places), everything))
        for group in instance.must:
            members = [(self.used[n], 1.0) for n in range(len(self.used)) if group >> n & 1]
            self.rows.append((1.0, inf, members))
        for place in sorted(set(instance.place)):
            members = [(self.used[n], 1.0) for n, at in enumerate(instance.place) if at == place]
            if len(members) > 1:
                self.rows.append((-inf, 1.0, members))
            self._add_stock(place)

    def _add_stock(self, place: int) -> None:
        instance = self.instance
        for key, left in instance.claims.left[place].items():
            row = [
                (column, float(each))
                for (need, number), column in self.units.items()
                if instance.place[number] == place and instance.claims.coupled[need]
                for used, each in instance.problem.needs[need].usage
                if used == key
            ]
            if row:
                self.rows.append((-inf, float(left), row))

    def load(self, highspy: Any, solver: Any) -> None:
        """Hand the program to ``solver``."""
        for cost, upper in zip(self.cost, self.upper, strict=True):
            solver.addCol(cost, 0.0, upper, 0, [], [])
        for column in self.whole_columns:
            solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        for lower, upper, terms in self.rows:
            if terms:
                solver.addRow(
                    lower, upper, len(terms), [one for one, _ in terms], [one for _, one in terms]
                )
        solver.changeObjectiveOffset(self.offset)

    def read(self, values: list[float], lower: float) -> Answer:  # pylint: disable=method-required-super
        """The solver's values as a set of options and divisions."""
        mask = 0
        for number, column in enumerate(self.used):
            if values[column] > 0.5:
                mask |= 1 << number
        divisions: dict[int, list[tuple[int, int]]] = {}
        for (need, number), column in self.units.items():
            count = round(values[column])
            if count > 0 and mask >> number & 1:
                divisions.setdefault(need, []).append((number, count))
        return Answer(mask, {need: tuple(sorted(one)) for need, one in divisions.items()}, lower)
