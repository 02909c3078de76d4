"""Which goods lie where, and how many.

The data know sellers, not warehouses, so the stock is a rule, the same for every way of sourcing:

* a product is the more spread, the more it sells: 16 units or more in the data put it into all
  warehouses, 6 or more into five, 3 or more into three, and a slow mover into one to three;
* which of them is drawn with the seed and the product's id, busy warehouses more often;
* the level that a weekly delivery fills up to is what ``COVER_DAYS`` of the product's mean demand
  are, spread by the warehouses' shares of all orders, and at least one unit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from math import ceil
from random import Random

from .network import SEED, Site
from .reading import Order

COVER_DAYS = 21
SPREAD = ((16, 10), (6, 5), (3, 3))
SLOW = (1, 2, 3)

Levels = dict[str, dict[str, int]]
"""Units by product and warehouse code."""


def stock_levels(
    orders: Iterable[Order], sites: list[Site], cover_days: int = COVER_DAYS, seed: int = SEED
) -> Levels:
    """Units each warehouse is filled up to, for every product that was ever ordered."""
    sold: Counter[str] = Counter()
    first: datetime | None = None
    last: datetime | None = None
    for order in orders:
        first = order.purchased if first is None else min(first, order.purchased)
        last = order.purchased if last is None else max(last, order.purchased)
        for line in order.lines:
            sold[line.product] += line.quantity
    if first is None or last is None:
        return {}
    days = max((last - first).days, 1)
    levels: Levels = {}
    for product, units in sorted(sold.items()):
        places = places_of(product, units, sites, seed)
        whole = sum(site.share for site in places)
        cover = units / days * cover_days
        levels[product] = {site.code: max(1, ceil(cover * site.share / whole)) for site in places}
    return levels


def places_of(product: str, units: int, sites: list[Site], seed: int = SEED) -> list[Site]:
    """The warehouses that keep a product of which ``units`` are sold over the whole time."""
    chooser = Random(f"{seed} {product}")
    count = next((places for least, places in SPREAD if units >= least), 0)
    count = min(count or chooser.choice(SLOW), len(sites))
    left = list(sites)
    while len(left) > count:
        # Drawing who does not keep it: the quiet warehouses leave first, most of the time.
        left.remove(chooser.choices(left, [1 / (site.share + 0.01) for site in left])[0])
    return left
