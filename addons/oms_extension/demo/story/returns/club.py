"""A year of the club shop: sold by a system of its own, delivered, and brought into Odoo after.

Its orders are the history that rates of returns are learned from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from ..catalogue import SHARES, Product
from ..network import (
    BRT,
    COLISSIMO,
    CORREOS,
    DHL_PAKET,
    ECONOMY,
    EXPRESS,
    INPOST,
    WAREHOUSES,
    price,
)
from ..parcels.outlet import lane_of
from ..people import SHARES as COUNTRY_SHARES
from ..people import Customer, Town, person, towns
from .goods import BAD_LOT, Article, articles

DAYS = 345
ORDERS_A_DAY = 10.4
MEMBERS = 420
REPEATER, OF_REPEATER = "K5007", 270
"""A member who sends back nearly everything, and of how many orders one is his."""
HOME_SERVICES = (DHL_PAKET, BRT, COLISSIMO, CORREOS, INPOST)
NEAREST = {"AT": "KAS", "NL": "KAS", "BE": "KAS", "PT": "ZAR"}
FROM_NEAREST, BY_EXPRESS, BY_HOME_CARRIER = 0.66, 0.07, 0.40
LATE = 0.06
OLD_LOT = 0.32
"""Share of the former lot that is still sold beside the new one."""


@dataclass(frozen=True, slots=True)
class SoldLine:
    """Units of one article, and the lot that they are of."""

    article: Article
    units: int
    lot: str


@dataclass(frozen=True, slots=True)
class ClubOrder:
    """A delivered order; moments are UTC, without time zone as Odoo stores it.

    :ivar cost: what the parcel cost the shop, in euro.
    """

    ref: str
    customer: str
    warehouse: str
    service: str
    placed_at: datetime
    left_at: datetime
    promised_at: datetime
    delivered_at: datetime
    cost: float
    lines: tuple[SoldLine, ...]


def members(chooser: Random) -> list[Customer]:
    """Who shops there."""
    by_country: dict[str, list[Town]] = {}
    for town in towns():
        by_country.setdefault(town.country, []).append(town)
    made = []
    for number in range(1, MEMBERS + 1):
        country = chooser.choices(list(COUNTRY_SHARES), list(COUNTRY_SHARES.values()))[0]
        near = by_country[country]
        town = chooser.choices(near, [one.population**0.5 for one in near])[0]
        made.append(person(f"K{5000 + number}", town, chooser))
    return made


def club_orders(
    today: date, customers: list[Customer], catalogue: list[Product], chooser: Random
) -> Iterator[ClubOrder]:
    """Every order that was delivered before ``today``, the oldest first."""
    goods = articles(catalogue)
    weights = [one.popularity for one in goods]
    repeater = next(one for one in customers if one.key == REPEATER)
    number = 0
    for age in range(DAYS, 1, -1):
        day = today - timedelta(days=age)
        growth = 1.15 - 0.3 * age / DAYS
        for _order in range(round(ORDERS_A_DAY * growth * chooser.uniform(0.75, 1.25))):
            number += 1
            customer = repeater if number % OF_REPEATER == 0 else chooser.choice(customers)
            chosen = chooser.choices(goods, weights, k=chooser.choices((1, 2, 3), (66, 25, 9))[0])
            lines = tuple(
                SoldLine(one, chooser.choices((1, 2), (90, 10))[0], _lot(one, age, chooser))
                for one in dict.fromkeys(chosen)
            )
            made = _order_of(f"CLUB-{20000 + number}", customer, day, lines, chooser)
            if made.delivered_at.date() < today:
                yield made


def _lot(article: Article, age: int, chooser: Random) -> str:
    begun = [name for name, since in article.lots if since >= age]
    if len(begun) > 1 and (begun[-1] == BAD_LOT or chooser.random() < 0.2):
        return begun[-2] if chooser.random() < OLD_LOT else begun[-1]
    return begun[-1] if begun else ""


def _order_of(
    ref: str, customer: Customer, day: date, lines: tuple[SoldLine, ...], chooser: Random
) -> ClubOrder:
    town = customer.town
    home = {one.country: one.code for one in WAREHOUSES} | NEAREST
    warehouse = home.get(town.country, "PIA")
    if chooser.random() > FROM_NEAREST:
        warehouse = chooser.choices(list(SHARES), list(SHARES.values()))[0]
    service, days, cost = _way(warehouse, town, lines, chooser)
    placed_at = datetime.combine(day, time(6)) + timedelta(minutes=chooser.randint(0, 14 * 60))
    left_at = datetime.combine(_working(day, 1), time(15, chooser.randint(0, 59)))
    arrives = _working(left_at.date(), days)
    promised_at = datetime.combine(_working(arrives, 1), time(17))
    if chooser.random() < LATE:
        arrives = _working(promised_at.date(), chooser.choice((1, 1, 2, 4)))
    delivered_at = datetime.combine(arrives, time(8)) + timedelta(minutes=chooser.randint(0, 480))
    return ClubOrder(
        ref, customer.key, warehouse, service, placed_at, left_at, promised_at, delivered_at,
        cost, lines,
    )  # fmt: skip


def _way(
    warehouse: str, town: Town, lines: tuple[SoldLine, ...], chooser: Random
) -> tuple[str, int, float]:
    """Service, working days and price of a parcel."""
    wanted = [ECONOMY]
    dice = chooser.random()
    if dice < BY_EXPRESS:
        wanted = [EXPRESS, ECONOMY]
    elif dice < BY_EXPRESS + BY_HOME_CARRIER:
        wanted = [*HOME_SERVICES, ECONOMY]
    weight = 0.2 + sum(one.article.product.weight * one.units for one in lines)
    for service in wanted:
        lane = lane_of(warehouse, town.country, town.postcode, service)
        if lane:
            return service, lane.transit_days, price(lane, weight)
    return ECONOMY, 4, 9.9


def _working(day: date, days: int) -> date:
    """So many working days later."""
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
