"""What the shop sells, and how much of it every warehouse got."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from random import Random

from .network import WAREHOUSES

PRODUCTS = Path(__file__).resolve().parent.parent / "data" / "products.csv"

EVERYWHERE, WIDELY = 50, 25
"""Popularity from which a product lies in every warehouse, or in three of them."""
SHARES = {"PIA": 0.31, "KAS": 0.25, "ORL": 0.19, "ZAR": 0.13, "LOD": 0.12}
"""How the shop spreads its purchases over the warehouses."""
PLACED = {
    "COK-IRON": {"KAS": 26, "ZAR": 14},
    "LGT-LANT": {"PIA": 46, "ORL": 30, "ZAR": 34},
    "CLB-ROPE": {"PIA": 22, "ORL": 14},
    "CLB-HARN": {"PIA": 26, "KAS": 12},
    "TNT-BASE": {},
    "WTR-RAFT": {"KAS": 3},
    "FRN-BED": {"LOD": 5},
}
"""Where the stories need a product to be, in units over the whole period."""


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


def receipts(catalogue: list[Product], expected_units: int, chooser: Random) -> list[Receipt]:
    """Three deliveries from suppliers, a bit more than will be ordered, unevenly spread.

    Popular goods go everywhere and slow movers to one or two warehouses, as shops do; the shares
    miss the demand by up to a third, which is what makes allocation worth while.
    """
    total = sum(product.popularity for product in catalogue)
    made: list[Receipt] = []
    for product in catalogue:
        units = PLACED.get(product.code)
        if units is None:
            places = _places(product, chooser)
            share = sum(SHARES[place] for place in places)
            expected = 1.15 * expected_units * product.popularity / total + 3
            units = {
                place: max(1, round(expected * SHARES[place] / share * chooser.uniform(0.65, 1.35)))
                for place in places
            }
        for place, quantity in units.items():
            for days_ago, part in _deliveries(quantity):
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
    """(days ago, units): half at the start, the rest after a month and after two."""
    if units < 6:
        return [(100, units)]
    second = units // 4
    return [(100, units - 2 * second), (62, second), (31, second)]
