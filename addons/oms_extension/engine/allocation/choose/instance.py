"""The exact search's view of one order: the options that can ship anything, as arrays and bits."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from ..price import Problem
from ..stock import Claims
from .base import Limits

Arc = tuple[float, int, int, float]
"""Money per unit, number of the option, units it can give, money for picking the need there."""


@dataclass(slots=True)
class Instance:
    """Options are numbered anew, the preferred warehouse first; a set of them is a bit mask.

    :ivar option: [number] index of the option in the problem. ``place`` is its place.
    :ivar siblings: [number] mask of the other options of its place.
    :ivar fixed: [floor][number] charge, with the price of the locked units.
    :ivar arcs: [floor][need] arcs by rising money per unit, only those cheaper than leaving open.
    :ivar relaxed: the same with the picking spread over the units, never above the true money.
    :ivar must: mask of options for each place that ships locked units. ``places`` are the options
        of every place, and whether it ships locked units.
    :ivar simple: whether floor 0 is the true price, and needs do not compete for stock.
    :ivar max_places: warehouses that may ship; with straight tariffs, also parcels.
    """

    problem: Problem
    claims: Claims
    limits: Limits
    option: list[int]
    place: list[int]
    siblings: list[int]
    fixed: list[list[float]]
    arcs: list[list[list[Arc]]]
    relaxed: list[list[list[Arc]]]
    must: list[int]
    places: list[tuple[tuple[int, ...], bool]]
    simple: bool
    picks: bool
    max_places: int | None

    @property
    def demand(self) -> list[int]:
        """[need] units that are not locked."""
        return self.claims.open

    @property
    def open_cost(self) -> float:
        """Money of a unit that does not ship."""
        return self.problem.open_cost


def build(problem: Problem, claims: Claims, limits: Limits) -> Instance:
    """Number the options that can ship something and are not plainly dearer than a sibling."""
    locked_at = {place for row in claims.locked for place in row}
    options: list[int] = []
    for place in range(len(problem.places)):
        if place in locked_at:
            options += _without_dominated(
                problem, claims, [o for o in problem.by_place[place] if _holds(problem, claims, o)]
            )
        elif place not in limits.banned and any(row[place] for row in claims.cap):
            options += _without_dominated(problem, claims, problem.by_place[place])
    places = [problem.options[o].place for o in options]
    siblings = [
        sum(1 << other for other, there in enumerate(places) if there == here and other != number)
        for number, here in enumerate(places)
    ]
    picks = any(problem.pick[place] for place in places)
    arcs = [
        [_arcs(problem, claims, options, places, floor, need) for need in range(len(claims.open))]
        for floor in range(len(problem.floors))
    ]
    bounds = [limits.max_places, limits.max_parcels]
    return Instance(
        problem=problem,
        claims=claims,
        limits=limits,
        option=options,
        place=places,
        siblings=siblings,
        fixed=[
            [_charge(problem, claims, floor, option) for option in options]
            for floor in range(len(problem.floors))
        ],
        arcs=arcs,
        relaxed=[[_relax(row, problem.open_cost) for row in floor] for floor in arcs]
        if picks
        else arcs,
        must=[
            sum(1 << number for number, there in enumerate(places) if there == place)
            for place in sorted(locked_at)
        ],
        places=[
            (
                tuple(number for number, there in enumerate(places) if there == place),
                place in locked_at,
            )
            for place in sorted(set(places))
        ],
        simple=all(problem.straight[option] for option in options) and not any(claims.coupled),
        picks=picks,
        max_places=min((one for one in bounds if one is not None), default=None),
    )


def _holds(problem: Problem, claims: Claims, option: int) -> bool:
    """Whether the option can carry every need that is locked at its place."""
    place = problem.options[option].place
    return all(
        place not in row or problem.floors[0].unit[need][option] < inf
        for need, row in enumerate(claims.locked)
    )


def _charge(problem: Problem, claims: Claims, floor: int, option: int) -> float:
    place = problem.options[option].place
    total = problem.floors[floor].fixed[option]
    for need, row in enumerate(claims.locked):
        if place in row:
            total += row[place] * problem.floors[floor].unit[need][option] + problem.pick[place]
    return total


def _without_dominated(problem: Problem, claims: Claims, options: list[int]) -> list[int]:
    """Drop options that cost at least as much as a sibling for any contents."""
    if len(options) < 2:
        return options
    floor = problem.floors[0]
    kept: list[int] = []
    for option in sorted(options, key=lambda one: (floor.fixed[one], one)):
        if not any(
            problem.straight[other] and all(row[other] <= row[option] for row in floor.unit)
            for other in kept
        ):
            kept.append(option)
    return kept


def _arcs(
    problem: Problem,
    claims: Claims,
    options: list[int],
    places: list[int],
    floor: int,
    need: int,
) -> list[Arc]:
    unit = problem.floors[floor].unit[need]
    cap = claims.cap[need]
    locked = claims.locked[need]
    return sorted(
        (
            unit[option],
            number,
            cap[place],
            0.0 if place in locked else problem.pick[place],
        )
        for number, (option, place) in enumerate(zip(options, places, strict=True))
        if cap[place] and unit[option] < problem.open_cost
    )


def _relax(arcs: list[Arc], open_cost: float) -> list[Arc]:
    spread = ((unit + pick / cap, number, cap, 0.0) for unit, number, cap, pick in arcs)
    return sorted(arc for arc in spread if arc[0] < open_cost)
