"""Ordered rules: for each line, the first rule that does not tie decides which warehouse is next.

A rule gives every warehouse a value, the lowest is best; the warehouses that share it go to the
next rule, and the last tie goes to the warehouse's priority, then its id. The warehouse chosen
gives all it can, and the rest of the line is asked again. Merchants know this way from the order
routing of Shopify and Spree (``OrderRouting`` rules); nobody has to guess what weights add up to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import inf

from ..candidates import Option
from ..price import Floor, Problem
from ..snapshot import Key
from ..stock import Claims, Need, units_of
from . import exact
from .base import TOLERANCE, Chosen, Limits


@dataclass(slots=True)
class State:
    """What has been given so far.

    :ivar units: (need, place) → units. ``open`` is what each need still lacks.
    :ivar left: [place] stock that is left.
    """

    problem: Problem
    claims: Claims
    limits: Limits
    units: dict[tuple[int, int], int] = field(default_factory=dict)
    open: list[int] = field(default_factory=list)
    left: list[dict[Key, int]] = field(default_factory=list)

    @classmethod
    def start(cls, problem: Problem, claims: Claims, limits: Limits) -> State:
        """Only the locked units are given."""
        return cls(
            problem,
            claims,
            limits,
            {
                (need, place): n
                for need, row in enumerate(claims.locked)
                for place, n in row.items()
            },
            list(claims.open),
            [dict(one) for one in claims.left],
        )

    def cap(self, need: Need, place: int) -> int:
        """Units of ``need`` that ``place`` can give now."""
        if place in self.limits.banned or not self.claims.cap[need.index][place]:
            return 0
        return min(self.open[need.index], units_of(need.usage, self.left[place]))

    def places(self) -> set[int]:
        """Places that ship."""
        return {place for _, place in self.units}

    def contents(self, place: int) -> list[tuple[int, int]]:
        """(need, units) given by ``place``."""
        return [(need, units) for (need, at), units in self.units.items() if at == place]


Rule = Callable[[State, Need, int], float]


def _priority(state: State, need: Need, place: int) -> float:
    """The warehouse's own priority."""
    return float(state.problem.places[place].warehouse.priority)


def _nearest(state: State, need: Need, place: int) -> float:
    """Great-circle distance to the destination; an unknown one is farthest."""
    distance = state.problem.places[place].distance_km
    return inf if distance is None else distance


def _stay_in_country(state: State, need: Need, place: int) -> float:
    """0 in the destination's country, 1 elsewhere."""
    country = state.problem.snapshot.destination.country
    return 0.0 if state.problem.places[place].warehouse.country == country else 1.0


def _balance_stock(state: State, need: Need, place: int) -> float:
    """The highest stock of the product first."""
    return -float(units_of(need.usage, state.left[place]))


def _oldest_stock(state: State, need: Need, place: int) -> float:
    """The stock that has lain longest first."""
    ages = state.problem.places[place].warehouse.stock_age
    return -max((ages.get(key, 0.0) for key, _ in need.usage), default=0.0)


def _cheapest(state: State, need: Need, place: int) -> float:
    """Money that each unit adds, beside what the place ships anyway."""
    units = max(1, state.cap(need, place))
    before = state.contents(place)
    after = dict(before)
    fresh = need.index not in after
    after[need.index] = after.get(need.index, 0) + units
    cheapest = inf
    for option in state.problem.by_place[place]:
        money = _money(state.problem, option, list(after.items()))
        if before:
            money -= _money(state.problem, option, before)
        cheapest = min(cheapest, money)
    if fresh:
        cheapest += state.problem.pick[place]
    return cheapest / units + state.problem.bid(need, place)


def _fastest(state: State, need: Need, place: int) -> float:
    """The earliest delivery."""
    options = state.problem.places[place].options
    return min((option.deliver_at.timestamp() for option in options), default=inf)


def _fewest_parcels(state: State, need: Need, place: int) -> float:
    """How many warehouses everything still open takes, if this one ships; exactly.

    That is a cost problem in which a warehouse that does not ship yet costs 1 and nothing else
    costs anything. Whether needs compete for the same units is not looked at.
    """
    problem = state.problem
    shipping = state.places() | {place}
    charges = [0.0 if option.place in shipping else 1.0 for option in problem.options]
    free = [[0.0 if unit < inf else inf for unit in row] for row in problem.floors[0].unit]
    cover = replace(
        problem,
        floors=[Floor(charges, free)],
        straight=[True] * len(problem.options),
        pick=[0.0] * len(problem.places),
        open_cost=len(problem.places) + 1.0,
        credit=0.0,
    )
    claims = Claims(
        locked=[{} for _ in problem.needs],
        refused={},
        open=list(state.open),
        cap=[
            [state.cap(one, index) for index in range(len(problem.places))] for one in problem.needs
        ],
        stock=state.left,
        left=state.left,
        coupled=[False] * len(problem.needs),
    )
    chosen = exact.choose(cover, claims, Limits(time_limit=state.limits.time_limit))
    missing = sum(state.open) - sum(chosen.units.values())
    return len(shipping) + chosen.value - missing * cover.open_cost


RULES: dict[str, Rule] = {
    "priority": _priority,
    "nearest": _nearest,
    "fewest_parcels": _fewest_parcels,
    "stay_in_country": _stay_in_country,
    "balance_stock": _balance_stock,
    "oldest_stock": _oldest_stock,
    "cheapest": _cheapest,
    "fastest": _fastest,
}
"""Every rule by the code that policies name it by."""


def rules_of(problem: Problem) -> list[tuple[str, Rule]]:
    """The rules of the policy, in order. Raises ``ValueError`` for an unknown code."""
    codes = problem.snapshot.policy.rules
    unknown = [code for code in codes if code not in RULES]
    if unknown:
        raise ValueError(f"unknown rule {unknown[0]!r}; there are {', '.join(RULES)}")
    return [(code, RULES[code]) for code in codes]


def choose(problem: Problem, claims: Claims, limits: Limits) -> Chosen:
    """Follow the policy's rules, line by line."""
    rules = [rule for _, rule in rules_of(problem)]
    state = State.start(problem, claims, limits)
    for need in problem.needs:
        tried: set[int] = set()
        while state.open[need.index]:
            pool = _pool(state, need, tried)
            if not pool:
                break
            place = _first(state, need, pool, rules)
            if not _give(state, need, place) or need.whole:
                tried.add(place)
            if need.whole and (need.index, place) in state.units:
                break
    options: dict[int, int] = {}
    for place in sorted(state.places()):
        option = _option(state, place, state.contents(place))
        options[place] = problem.by_place[place][0] if option is None else option
    value = sum(
        _money(problem, option, state.contents(place))
        + problem.pick[place] * len(state.contents(place))
        for place, option in options.items()
    )
    value += sum(
        problem.bid(problem.needs[need], place) * units
        for (need, place), units in state.units.items()
    )
    value += sum(state.open) * problem.open_cost - (problem.credit if options else 0.0)
    return Chosen(dict(state.units), options, value, value, "rules")


def _pool(state: State, need: Need, tried: set[int]) -> list[int]:
    caps = {
        place: cap
        for place in range(len(state.problem.places))
        if place not in tried and (cap := state.cap(need, place))
    }
    bounds = (state.limits.max_places, state.limits.max_parcels)
    limit = min((one for one in bounds if one is not None), default=None)
    if limit is not None and len(state.places()) >= limit:
        caps = {place: cap for place, cap in caps.items() if place in state.places()}
    if need.whole and caps:
        most = max(caps.values())
        caps = {place: cap for place, cap in caps.items() if cap == most}
    return sorted(caps)


def _first(state: State, need: Need, pool: list[int], rules: list[Rule]) -> int:
    for rule in rules:
        if len(pool) == 1:
            break
        values = {place: rule(state, need, place) for place in pool}
        best = min(values.values())
        pool = [place for place in pool if values[place] <= best + TOLERANCE]
    return pool[0]


def _give(state: State, need: Need, place: int) -> bool:
    """Take from ``place`` all that the limits let it ship; False if that is nothing."""
    most = state.cap(need, place)
    for units in range(most, 0, -1):
        if _allows(state, need, place, units):
            at = (need.index, place)
            state.units[at] = state.units.get(at, 0) + units
            state.open[need.index] -= units
            for key, each in need.usage:
                state.left[place][key] -= each * units
            return True
    return False


def _allows(state: State, need: Need, place: int, units: int) -> bool:
    contents = dict(state.contents(place))
    contents[need.index] = contents.get(need.index, 0) + units
    option = _option(state, place, list(contents.items()))
    if option is None:
        return False
    if state.limits.max_parcels is None:
        return True
    parcels = _parcels(state.problem, option, list(contents.items()))
    for other in state.places() - {place}:
        used = _option(state, other, state.contents(other))
        if used is not None:
            parcels += _parcels(state.problem, used, state.contents(other))
    return parcels <= state.limits.max_parcels


def _option(state: State, place: int, contents: list[tuple[int, int]]) -> int | None:
    """The cheapest option that can ship ``contents``; the fastest where a rule asks for speed."""
    problem = state.problem
    rules = problem.snapshot.policy.rules
    hurry = "fastest" in rules and (
        "cheapest" not in rules or rules.index("fastest") < rules.index("cheapest")
    )
    best: tuple[float, float, int] | None = None
    for index in problem.by_place[place]:
        option = problem.options[index]
        if not _carries(problem, option, index, contents):
            continue
        money = _money(problem, index, contents)
        arrival = option.deliver_at.timestamp()
        key = (arrival, money, index) if hurry else (money, arrival, index)
        if best is None or key < best:
            best = key
    return None if best is None else best[2]


def _carries(problem: Problem, option: Option, index: int, contents: list[tuple[int, int]]) -> bool:
    if any(problem.floors[0].unit[need][index] == inf for need, _ in contents):
        return False
    if option.max_lines is not None and len(contents) > option.max_lines:
        return False
    return option.max_parcels is None or _parcels(problem, index, contents) <= option.max_parcels


def _weights(problem: Problem, contents: list[tuple[int, int]]) -> list[tuple[float, int]]:
    return [(problem.needs[need].unit_weight, units) for need, units in contents]


def _money(problem: Problem, option: int, contents: list[tuple[int, int]]) -> float:
    return problem.shipping(option, _weights(problem, contents))[1]


def _parcels(problem: Problem, option: int, contents: list[tuple[int, int]]) -> int:
    return problem.shipping(option, _weights(problem, contents))[0]
