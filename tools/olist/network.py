"""Ten warehouses where the demand is.

Demand is the number of orders of each area (first three digits of the postcode), at the area's
point. Of these points, ten are chosen so that the mean distance of an order to the nearest of them
is as small as an exchange heuristic makes it: start from a seeded draw that prefers far and busy
areas (as k-means++ does), then exchange one chosen area for another as long as that shortens the
way (M. B. Teitz and P. Bart, "Heuristic methods for estimating the generalized vertex median of a
weighted graph", Operations Research 16, 1968). Equal input and seed, equal network.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from random import Random

from .reading import Olist, Point

sys.path.append(str(Path(__file__).resolve().parents[2] / "addons" / "oms_extension"))
from engine.network.geo import great_circle_km

__all__ = [
    "WAREHOUSES",
    "Area",
    "Site",
    "areas",
    "choose_medians",
    "great_circle_km",
    "place_warehouses",
]

SEED = 2018
WAREHOUSES = 10
CANDIDATES = 250
"""Only the busiest areas may get a warehouse: nobody builds one where few people order."""


@dataclass(frozen=True, slots=True)
class Area:
    """Customers who share the first three digits of their postcode."""

    prefix: str
    city: str
    state: str
    point: Point
    orders: int


@dataclass(frozen=True, slots=True)
class Site:
    """A warehouse. ``share`` is the part of all orders to which it is the nearest."""

    code: str
    name: str
    state: str
    postcode: str
    point: Point
    share: float


def areas(olist: Olist) -> list[Area]:
    """Every area with a known point, the busiest first."""
    count: Counter[str] = Counter()
    cities: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    points: dict[str, list[Point]] = defaultdict(list)
    for order in olist.orders:
        customer = order.customer
        point = olist.locate(customer.prefix)
        if point:
            key = customer.prefix[:3]
            count[key] += 1
            cities[key][customer.city, customer.state] += 1
            points[key].append(point)
    found = []
    for prefix, orders in count.items():
        (city, state), _times = min(cities[prefix].items(), key=lambda item: (-item[1], item[0]))
        near = points[prefix]
        middle = (sum(p[0] for p in near) / len(near), sum(p[1] for p in near) / len(near))
        found.append(Area(prefix, city, state, middle, orders))
    return sorted(found, key=lambda area: (-area.orders, area.prefix))


def place_warehouses(olist: Olist, count: int = WAREHOUSES, seed: int = SEED) -> list[Site]:
    """The sites, the one with the largest share first."""
    demand = areas(olist)
    chosen = choose_medians(
        [area.point for area in demand],
        [area.orders for area in demand],
        count,
        min(CANDIDATES, len(demand)),
        Random(seed),
    )
    served: Counter[int] = Counter()
    for area in demand:
        served[min(chosen, key=lambda one: (_km(area.point, demand[one].point), one))] += (
            area.orders
        )
    total = sum(served.values())
    codes: Counter[str] = Counter()
    sites = []
    for one in sorted(chosen, key=lambda one: (-served[one], one)):
        area = demand[one]
        codes[area.state] += 1
        sites.append(
            Site(
                code=f"{area.state}{codes[area.state]}",
                name=f"{area.city} ({area.state})",
                state=area.state,
                postcode=f"{area.prefix}00",
                point=area.point,
                share=served[one] / total,
            )
        )
    return sites


def choose_medians(
    points: list[Point], weights: list[int], count: int, candidates: int, chooser: Random
) -> list[int]:
    """Indexes of ``count`` of the first ``candidates`` points, near to all points by weight.

    :param points: degrees; ``weights`` are theirs.

    Raises ``ValueError`` for fewer than 2 or more than ``candidates`` warehouses.
    """
    if not 2 <= count <= candidates:
        raise ValueError(f"{count} warehouses cannot be placed in {candidates} areas")
    km = [[_km(points[one], point) for point in points] for one in range(candidates)]
    chosen = [chooser.choices(range(candidates), weights[:candidates])[0]]
    while len(chosen) < count:
        far = [
            weights[one] * min(km[place][one] for place in chosen) ** 2 for one in range(candidates)
        ]
        chosen.append(chooser.choices(range(candidates), far)[0] if any(far) else
                      next(one for one in range(candidates) if one not in chosen))  # fmt: skip
    while exchange := _best_exchange(km, weights, chosen):
        leaving, entering = exchange
        chosen[chosen.index(leaving)] = entering
    return sorted(chosen)


def _best_exchange(
    km: list[list[float]], weights: list[int], chosen: list[int]
) -> tuple[int, int] | None:
    """The exchange of one chosen place for another that saves most, if any saves something.

    One pass per newcomer evaluates all who could leave (R. A. Whitaker, "A fast algorithm for the
    greedy interchange of large-scale clustering and median location problems", INFOR 21, 1983).
    """
    nearest = []
    for one in range(len(weights)):
        (first, place), (second, _next) = sorted((km[place][one], place) for place in chosen)[:2]
        nearest.append((first, second, place))
    best: tuple[float, int, int] | None = None
    for entering in range(len(km)):
        if entering in chosen:
            continue
        row = km[entering]
        saved = 0.0
        loss = dict.fromkeys(chosen, 0.0)
        for (first, second, place), here, weight in zip(nearest, row, weights, strict=True):
            if here < first:
                saved += weight * (first - here)
            else:
                loss[place] += weight * (min(here, second) - first)
        leaving = min(loss, key=lambda place: (loss[place], place))
        gain = saved - loss[leaving]
        if gain > 1e-6 and (best is None or gain > best[0]):
            best = (gain, leaving, entering)
    return (best[1], best[2]) if best else None


def _km(one: Point, other: Point) -> float:
    return great_circle_km(*one, *other)
