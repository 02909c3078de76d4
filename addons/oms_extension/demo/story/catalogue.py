"""What the shop sells, and how much of it every warehouse got."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from .network import WAREHOUSES

PRODUCTS = Path(__file__).resolve().parent.parent / "data" / "products.csv"

EVERYWHERE, WIDELY = 50, 25
"""Popularity from which a product lies in every warehouse, or in three of them."""
OPENING_DAYS_AGO, RECEIPT_DAYS_AGO = 100, 31
SHARES = {"PIA": 0.31, "KAS": 0.25, "ORL": 0.19, "ZAR": 0.13, "LOD": 0.12}
"""How the shop spreads its purchases over the warehouses."""
PLACED = {
    "COK-IRON": {"KAS": 30, "ZAR": 18},
    "LGT-LANT": {"PIA": 40, "ORL": 34, "ZAR": 30},
    "CLB-ROPE": {"PIA": 24, "ORL": 16},
    "CLB-HARN": {"PIA": 30, "KAS": 14},
    "LGT-STAT": {"PIA": 12, "KAS": 10},
    "TNT-BASE": {},
    "WTR-RAFT": {"KAS": 3},
    "FRN-BED": {"LOD": 6, "PIA": 5},
}
"""Where the stories need a product to be, in units over the whole period."""
EXTRA = {("ZAR", "HYD-FLASK"): 16, ("PIA", "SLP-PAD"): 10, ("ORL", "SLP-PAD"): 10}
"""Further units by warehouse and product, for the stories that need them late."""
SUPPLY, SCARCE_SUPPLY = 1.3, 0.9
SCARCE = ("CLO-SHELL", "FOO-HIKE", "LGT-BANK", "SLP-THREE")
"""Supplied as a share of what is ordered: most goods in abundance, some too short."""


@dataclass(frozen=True, slots=True)
class Product:
    """One article: weight in kg, money in euro, ``popularity`` a weight among all products."""

    code: str
    category: str
    name: str
    icon: str
    colour: str
    weight: float
    price: float
    cost: float
    popularity: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """``units`` of a product that reached a warehouse ``days_ago``."""

    days_ago: int
    warehouse: str
    product: str
    units: int


def products() -> list[Product]:
    """The catalogue of ``data/products.csv``."""
    with PRODUCTS.open(encoding="utf-8", newline="") as stream:
        return [
            Product(
                row["code"],
                row["category"],
                row["name"],
                row["icon"],
                row["colour"],
                float(row["weight"]),
                float(row["price"]),
                float(row["cost"]),
                int(row["popularity"]),
            )
            for row in csv.DictReader(stream)
        ]


def receipts(
    catalogue: list[Product], ordered: Mapping[str, int], chooser: Random
) -> list[Receipt]:
    """Deliveries from suppliers, a bit more than is ordered, unevenly spread.

    Popular goods go everywhere and slow movers to one or two warehouses, as shops do; the shares
    miss the demand by up to a third, which is what makes allocation worth while.

    :param ordered: units of each product in all confirmed orders.
    """
    made: list[Receipt] = []
    for product in catalogue:
        units = PLACED.get(product.code)
        if units is None:
            places = _places(product, chooser)
            share = sum(SHARES[place] for place in places)
            scarce = product.code in SCARCE
            supply = ordered.get(product.code, 0) * (SCARCE_SUPPLY if scarce else SUPPLY)
            spare = 0 if scarce else 2 * len(places)
            units = {
                place: round((supply + spare) * SHARES[place] / share * chooser.uniform(0.7, 1.3))
                for place in places
            }
        for place, quantity in units.items():
            for days_ago, part in _deliveries(quantity + EXTRA.get((place, product.code), 0)):
                made.append(Receipt(days_ago, place, product.code, part))
    return sorted(made, key=lambda one: (-one.days_ago, one.product, one.warehouse))


def _places(product: Product, chooser: Random) -> list[str]:
    codes = [warehouse.code for warehouse in WAREHOUSES]
    if product.popularity >= EVERYWHERE:
        return codes
    count = 3 if product.popularity >= WIDELY else chooser.choice((1, 2, 2))
    chosen: list[str] = []
    while len(chosen) < count:
        left = [code for code in codes if code not in chosen]
        chosen += chooser.choices(left, [SHARES[code] for code in left])
    return [code for code in codes if code in chosen]


def _deliveries(units: int) -> list[tuple[int, int]]:
    """(days ago, units): most at the start, and a third a month ago where that is worth a trip."""
    if units <= 0:
        return []
    later = units // 3 if units >= 9 else 0
    first = [(OPENING_DAYS_AGO, units - later)]
    return [*first, (RECEIPT_DAYS_AGO, later)] if later else first
