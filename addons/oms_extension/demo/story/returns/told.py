"""The club's year in one value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from ..catalogue import Product
from ..people import Customer
from .back import Back, came_back
from .club import ClubOrder, club_orders, members


@dataclass(frozen=True, slots=True)
class Club:
    """What the loader brings into Odoo, the oldest first."""

    customers: tuple[Customer, ...]
    orders: tuple[ClubOrder, ...]
    backs: tuple[Back, ...]


def tell_club(today: date, catalogue: list[Product], seed: int) -> Club:
    """The club shop as of ``today``; it has choosers of its own."""
    chooser = Random(f"club {seed}")
    customers = members(chooser)
    orders = list(club_orders(today, customers, catalogue, chooser))
    country_of = {one.key: one.town.country for one in customers}
    backs = list(came_back(today, orders, Random(f"returns {seed}"), country_of))
    return Club(tuple(customers), tuple(orders), tuple(backs))
