"""The files as they are, joined by order.

All files are read row by row. Only what has to be joined stays in memory: some 200 MB for the full
set of 100,000 orders. The geolocation file has many points per postcode prefix; their median
counts, because a few of them lie in other countries.
"""

from __future__ import annotations

import csv
from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from statistics import median

Point = tuple[float, float]
"""Latitude and longitude in degrees."""

ORDERS = "olist_orders_dataset.csv"
BRAZIL = (-34.0, 5.5, -74.0, -34.0)
"""South, north, west, east: points outside are mistakes of the source."""


@dataclass(frozen=True, slots=True)
class Customer:
    """Who ordered. ``id`` is the person, the same in all of their orders."""

    id: str
    prefix: str
    city: str
    state: str


@dataclass(frozen=True, slots=True)
class Product:
    """An article; weight in kg. ``category`` is in English where a translation is known."""

    id: str
    category: str
    weight: float


@dataclass(frozen=True, slots=True)
class Line:
    """``quantity`` units of one product at one price; ``freight`` is what all of them cost."""

    product: str
    quantity: int
    price: float
    freight: float
    seller: str


@dataclass(frozen=True, slots=True)
class Payment:
    """One of the payments of an order."""

    kind: str
    installments: int
    value: float


@dataclass(frozen=True, slots=True)
class Order:
    """An order; times are local to Brazil, without offset, None where unknown."""

    id: str
    customer: Customer
    status: str
    purchased: datetime
    approved: datetime | None
    shipped: datetime | None
    delivered: datetime | None
    estimated: datetime | None
    lines: tuple[Line, ...]
    payments: tuple[Payment, ...]

    @property
    def units(self) -> int:
        """Number of pieces."""
        return sum(line.quantity for line in self.lines)


class Olist:
    """A folder with Olist's CSV files. Raises ``FileNotFoundError`` naming the one that is missing.

    Everything is read when it is first asked for, and once.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not (folder / ORDERS).is_file():
            raise FileNotFoundError(f"{folder} does not hold Olist's files: {ORDERS} is missing")

    def _rows(self, name: str) -> Iterator[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8-sig", newline="") as stream:
            yield from csv.DictReader(stream)

    @cached_property
    def places(self) -> dict[str, Point]:
        """Point of each postcode prefix: the median of its points."""
        latitudes: dict[str, array[float]] = defaultdict(lambda: array("d"))
        longitudes: dict[str, array[float]] = defaultdict(lambda: array("d"))
        south, north, west, east = BRAZIL
        for row in self._rows("olist_geolocation_dataset.csv"):
            try:
                latitude, longitude = float(row["geolocation_lat"]), float(row["geolocation_lng"])
            except (TypeError, ValueError):
                continue
            if south <= latitude <= north and west <= longitude <= east:
                prefix = row["geolocation_zip_code_prefix"].zfill(5)
                latitudes[prefix].append(latitude)
                longitudes[prefix].append(longitude)
        return {
            prefix: (median(found), median(longitudes[prefix]))
            for prefix, found in latitudes.items()
        }

    @cached_property
    def _regions(self) -> dict[str, Point]:
        """Point of the first digits of prefixes, for those without points of their own."""
        groups: dict[str, list[Point]] = defaultdict(list)
        for prefix, point in self.places.items():
            for length in (3, 2, 1):
                groups[prefix[:length]].append(point)
        return {
            prefix: (median(one[0] for one in points), median(one[1] for one in points))
            for prefix, points in groups.items()
        }

    def locate(self, prefix: str) -> Point | None:
        """Where a postcode prefix is, as exactly as the data tell."""
        if prefix in self.places:
            return self.places[prefix]
        return next(
            (self._regions[prefix[:n]] for n in (3, 2, 1) if prefix[:n] in self._regions), None
        )

    @cached_property
    def customers(self) -> dict[str, Customer]:
        """Customers by the id that orders use, which is another one for every order."""
        return {
            row["customer_id"]: Customer(
                row["customer_unique_id"],
                row["customer_zip_code_prefix"].zfill(5),
                row["customer_city"].title(),
                row["customer_state"],
            )
            for row in self._rows("olist_customers_dataset.csv")
        }

    @cached_property
    def sellers(self) -> dict[str, str]:
        """Postcode prefix of each seller."""
        return {
            row["seller_id"]: row["seller_zip_code_prefix"].zfill(5)
            for row in self._rows("olist_sellers_dataset.csv")
        }

    @cached_property
    def products(self) -> dict[str, Product]:
        """Products by id. Where no weight is known, that of the middle of its category counts."""
        names = {
            row["product_category_name"]: row["product_category_name_english"]
            for row in self._rows("product_category_name_translation.csv")
        }
        raw: list[tuple[str, str, float]] = []
        known: dict[str, list[float]] = defaultdict(list)
        for row in self._rows("olist_products_dataset.csv"):
            category = row["product_category_name"]
            category = names.get(category, category or "other").replace("_", " ").capitalize()
            weight = float(row["product_weight_g"] or 0) / 1000
            raw.append((row["product_id"], category, weight))
            if weight:
                known[category].append(weight)
        usual = {category: median(weights) for category, weights in known.items()}
        return {
            product: Product(product, category, weight or usual.get(category, 1.0))
            for product, category, weight in raw
        }

    @cached_property
    def lines(self) -> dict[str, tuple[Line, ...]]:
        """Lines by order. The source has one row per piece; equal ones become one line."""
        pieces: dict[str, dict[tuple[str, str, float], list[float]]] = defaultdict(dict)
        for row in self._rows("olist_order_items_dataset.csv"):
            key = (row["product_id"], row["seller_id"], float(row["price"]))
            pieces[row["order_id"]].setdefault(key, []).append(float(row["freight_value"]))
        return {
            order: tuple(
                Line(product, len(freights), price, round(sum(freights), 2), seller)
                for (product, seller, price), freights in lines.items()
            )
            for order, lines in pieces.items()
        }

    @cached_property
    def payments(self) -> dict[str, tuple[Payment, ...]]:
        """Payments by order, in their sequence."""
        found: dict[str, list[tuple[int, Payment]]] = defaultdict(list)
        for row in self._rows("olist_order_payments_dataset.csv"):
            payment = Payment(
                row["payment_type"],
                int(row["payment_installments"]),
                float(row["payment_value"]),
            )
            found[row["order_id"]].append((int(row["payment_sequential"]), payment))
        return {
            order: tuple(payment for _number, payment in sorted(rows, key=lambda row: row[0]))
            for order, rows in found.items()
        }

    @cached_property
    def orders(self) -> list[Order]:
        """Every order, also those for which the source has no lines, by time of purchase."""
        found = [
            Order(
                id=row["order_id"],
                customer=self.customers[row["customer_id"]],
                status=row["order_status"],
                purchased=datetime.fromisoformat(row["order_purchase_timestamp"]),
                approved=_moment(row["order_approved_at"]),
                shipped=_moment(row["order_delivered_carrier_date"]),
                delivered=_moment(row["order_delivered_customer_date"]),
                estimated=_moment(row["order_estimated_delivery_date"]),
                lines=self.lines.get(row["order_id"], ()),
                payments=self.payments.get(row["order_id"], ()),
            )
            for row in self._rows(ORDERS)
        ]
        return sorted(found, key=lambda order: (order.purchased, order.id))


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
