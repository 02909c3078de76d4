"""The whole story in one value."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from . import catalogue, orders, parcel_stories, parcels, people, returns, stories

SEED = 1905
CLOSED_WAREHOUSE, CLOSED_DAYS = "ORL", 7
OFF_WAREHOUSE, OFF_DAYS_AGO = "LOD", 2


@dataclass(frozen=True, slots=True)
class Story:
    """Everything the loader writes into Odoo, the orders by time."""

    today: date
    products: tuple[catalogue.Product, ...]
    receipts: tuple[catalogue.Receipt, ...]
    customers: tuple[people.Customer, ...]
    orders: tuple[orders.Order, ...]
    closed_from: date
    strike_from: date
    outlet: tuple[parcels.OutletParcel, ...]
    customs: people.Customer
    club: returns.Club

    @property
    def closed_until(self) -> date:
        """Last day on which ``CLOSED_WAREHOUSE`` was closed."""
        return self.closed_from + timedelta(days=CLOSED_DAYS - 1)

    @property
    def off_since(self) -> date:
        """Day on which ``OFF_WAREHOUSE`` was switched off for online orders."""
        return self.today - timedelta(days=OFF_DAYS_AGO)


def tell(today: date, seed: int = SEED) -> Story:
    """The story as of ``today``: equal arguments, equal story."""
    chooser = Random(seed)
    products = catalogue.products()
    customers = people.customers(chooser)
    everyday = list(orders.everyday_orders(today, customers, products, chooser))
    closed_from = today - timedelta(days=28 + today.weekday())
    towns = people.towns()
    told = list(stories.stories(today, closed_from, towns, chooser))
    known = {customer.key: customer for customer, _order in told}
    of_parcels = Random(f"parcels {seed}")
    shown = list(parcel_stories.parcel_stories(today, towns, known, of_parcels))
    customs = parcel_stories.customs_customer(towns, of_parcels)
    strike_from = parcel_stories.strike_from(today)
    club = returns.tell_club(today, products, seed)
    every_order = sorted(
        [*everyday, *(order for _customer, order in (*told, *shown))],
        key=lambda order: (order.placed_at, order.ref),
    )
    ordered: Counter[str] = Counter()
    for order in every_order:
        if order.fate in orders.CONFIRMED:
            for code, units in order.lines:
                ordered[code] += units
    return Story(
        today=today,
        products=tuple(products),
        receipts=tuple(catalogue.receipts(products, ordered, chooser)),
        customers=(
            *customers,
            *(customer for customer, _order in told),
            *(customer for customer, _order in shown if customer),
            customs,
            *club.customers,
        ),
        orders=tuple(every_order),
        closed_from=closed_from,
        strike_from=strike_from,
        outlet=tuple(parcels.outlet(today, strike_from, of_parcels)),
        customs=customs,
        club=club,
    )
