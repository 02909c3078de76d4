"""Three months of everyday orders: who ordered what, when, and what has become of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from .catalogue import Product
from .people import Customer

DAYS = 91
ORDERS_A_DAY = 2.7
WEEKDAYS = (1.25, 1.1, 1.0, 0.95, 0.9, 0.8, 1.0)
WEB, MARKETPLACE, WHOLESALE = "web", "marketplace", "wholesale"

QUOTATION, SENT, OPEN, PARTLY, SHIPPED, INVOICED, WITHDRAWN, CANCELLED = (
    "quotation",
    "sent",
    "open",
    "partly",
    "shipped",
    "invoiced",
    "withdrawn",
    "cancelled",
)
"""What became of an order. Partly: its first parcel left. Withdrawn: never confirmed."""
CONFIRMED = (OPEN, PARTLY, SHIPPED, INVOICED, CANCELLED)


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the shop.

    :ivar placed_at: UTC, without time zone as Odoo stores it.
    :ivar lines: (product code, units).
    :ivar promised: date told to the customer, or None.
    :ivar service: key of the service asked for, or None.
    :ivar story: key of the story it tells, see ``stories.py``.
    :ivar plots: what happens to each of its parcels (``parcels/plots.py``); empty: one parcel for
        each delivery, and the usual.
    """

    ref: str
    placed_at: datetime
    channel: str
    customer: str
    lines: tuple[tuple[str, int], ...]
    fate: str
    promised: date | None = None
    service: str | None = None
    story: str | None = None
    plots: tuple[str, ...] = ()


def everyday_orders(
    today: date, customers: list[Customer], catalogue: list[Product], chooser: Random
) -> Iterator[Order]:
    """Orders of the last ``DAYS`` days until yesterday, the oldest first."""
    people = [one for one in customers if not one.firm]
    firms = [one for one in customers if one.firm]
    number = 31000
    for age in range(DAYS, 0, -1):
        day = today - timedelta(days=age)
        growth = 1.25 - 0.5 * age / DAYS
        count = round(ORDERS_A_DAY * growth * WEEKDAYS[day.weekday()] * chooser.uniform(0.7, 1.3))
        moments = sorted(_moment(day, chooser) for _ in range(count))
        for placed_at in moments:
            number += chooser.randint(1, 9)
            channel = chooser.choices((WEB, MARKETPLACE, WHOLESALE), (72, 20, 8))[0]
            customer = chooser.choice(firms if channel == WHOLESALE else people)
            yield Order(
                ref=f"{ {WEB: 'WEB', MARKETPLACE: 'MKT', WHOLESALE: 'B2B'}[channel] }-{number}",
                placed_at=placed_at,
                channel=channel,
                customer=customer.key,
                lines=_lines(channel, catalogue, chooser),
                fate=_fate(age, channel, chooser),
                promised=_promise(day, channel, customer, chooser),
            )


def _moment(day: date, chooser: Random) -> datetime:
    return datetime.combine(day, time(6)) + timedelta(minutes=chooser.randint(0, 15 * 60))


def _lines(channel: str, catalogue: list[Product], chooser: Random) -> tuple[tuple[str, int], ...]:
    wholesale = channel == WHOLESALE
    if wholesale:
        count = chooser.randint(2, 4)
    else:
        count = chooser.choices((1, 2, 3, 4, 5), (46, 28, 15, 8, 3))[0]
    codes: list[str] = []
    while len(codes) < count:
        product = chooser.choices(catalogue, [one.popularity for one in catalogue])[0]
        if product.code not in codes:
            codes.append(product.code)
    units = (2, 2, 3, 4) if wholesale else (1, 1, 1, 1, 1, 2)
    return tuple((code, chooser.choice(units)) for code in codes)


def _promise(day: date, channel: str, customer: Customer, chooser: Random) -> date | None:
    if channel == WHOLESALE or chooser.random() < 0.25:
        return None
    home = customer.town.country in ("IT", "DE", "FR", "ES", "PL")
    promised = day + timedelta(days=4 if home else 6)
    return promised + timedelta(days=max(0, promised.weekday() - 4) and 7 - promised.weekday())


def _fate(age: int, channel: str, chooser: Random) -> str:
    if age > 14:
        shares = {INVOICED: 84, SHIPPED: 8, WITHDRAWN: 4, CANCELLED: 4}
    elif age > 6:
        shares = {INVOICED: 48, SHIPPED: 30, WITHDRAWN: 3, CANCELLED: 5, SENT: 14}
    elif age > 2:
        shares = {
            SHIPPED: 45,
            INVOICED: 8,
            OPEN: 14,
            PARTLY: 8,
            SENT: 12,
            QUOTATION: 9,
            CANCELLED: 4,
        }
    else:
        shares = {OPEN: 60, QUOTATION: 26, SENT: 14}
    if channel == WHOLESALE and age < 20:
        shares = shares | {SENT: 40, QUOTATION: 20}
    return chooser.choices(list(shares), list(shares.values()))[0]
