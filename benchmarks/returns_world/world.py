"""A shop whose returns and their causes are known.

Products differ within their category, lots and sizes come and go, returns take their time, nearly
a third of the customers tick a wrong reason, and the season moves all rates a little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from engine.returns.analysis.columns import Returns, Units

REASONS = (
    "changed mind", "too small", "too large", "not as described", "defective",
    "damaged on the way", "wrong item", "too late",
)  # fmt: skip
CHANGED, SMALL, LARGE, DESCRIPTION, DEFECT, DAMAGE, WRONG, LATE = range(8)
KINDS = ("lot", "carrier", "size", "description", "late")
SIZES = 5
CARRIERS, WAREHOUSES, REGIONS = 3, 4, 8
WRONG_TICK = 0.3
USUAL_LATE, LATE_ADDS = 0.05, 0.10
LONGEST = 45


@dataclass(frozen=True, slots=True)
class Shop:
    """How large: units a day, products, days."""

    a_day: int = 200
    products: int = 300
    categories: int = 12
    days: int = 365
    suppliers: int = 40


@dataclass(frozen=True, slots=True)
class Cause:
    """What was planted.

    :ivar dimensions: and ``values``: the group that holds it; ``reason``: what customers say.
    :ivar first: the first delivery that it touches; ``units``: all that it touches.
    """

    kind: str
    dimensions: tuple[str, ...]
    values: tuple[int, ...]
    reason: int
    late: bool
    first: int
    units: int


@dataclass(frozen=True, slots=True)
class World:
    """What the detector sees, and what it should find.

    :ivar chance: true chance of every unit to come back.
    """

    shop: Shop
    units: Units
    returns: Returns
    cause: Cause | None
    chance: np.ndarray


def make(seed: int, kind: str | None = None, shop: Shop = Shop()) -> World:
    """A world of one unit per line; days count from 0. ``kind`` is one of :data:`KINDS`."""
    draw = np.random.default_rng([seed, KINDS.index(kind) + 1 if kind else 0])
    n = draw.poisson(shop.a_day * shop.days)
    day = np.sort(draw.integers(0, shop.days, n))
    popular = draw.lognormal(0.0, 0.8, shop.products)
    product = draw.choice(shop.products, n, p=popular / popular.sum())
    home = draw.integers(0, shop.categories, shop.products)
    category = home[product]
    maker = draw.integers(0, shop.suppliers, shop.products)
    size = draw.choice(SIZES, n, p=(0.1, 0.25, 0.3, 0.25, 0.1))
    lot = _lots(draw, shop, product, day)
    region = draw.choice(REGIONS, n, p=draw.dirichlet(np.full(REGIONS, 20.0)))
    near = draw.dirichlet(np.full(WAREHOUSES, 1.5), REGIONS)
    warehouse = _choose(draw, near[region])
    serves = draw.dirichlet(np.full(CARRIERS, 4.0), WAREHOUSES)
    carrier = _choose(draw, serves[warehouse])
    late_share = np.full(n, USUAL_LATE)

    # Rates: categories from 2 % to 30 %, products around them.
    middle = np.clip(draw.lognormal(np.log(0.055), 0.6, shop.categories), 0.02, 0.30)
    rates = draw.beta(40 * middle[home], 40 * (1 - middle[home]))
    season = 1 + 0.08 * np.sin(2 * np.pi * (day / 365 + draw.uniform()))
    chance = rates[product] * season
    words = draw.dirichlet(np.array([6, 4, 4, 3, 2, 1, 1, 0.3]), shop.categories)

    added = np.zeros(n)
    cause = None
    if kind:
        start = int(draw.integers(shop.days // 2 + 10, shop.days * 3 // 4))
        sellers = np.argsort(-popular)[: shop.products // 3]
        columns = {
            "product": product, "variant": product * SIZES + size, "lot": lot, "carrier": carrier,
            "warehouse": warehouse, "region": region,
        }  # fmt: skip
        named, values, reason, points, start = _plant(draw, kind, start, sellers, columns, day)
        touched = day >= start
        for name, value in zip(named, values, strict=True):
            touched &= columns[name] == value
        added[touched] = points
        if kind == "late":
            late_share[touched] = 0.5
        first = int(day[touched].min()) if touched.any() else shop.days
        cause = Cause(kind, named, values, reason, kind == "late", first, int(touched.sum()))
    late = draw.uniform(size=n) < late_share
    by_late = np.where(late, LATE_ADDS, 0.0)
    whole = np.clip(chance + added + by_late, 0, 0.95)
    back = np.flatnonzero(draw.uniform(size=n) < whole)

    took = np.minimum(np.ceil(draw.lognormal(np.log(8), 0.6, back.size)), LONGEST).astype(np.int64)
    said = _choose(draw, words[category[back]])
    why = draw.uniform(size=back.size) * whole[back]
    special = cause.reason if cause else CHANGED
    said = np.where(why < added[back], special, said)
    said = np.where((why >= added[back]) & (why < added[back] + by_late[back]), LATE, said)
    wrong = draw.uniform(size=back.size) < WRONG_TICK
    said = np.where(wrong, draw.integers(0, len(REASONS), back.size), said)
    codes = {
        "product": product, "variant": product * SIZES + size, "lot": lot,
        "supplier": maker[product], "category": category, "carrier": carrier,
        "warehouse": warehouse, "region": region,
    }  # fmt: skip
    units = Units(
        day.astype(np.int64), np.ones(n, dtype=np.int64),
        {name: column.astype(np.int64) for name, column in codes.items()}, late,
    )  # fmt: skip
    returns = Returns(
        back.astype(np.int64), day[back] + took, said.astype(np.int64),
        np.ones(back.size, dtype=np.int64), draw.uniform(8, 22, back.size).round(2),
    )  # fmt: skip
    return World(shop, units, returns, cause, whole)


def _plant(draw, kind, start, sellers, columns, day):
    """Where, said how, how many points, and from which day."""
    if kind == "lot":
        # The lot of a product that comes after the start.
        product = int(draw.choice(sellers))
        mine = (columns["product"] == product) & (day >= start)
        lots, first = np.unique(columns["lot"][mine], return_index=True)
        begin = day[mine][first]
        lot = int(lots[-1] if lots.size < 2 else lots[np.argsort(begin)[1]])
        return ("lot",), (lot,), DEFECT, 0.25, 0
    if kind == "size":
        variant = int(draw.choice(sellers)) * SIZES + int(draw.integers(1, 4))
        return ("variant",), (variant,), int(draw.choice((SMALL, LARGE))), 0.30, start
    if kind == "description":
        return ("product",), (int(draw.choice(sellers)),), DESCRIPTION, 0.15, start
    carrier = int(draw.integers(0, CARRIERS))
    if kind == "carrier":
        place = _often(columns["carrier"] == carrier, columns["warehouse"], WAREHOUSES)
        return ("carrier", "warehouse"), (carrier, place), DAMAGE, 0.06, start
    place = _often(columns["carrier"] == carrier, columns["region"], REGIONS)
    return ("carrier", "region"), (carrier, place), LATE, 0.0, start


def _often(rows, column, size):
    """A value that is neither rare nor nearly everything."""
    counted = np.bincount(column[rows], minlength=size)
    return int(np.argsort(-counted)[1])


def _lots(draw, shop, product, day):
    """Each product's lots follow each other every 40 to 90 days."""
    length = draw.integers(40, 90, shop.products)
    offset = draw.integers(0, 90, shop.products)
    most = (shop.days + 90) // 40 + 2
    return product * most + (day + offset[product]) // length[product]


def _choose(draw, chances):
    """One column per row, by the row's chances."""
    edges = np.cumsum(chances, axis=1)
    return (draw.uniform(size=(edges.shape[0], 1)) > edges[:, :-1]).sum(axis=1)
